using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Members;

public sealed class MemberViewTests
{
    private static readonly IngressClassResource OurClass = Class("ours", ClassOptions.DefaultControllerName);
    private readonly MemberView _view = new(Make.Aws, new ClassOptions());

    private static IngressClassResource Class(string name, string controller, bool isDefault = false) => new(new ObjectMeta(new ObjectKey("", name))
    {
        Annotations = isDefault ? EquatableMap.From([new(IngressClassResource.DefaultClassAnnotation, "true")]) : EquatableMap.Empty,
    })
    {
        Controller = controller,
    };

    private static IngressResource Ingress(string name, string? className = "ours", string service = "shop", string? secret = null) =>
        Make.Ingress(Make.Rule("shop.example", Make.Path("/", service))).Named(name) with
        {
            ClassName = className,
            Tls = secret is null ? [] : [new IngressTls([], secret)],
        };

    private static IngressResource Annotated(IngressResource ingress, string className) => ingress with
    {
        Meta = ingress.Meta with { Annotations = EquatableMap.From([new(ClassOptions.LegacyAnnotation, className)]) },
    };

    private string[] Put(Resource resource) => Text(_view.Apply(new MemberEvent.Upserted(resource)));

    private string[] Delete(ResourceKind kind, string name) => Text(_view.Apply(new MemberEvent.Deleted(kind, Make.Key(name))));

    private string[] List(ResourceKind kind, params Resource[] items) => Text(_view.Apply(new MemberEvent.Listed(kind, [.. items])));

    private static string[] Text(IReadOnlyList<CopyChange> changes) => [.. changes.Select(static change => change switch
    {
        CopyChange.IngressChanged { Copy: { } copy } => $"ingress {change.Key.Name} {copy.Class} {copy.Services.Count} {copy.Secrets.Count}",
        CopyChange.ServiceChanged { Copy: { } copy } => $"service {change.Key.Name} {(copy.Service is null ? "-" : "+")} {copy.Slices.Count}",
        CopyChange.IngressChanged => $"ingress {change.Key.Name} gone",
        _ => $"service {change.Key.Name} gone",
    })];

    [Fact]
    public void An_ingress_comes_with_what_it_names()
    {
        Put(OurClass);
        Put(Make.Service("shop"));
        Put(Certificates.Stored("tls", ("c", "k")));

        Assert.Equal(["ingress one Ours 1 1"], Put(Ingress("one", secret: "tls")));
        Assert.Equal(["ingress two Ours 0 0"], Put(Ingress("two", service: "none", secret: "none")));
        Assert.Equal(["ingress one gone"], Delete(ResourceKind.Ingress, "one"));
        Assert.Empty(Delete(ResourceKind.Ingress, "one"));
    }

    [Fact]
    public void A_slice_changes_its_service_only_and_slices_are_ordered_by_name()
    {
        Put(OurClass);
        Put(Make.Service("shop"));
        Put(Ingress("one"));

        Assert.Equal(["service shop + 1"], Put(Make.Slice("b", "shop", Make.Ready("10.0.0.1"))));
        Assert.Equal(["service shop + 2"], Put(Make.Slice("a", "shop", Make.Ready("10.0.0.2"))));
        Assert.Equal(["service shop + 2"], Put(Make.Slice("b", "shop", Make.Ready("10.0.0.3"))));
        Assert.Empty(Put(Make.Slice("b", "shop", Make.Ready("10.0.0.3"))));
        var copy = Assert.Single(_view.Snapshot().OfType<CopyChange.ServiceChanged>()).Copy!;
        Assert.Equal(["a", "b"], copy.Slices.Select(static slice => slice.Key.Name));
        Assert.Equal(["service other - 1", "service shop + 1"], Put(Make.Slice("b", "other", Make.Ready("10.0.0.3"))));
        Assert.Equal(["service other gone"], Delete(ResourceKind.EndpointSlice, "b"));
        Assert.Empty(Put(Make.Slice("lost", "")));
        Assert.Empty(Put(new EndpointSliceResource(Make.Meta(Make.Key("unlabelled")))));
    }

    [Fact]
    public void A_service_changes_the_ingresses_naming_it_only_when_they_could_see_it()
    {
        Put(OurClass);
        Put(Ingress("one"));
        Put(Ingress("two", service: "other"));

        Assert.Equal(["service shop + 0", "ingress one Ours 1 0"], Put(Make.Service("shop")));
        Assert.Equal(["service shop + 0"], Put(Make.Service("shop") with { Meta = Make.Meta(Make.Shop, day: 9) }));
        Assert.Equal(["service shop + 0", "ingress one Ours 1 0"], Put(Make.Service("shop", Make.Port(81))));
        Assert.Equal(["service shop gone", "ingress one Ours 0 0"], Delete(ResourceKind.Service, "shop"));
    }

    [Fact]
    public void An_annotation_of_a_controller_on_a_service_changes_the_ingresses_naming_it_and_no_other_does()
    {
        Put(OurClass);
        Put(Ingress("one"));
        Put(Make.Service("shop"));

        var annotated = Make.Service("shop");
        annotated = annotated with { Meta = annotated.Meta with { Annotations = EquatableMap.From([new("haproxy.org/check", "true"), new("note", "1")]) } };
        Assert.Equal(["service shop + 0", "ingress one Ours 1 0"], Put(annotated));
        var copy = Assert.Single(_view.Snapshot().OfType<CopyChange.IngressChanged>()).Copy!;
        Assert.Equal(EquatableMap.From([new("haproxy.org/check", "true")]), Assert.Single(copy.Services).Meta.Annotations);
        Assert.Equal(["service shop + 0"], Put(annotated with { Meta = annotated.Meta with { Annotations = EquatableMap.From([new("haproxy.org/check", "true"), new("note", "2")]) } }));
    }

    [Fact]
    public void A_service_that_goes_before_its_slices_leaves_a_copy_without_service()
    {
        Put(Make.Service("shop"));
        Put(Make.Slice("a", "shop", Make.Ready("10.0.0.1")));

        Assert.Equal(["service shop - 1"], Delete(ResourceKind.Service, "shop"));
    }

    [Fact]
    public void A_secret_changes_the_ingresses_naming_it()
    {
        Put(OurClass);
        Put(Ingress("one", secret: "tls"));
        Put(Ingress("two"));

        Assert.Equal(["ingress one Ours 0 1"], Put(Certificates.Stored("tls", ("c", "k"))));
        Assert.Empty(Put(Certificates.Stored("tls", ("c", "k"))));
        Assert.Equal(["ingress one Ours 0 1"], Put(Certificates.Stored("tls", ("c", "other"))));
        Assert.Empty(Put(Certificates.Stored("unused", ("c", "k"))));
        Assert.Equal(["ingress one Ours 0 0"], Delete(ResourceKind.Secret, "tls"));
    }

    [Fact]
    public void Moving_to_another_service_forgets_the_old_one()
    {
        Put(OurClass);
        Put(Ingress("one"));
        Put(Ingress("one", service: "other"));

        Assert.Equal(["service shop + 0"], Put(Make.Service("shop")));
        Assert.Equal(["service other + 0", "ingress one Ours 1 0"], Put(Make.Service("other")));
    }

    [Fact]
    public void A_class_that_comes_changes_hands_or_goes_takes_its_ingresses_along()
    {
        Put(Make.Service("shop"));
        Assert.Equal(["ingress one Missing 0 0"], Put(Ingress("one")));
        Put(Ingress("two", "nginx"));

        Assert.Equal(["ingress one Ours 1 0"], Put(OurClass));
        Assert.Empty(Put(Class("ours", ClassOptions.DefaultControllerName) with { Meta = OurClass.Meta with { Generation = 2 } }));
        Assert.Equal(["ingress one Foreign 0 0"], Put(Class("ours", "k8s.io/ingress-nginx")));
        Assert.Equal(["ingress two Ours 1 0"], Put(Class("nginx", ClassOptions.DefaultControllerName)));
        Assert.Equal(
            ["ingress two Missing 0 0"], Text(_view.Apply(new MemberEvent.Deleted(ResourceKind.IngressClass, new ObjectKey("", "nginx")))));
    }

    [Fact]
    public void A_default_class_of_ours_adopts_ingresses_without_class()
    {
        Assert.Equal(["ingress one Foreign 0 0"], Put(Ingress("one", null)));
        Assert.Empty(Put(Class("theirs", "k8s.io/ingress-nginx", isDefault: true)));
        Assert.Equal(["ingress one Ours 0 0"], Put(Class("ours", ClassOptions.DefaultControllerName, isDefault: true)));
        Assert.Empty(Put(Class("more", ClassOptions.DefaultControllerName, isDefault: true)));
        Assert.Empty(Put(Class("more", ClassOptions.DefaultControllerName)));
        Assert.Equal(["ingress one Foreign 0 0"], Put(Class("ours", ClassOptions.DefaultControllerName)));
    }

    [Theory]
    [InlineData("ours", null, ClassVerdict.Ours)]
    [InlineData("theirs", null, ClassVerdict.Foreign)]
    [InlineData("none", null, ClassVerdict.Missing)]
    [InlineData(null, "ours", ClassVerdict.Ours)]
    [InlineData("", "ours", ClassVerdict.Ours)]
    [InlineData(null, "theirs", ClassVerdict.Foreign)]
    [InlineData(null, "none", ClassVerdict.Missing)]
    [InlineData("ours", "ours", ClassVerdict.Ours)]
    [InlineData("ours", "theirs", ClassVerdict.Contradictory)]
    [InlineData("ours", "", ClassVerdict.Ours)]
    [InlineData(null, null, ClassVerdict.Foreign)]
    [InlineData("", null, ClassVerdict.Foreign)]
    public void The_class_is_named_by_field_or_annotation(string? field, string? annotation, ClassVerdict expected)
    {
        Put(OurClass);
        Put(Class("theirs", "k8s.io/ingress-nginx"));
        var ingress = Ingress("one", field);

        var change = Assert.Single(_view.Apply(new MemberEvent.Upserted(annotation is null ? ingress : Annotated(ingress, annotation))));

        Assert.Equal(expected, Assert.IsType<CopyChange.IngressChanged>(change).Copy!.Class);
    }

    [Theory]
    [InlineData("", "ours", "", ClassVerdict.Ours)]
    [InlineData("", "theirs", "", ClassVerdict.Foreign)]
    [InlineData("", "ours", "ours", ClassVerdict.Ours)]
    [InlineData("ours", "ours", "", ClassVerdict.Ours)]
    [InlineData("", "ours", "theirs", ClassVerdict.Contradictory)]
    [InlineData("", "theirs", "ours", ClassVerdict.Contradictory)]
    [InlineData("ours", "theirs", "", ClassVerdict.Contradictory)]
    public void The_official_controller_s_annotation_counts_as_the_other_does(string field, string official, string legacy, ClassVerdict expected)
    {
        Put(OurClass);
        Put(Class("theirs", "k8s.io/ingress-nginx"));
        foreach (var key in ClassOptions.Annotations.Where(static key => key != ClassOptions.LegacyAnnotation))
        {
            var ingress = Ingress(key.Split('/')[0], field);
            ingress = ingress with { Meta = ingress.Meta with { Annotations = EquatableMap.From([new(key, official), new(ClassOptions.LegacyAnnotation, legacy)]) } };

            var change = Assert.Single(_view.Apply(new MemberEvent.Upserted(ingress)));

            Assert.Equal(expected, Assert.IsType<CopyChange.IngressChanged>(change).Copy!.Class);
        }
    }

    [Fact]
    public void Watching_without_class_takes_those_without_class_only()
    {
        var view = new MemberView(Make.Aws, new ClassOptions(WatchWithoutClass: true));

        Assert.Equal(["ingress one Ours 0 0"], Text(view.Apply(new MemberEvent.Upserted(Ingress("one", null)))));
        Assert.Equal(["ingress two Missing 0 0"], Text(view.Apply(new MemberEvent.Upserted(Ingress("two", "nginx")))));
    }

    [Fact]
    public void A_list_gives_only_the_differences_each_object_once()
    {
        Put(OurClass);
        List(ResourceKind.Ingress, Ingress("one"), Ingress("two"), Ingress("both", service: "other"));

        Assert.Equal(
            ["service other + 0", "service shop + 0", "ingress both Ours 1 0", "ingress one Ours 1 0", "ingress two Ours 1 0"],
            List(ResourceKind.Service, Make.Service("shop"), Make.Service("other")));
        Assert.Empty(List(ResourceKind.Service, Make.Service("other"), Make.Service("shop")));
        Assert.Empty(List(ResourceKind.Ingress, Ingress("both", service: "other"), Ingress("two"), Ingress("one")));
        Assert.Equal(["ingress one gone", "ingress three Ours 1 0"], List(ResourceKind.Ingress, Ingress("both", service: "other"), Ingress("two"), Ingress("three")));
        Assert.Equal(
            ["ingress both Missing 0 0", "ingress three Missing 0 0", "ingress two Missing 0 0"], List(ResourceKind.IngressClass));
        Assert.Empty(List(ResourceKind.Secret, Make.Service("of another kind")));
    }

    [Fact]
    public void It_is_complete_when_every_kind_was_listed()
    {
        ResourceKind[] kinds = [ResourceKind.Ingress, ResourceKind.IngressClass, ResourceKind.Service, ResourceKind.EndpointSlice, ResourceKind.Secret];
        foreach (var kind in kinds)
        {
            Assert.False(_view.IsComplete);
            List(kind);
        }

        Assert.True(_view.IsComplete);
        _view.Apply(new MemberEvent.Disconnected(ResourceKind.Secret, "403"));
        Assert.True(_view.IsComplete);
    }

    [Fact]
    public void A_failing_kind_is_stale_and_loses_nothing()
    {
        Put(OurClass);
        Put(Ingress("one"));

        Assert.Empty(_view.Apply(new MemberEvent.Disconnected(ResourceKind.Secret, "403 Forbidden")));
        Assert.Empty(_view.Apply(new MemberEvent.Disconnected(ResourceKind.Ingress, "timeout")));
        Assert.Equal([new StaleKind(ResourceKind.Ingress, "timeout"), new StaleKind(ResourceKind.Secret, "403 Forbidden")], _view.Staleness);
        Assert.Single(_view.Snapshot());
        _view.Apply(new MemberEvent.Connected(ResourceKind.Ingress));
        Assert.Equal(ResourceKind.Secret, Assert.Single(_view.Staleness).Kind);
    }

    /// <summary>Bytes allocated stand for work done: those of one event are the same in a small member and in a large one.</summary>
    [Fact]
    public void An_event_costs_the_same_in_a_large_member()
    {
        var small = AllocatedByOneEvent(objects: 10);
        var large = AllocatedByOneEvent(objects: 20_000);

        Assert.InRange(large, 0, (small * 2) + 4096);
    }

    private static long AllocatedByOneEvent(int objects)
    {
        var view = new MemberView(Make.Aws, new ClassOptions());
        view.Apply(new MemberEvent.Upserted(OurClass));
        view.Apply(new MemberEvent.Listed(ResourceKind.Ingress, [.. Enumerable.Range(0, objects).Select(static i => Ingress($"i{i}", service: $"s{i}"))]));
        view.Apply(new MemberEvent.Listed(ResourceKind.Service, [.. Enumerable.Range(0, objects).Select(static i => Make.Service($"s{i}"))]));
        view.Apply(new MemberEvent.Upserted(Make.Slice("slice", "s1", Make.Ready("10.0.0.1"))));
        var next = new MemberEvent.Upserted(Make.Slice("slice", "s1", Make.Ready("10.0.0.2")));
        var service = new MemberEvent.Upserted(Make.Service("s1", Make.Port(81)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        view.Apply(next);
        view.Apply(service);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
