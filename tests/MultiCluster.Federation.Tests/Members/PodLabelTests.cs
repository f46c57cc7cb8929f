using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Members;

/// <summary>Labels of pods reach the endpoints of Services, those alone that the configuration names.</summary>
public sealed class PodLabelTests
{
    private readonly MemberView _view = new(Make.Aws, new ClassOptions(WatchWithoutClass: true), new MemberViewOptions { PodLabels = ["group"] });

    [Fact]
    public void Pods_are_read_only_where_labels_are_named()
    {
        var view = new MemberView(Make.Aws, new ClassOptions());
        Assert.DoesNotContain(ResourceKind.Pod, view.Kinds);
        Assert.Empty(view.Apply(new MemberEvent.Upserted(Pod("p1", "blue"))));
        Assert.Contains(ResourceKind.Pod, _view.Kinds);
    }

    [Fact]
    public void A_pod_changes_its_Services_and_only_by_a_label_that_is_read()
    {
        List();
        Put(Make.Service("other"));
        Put(Make.Slice("other-1", "other", Make.Ready("10.0.0.9", "p9")));
        Put(Make.Service("shop"));
        // The pod is there before its endpoint, so that the endpoint comes with it: one change.
        Assert.Empty(Put(Pod("p1", "blue")));
        Assert.Equal(["blue"], Groups(Put(Make.Slice("shop-1", "shop", Make.Ready("10.0.0.1", "p1")))));
        Assert.Empty(Put(Pod("p1", "blue", version: "2", more: ("other", "label"))));
        Assert.Equal(["green"], Groups(Put(Pod("p1", "green"))));
        Assert.Equal([""], Groups(Put(Pod("p1", null))));
        Assert.Empty(Put(Pod("p2", "blue")));
        Assert.Equal(["", "blue", ""], Groups(Put(Make.Slice("shop-1", "shop", Make.Ready("10.0.0.1", "p1"), Make.Ready("10.0.0.2", "p2"), Make.Ready("10.0.0.3")))));
        Assert.Empty(_view.Apply(new MemberEvent.Deleted(ResourceKind.Pod, Make.Key("p2"))));
        _view.Apply(new MemberEvent.Deleted(ResourceKind.EndpointSlice, Make.Key("shop-1")));
        Assert.Empty(Put(Pod("p1", "blue")));
    }

    [Fact]
    public void A_pod_of_both_families_is_of_two_slices()
    {
        List();
        Put(Make.Slice("shop-1", "shop", Make.Ready("10.0.0.1", "p1")));
        Put(Make.Slice("shop-2", "shop", Make.Ready("2001:db8::1", "p1")));
        Assert.Equal(["blue", "blue"], Groups(Put(Pod("p1", "blue"))));
        _view.Apply(new MemberEvent.Deleted(ResourceKind.EndpointSlice, Make.Key("shop-1")));
        Assert.Equal(["green"], Groups(Put(Pod("p1", "green"))));
    }

    [Fact]
    public void Without_the_right_no_pod_has_a_label_and_Ingresses_are_told()
    {
        foreach (var kind in _view.Kinds.Where(static kind => kind != ResourceKind.Pod))
            _view.Apply(new MemberEvent.Listed(kind, []));
        Assert.False(_view.IsComplete);
        Put(Make.Slice("shop-1", "shop", Make.Ready("10.0.0.1", "p1")));
        Assert.Equal(["group"], IngressOf(Put(Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop"))))).PodLabels);

        // Whatever keeps them from being listed, all else is served.
        Assert.Empty(IngressOf(_view.Apply(new MemberEvent.Disconnected(ResourceKind.Pod, "406"))).PodLabels);
        Assert.Empty(_view.Apply(new MemberEvent.Refused(ResourceKind.Pod)));
        Assert.True(_view.IsComplete);
        Assert.False(_view.IsStale);

        var granted = _view.Apply(new MemberEvent.Listed(ResourceKind.Pod, [Pod("p1", "blue")]));
        Assert.Equal(["blue"], Groups(granted));
        Assert.Equal(["group"], granted.OfType<CopyChange.IngressChanged>().Single().Copy!.PodLabels);

        // Those that come later would be in no group, and get nothing.
        Assert.Equal([""], Groups(_view.Apply(new MemberEvent.Refused(ResourceKind.Pod))));
        Assert.Empty(_view.Apply(new MemberEvent.Refused(ResourceKind.Pod)));
        Assert.Equal(["blue"], Groups(_view.Apply(new MemberEvent.Connected(ResourceKind.Pod))));
    }

    /// <summary>Pods come and go by themselves: nobody is to approve that, and no endpoint loses its group by it.</summary>
    [Fact]
    public void No_list_of_pods_is_held_and_endpoints_keep_their_groups()
    {
        var view = new MemberView(Make.Aws, new ClassOptions(), new MemberViewOptions { PodLabels = ["group"], HoldsShrinks = true });
        foreach (var kind in view.Kinds)
            view.Apply(new MemberEvent.Listed(kind, kind == ResourceKind.Pod ? [.. Enumerable.Range(0, 20).Select(static i => Pod($"p{i}", "blue"))] : []));
        view.Apply(new MemberEvent.Upserted(Make.Slice("shop-1", "shop", Make.Ready("10.0.0.1", "p1"), Make.Ready("10.0.0.2", "p2"))));
        Assert.Empty(view.Apply(new MemberEvent.Listed(ResourceKind.Pod, [Pod("p9", "blue")])));
        Assert.False(view.IsHolding);
        Assert.Equal(["blue"], Groups(view.Apply(new MemberEvent.Upserted(Make.Slice("shop-1", "shop", Make.Ready("10.0.0.1", "p1"))))));
        // One that was no endpoint for a while is another pod.
        Assert.Equal(["blue", ""], Groups(view.Apply(new MemberEvent.Upserted(Make.Slice("shop-1", "shop", Make.Ready("10.0.0.1", "p1"), Make.Ready("10.0.0.2", "p2"))))));
        Assert.DoesNotContain(view.Footprint(), static count => count.Kind == ResourceKind.Pod);
    }

    private void List()
    {
        foreach (var kind in _view.Kinds)
            _view.Apply(new MemberEvent.Listed(kind, []));
    }

    private IReadOnlyList<CopyChange> Put(Resource resource) => _view.Apply(new MemberEvent.Upserted(resource));

    private static PodResource Pod(string name, string? group, string version = "1", params (string Key, string Value)[] more)
    {
        var labels = more.Append(("pod-template-hash", version)).Select(static item => KeyValuePair.Create(item.Item1, item.Item2));
        return new PodResource(new ObjectMeta(Make.Key(name))
        {
            ResourceVersion = version,
            Labels = EquatableMap.From(group is null ? labels : labels.Append(KeyValuePair.Create("group", group))),
        });
    }

    private static IngressCopy IngressOf(IReadOnlyList<CopyChange> changes) => Assert.IsType<CopyChange.IngressChanged>(Assert.Single(changes, static change => change is CopyChange.IngressChanged)).Copy!;

    private static IEnumerable<string> Groups(IReadOnlyList<CopyChange> changes) => Assert.Single(changes.OfType<CopyChange.ServiceChanged>()).Copy!.Slices
        .SelectMany(static slice => slice.Endpoints).Select(static endpoint => endpoint.PodLabels.Find("group") ?? "");
}
