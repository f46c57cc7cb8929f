using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Tests.Routing;

public sealed class TrafficRoutingTests
{
    private readonly RoutingTable _table = new();
    private long _version;

    private TableChange Put(EntityId entity, Fragment? fragment) =>
        _table.Apply(new FragmentUpdate(entity, new FragmentVersion(1, ++_version), fragment), Make.Now);

    private static Fragment.Member Aws(MemberState state) => new(Make.Aws, new MemberTraits(state));

    private static Fragment.Ingress Shop(string name, int day, TrafficPolicy? traffic) =>
        Make.MergeOne(Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop"), Make.Path("/a", "a"))).Named(name).CreatedOn(day)) with { Traffic = traffic };

    [Fact]
    public void A_members_traits_are_part_of_the_delta_and_of_the_snapshot()
    {
        var first = Put(EntityId.Member(Make.Aws), Aws(MemberState.Active));
        var same = Put(EntityId.Member(Make.Aws), Aws(MemberState.Active));
        var drained = Put(EntityId.Member(Make.Aws), Aws(MemberState.Drain));

        Assert.Equal(Make.Aws, Assert.Single(first.Delta.Members).Key);
        Assert.True(same.Delta.IsEmpty);
        Assert.Equal(MemberState.Drain, Assert.Single(drained.Delta.Members).Value!.State);
        Assert.Equal(MemberState.Drain, Assert.Single(_table.Snapshot().Members).Value!.State);
        Assert.Equal(MemberState.Drain, _table.Members[Make.Aws].State);

        Assert.Null(Assert.Single(Put(EntityId.Member(Make.Aws), null).Delta.Members).Value);
        Assert.Empty(_table.Members);
        Assert.Empty(_table.Snapshot().Members);
    }

    [Fact]
    public void A_policy_that_changes_alone_changes_the_routes_of_its_ingress_only()
    {
        var entity = EntityId.Ingress(Make.Key("one"));
        Put(entity, Shop("one", 1, null));
        Put(EntityId.Ingress(Make.Key("two")), Make.MergeOne(Make.Ingress(Make.Rule("b.example", Make.Path("/", "b"))).Named("two")));

        var change = Put(entity, Shop("one", 1, new TrafficPolicy { SessionAffinity = true }));

        Assert.Equal(["", "/a"], change.Delta.Routes.Select(static item => item.Key.Path));
        Assert.All(change.Delta.Routes, static item => Assert.True(item.Value!.Traffic!.SessionAffinity));
        Assert.True(Put(entity, Shop("one", 1, new TrafficPolicy { SessionAffinity = true })).Delta.IsEmpty);
        Assert.Null(_table.Find("b.example", "/")!.Traffic);
    }

    [Fact]
    public void The_winners_policy_counts_and_the_losers_changes_nothing()
    {
        Put(EntityId.Ingress(Make.Key("one")), Shop("one", 1, new TrafficPolicy { MinHealthyEndpoints = 2 }));

        Assert.True(Put(EntityId.Ingress(Make.Key("two")), Shop("two", 2, new TrafficPolicy { MinHealthyEndpoints = 3 })).Delta.IsEmpty);
        Assert.True(Put(EntityId.Ingress(Make.Key("two")), Shop("two", 2, null)).Delta.IsEmpty);
        Assert.Equal(2, _table.Find("shop.example", "/")!.Traffic!.MinHealthyEndpoints);

        Put(EntityId.Ingress(Make.Key("two")), Shop("two", 2, new TrafficPolicy { MinHealthyEndpoints = 3 }));
        Put(EntityId.Ingress(Make.Key("one")), null);
        Assert.Equal(3, _table.Find("shop.example", "/")!.Traffic!.MinHealthyEndpoints);
    }
}
