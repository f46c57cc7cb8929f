using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Members;

/// <summary>XT-44: a list that turns empty and stays empty removes nothing that nobody approved.</summary>
public sealed class ShrinkGuardTests
{
    private readonly MemberView _view = Guarded();

    private static MemberView Guarded(bool holds = true) =>
        new(Make.Aws, new ClassOptions(WatchWithoutClass: true), new MemberViewOptions { HoldsShrinks = holds });

    private static IngressResource[] Ingresses(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(static i => Make.Ingress(Make.Rule("a.example", Make.Path("/", "s"))).Named($"i{i:d3}"))];

    private static EndpointSliceResource Slice(string name, string service, int addresses) =>
        Make.Slice(name, service, [.. Enumerable.Range(1, addresses).Select(static i => Make.Ready($"10.0.0.{i}"))]);

    private IReadOnlyList<CopyChange> List(ResourceKind kind, params Resource[] items) => _view.Apply(new MemberEvent.Listed(kind, [.. items]));

    private int Known => _view.Snapshot().Count;

    [Fact]
    public void XT44_an_empty_list_is_held_however_often_it_comes_and_approved_once()
    {
        List(ResourceKind.Ingress, Ingresses(0, 500));

        Assert.Empty(List(ResourceKind.Ingress));
        Assert.Empty(List(ResourceKind.Ingress));
        Assert.Empty(List(ResourceKind.Ingress));

        var held = Assert.Single(_view.Held);
        Assert.Equal((ResourceKind.Ingress, 500, 2), (held.Kind, held.Count, held.SinceList));
        Assert.Equal(["web/i000", "web/i001", "web/i002", "web/i003", "web/i004"], held.Samples);
        Assert.Equal(500, Known);
        Assert.Equal(500, _view.Approve().Count);
        Assert.Empty(_view.Held);
        Assert.Equal(0, Known);
        Assert.Empty(_view.Approve());
    }

    [Theory]
    [InlineData(10, 5, false)]
    [InlineData(10, 4, true)]
    [InlineData(5, 2, true)]
    [InlineData(4, 0, false)]
    public void More_than_half_of_five_or_more_is_a_mass_shrink(int before, int after, bool held)
    {
        List(ResourceKind.Ingress, Ingresses(0, before));
        List(ResourceKind.Ingress, Ingresses(0, after));

        Assert.Equal(held ? before : after, Known);
        Assert.Equal(held, !_view.Held.IsEmpty);
    }

    [Fact]
    public void What_a_held_list_adds_and_changes_counts()
    {
        List(ResourceKind.Ingress, Ingresses(0, 10));
        var changed = Ingresses(0, 1)[0].CreatedOn(9);

        var changes = List(ResourceKind.Ingress, [changed, .. Ingresses(20, 30)]);

        Assert.Equal(31, changes.Count);
        Assert.Equal(40, Known);
        Assert.Equal(9, Assert.Single(_view.Held).Count);
    }

    [Fact]
    public void What_is_there_again_is_no_longer_held_and_what_is_deleted_goes()
    {
        List(ResourceKind.Ingress, Ingresses(0, 10));
        List(ResourceKind.Ingress);

        Assert.Empty(_view.Apply(new MemberEvent.Upserted(Ingresses(0, 1)[0])));
        Assert.Equal(9, Assert.Single(_view.Held).Count);
        Assert.Single(_view.Apply(new MemberEvent.Deleted(ResourceKind.Ingress, Make.Key("i001"))));
        Assert.Equal(8, Assert.Single(_view.Held).Count);
        Assert.Empty(List(ResourceKind.Ingress, [.. Ingresses(0, 1), .. Ingresses(2, 7)]));
        Assert.Equal(["web/i009"], Assert.Single(_view.Held).Samples);
        Assert.Empty(List(ResourceKind.Ingress, [.. Ingresses(0, 1), .. Ingresses(2, 8)]));
        Assert.Empty(_view.Held);
        Assert.Equal(9, Known);
    }

    [Fact]
    public void While_some_is_held_an_ordinary_loss_of_the_rest_is_one()
    {
        List(ResourceKind.Ingress, Ingresses(0, 100));
        List(ResourceKind.Ingress, Ingresses(0, 20));

        Assert.Single(List(ResourceKind.Ingress, Ingresses(0, 19)));
        Assert.Equal(80, Assert.Single(_view.Held).Count);
        Assert.Empty(List(ResourceKind.Ingress));
        Assert.Equal(99, Assert.Single(_view.Held).Count);
    }

    [Fact]
    public void Endpoints_count_by_address_and_a_slice_made_anew_takes_none_away()
    {
        List(ResourceKind.Service, Make.Service("s"));
        List(ResourceKind.EndpointSlice, Slice("a", "s", 20), Slice("b", "t", 2), Slice("c", "u", 2));

        Assert.Equal(2, List(ResourceKind.EndpointSlice, Slice("a", "s", 20)).Count);
        List(ResourceKind.EndpointSlice, Slice("z", "s", 20));
        Assert.Empty(_view.Held);
        List(ResourceKind.EndpointSlice, Slice("y", "s", 9));
        Assert.Equal(["web/z"], Assert.Single(_view.Held).Samples);
    }

    [Fact]
    public void One_class_or_one_service_weighs_what_hangs_on_it()
    {
        var view = new MemberView(Make.Aws, new ClassOptions(), new MemberViewOptions { HoldsShrinks = true });
        view.Apply(new MemberEvent.Upserted(new IngressClassResource(new ObjectMeta(new ObjectKey("", "ours"))) { Controller = ClassOptions.DefaultControllerName }));
        view.Apply(new MemberEvent.Listed(ResourceKind.Ingress, [.. Ingresses(0, 9).Select(static ingress => ingress with { ClassName = "ours" })]));
        view.Apply(new MemberEvent.Listed(ResourceKind.Service, [Make.Service("s")]));
        view.Apply(new MemberEvent.Listed(ResourceKind.EndpointSlice, [Slice("a", "s", 20)]));

        Assert.Empty(view.Apply(new MemberEvent.Listed(ResourceKind.IngressClass, [])));
        Assert.Empty(view.Apply(new MemberEvent.Listed(ResourceKind.Service, [])));
        Assert.Equal([ResourceKind.IngressClass, ResourceKind.Service], view.Held.Select(static held => held.Kind));
        Assert.Equal(10, view.Approve().Count);
    }

    /// <summary>Lists here lack one of what they listed before at most, of at least three.</summary>
    [Fact]
    public void Where_nothing_is_held_the_guard_makes_no_difference() => Prop.ForAll(
        Gen.Choose(0, 19).ListOf().ToArbitrary(), static steps =>
        {
            var (guarded, plain) = (Guarded(), Guarded(holds: false));
            var names = Enumerable.Range(0, 6).ToHashSet();
            foreach (var step in steps.Prepend(0))
            {
                if (names.Count <= 3 || !names.Remove(step))
                    names.Add(step);
                var list = new MemberEvent.Listed(ResourceKind.Ingress, [.. names.Order().SelectMany(static i => Ingresses(i, 1))]);
                Assert.Equal(plain.Apply(list), guarded.Apply(list));
            }

            Assert.Empty(guarded.Held);
            Assert.Equal(plain.Snapshot(), guarded.Snapshot());
        }).QuickCheckThrowOnFailure();
}
