using System.Collections.Immutable;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Admin;
using MultiCluster.Persistence.Writing;

namespace MultiCluster.Controller.Tests.Admin;

public sealed class ClusterHealthTests
{
    private static readonly NodeId Self = new("a", "1f");
    private static readonly WriteBehindState Writing = new(false, 3, 1, TimeSpan.Zero, null, null, 9, 9, 0, 0, 0);
    private static readonly TableProtocol.Status Whole = new(7, 0, IsReady: true, IsWhole: true, 5, []);
    private static readonly ClusterView Healthy = new(
        Self, NodeState.Up, HasJoined: true, Refusal: null, [new NodeView(Self, "a:1", 1, NodeState.Up)], [.. Enumerable.Repeat(new ShardView(Self, "a", 5), 64)]);

    [Fact]
    public void All_is_well_with_a_store_and_without()
    {
        Assert.True(ClusterHealth.Of(Healthy, leaseValid: true, Whole, Writing).Healthy);
        Assert.True(ClusterHealth.Of(Healthy, leaseValid: true, Whole, store: null).Healthy);
    }

    [Fact]
    public void A_node_that_cannot_join_says_why()
    {
        var outside = Healthy with { HasJoined = false, State = NodeState.Joining, Refusal = "another cluster's store", Shards = [] };
        Assert.Equal(
            [
                ("joined", "another cluster's store"),
                ("lease", "not valid: this node is not in; nothing is written to the database or to status until it is"),
                ("shards", "their number is not known: the lease store has not been read yet"),
                ("replica", "this node's replica of the route table has not begun"),
                ("members", "not each has been heard by every shard yet, so nothing of theirs is removed; \"mcctl member list\" tells which can't be read"),
            ],
            Failed(outside, leaseValid: false, table: null, store: null));
    }

    [Theory]
    [InlineData(NodeState.Joining, false, "not yet: the lease store has not taken this node's record")]
    [InlineData(NodeState.Joining, true, "as a#1f, but owns nothing before it has heard the other nodes")]
    [InlineData(NodeState.Leaving, true, "as a#1f, Leaving")]
    [InlineData(NodeState.Leaving, false, "this node has left; it joins again when multicluster is started anew")]
    public void A_node_that_is_not_up_fails(NodeState state, bool hasJoined, string detail) =>
        Assert.Equal([("joined", detail)], Failed(Healthy with { State = state, HasJoined = hasJoined }, leaseValid: true, Whole, Writing));

    [Fact]
    public void A_lease_that_is_not_renewed_fails() =>
        Assert.Equal(
            [("lease", "not valid: the lease store does not renew it; nothing is written to the database or to status until it is")],
            Failed(Healthy, leaseValid: false, Whole, Writing));

    [Fact]
    public void Shards_without_an_owner_are_named_though_not_all_of_them()
    {
        var some = Healthy with { Shards = [.. Healthy.Shards.Select(static (shard, number) => number % 6 == 0 ? shard with { Owner = null } : shard)] };
        Assert.Equal([("shards", "11 of 64 without an owner: 0, 6, 12, 18, 24, 30, 36, 42, …; what is for them waits")], Failed(some, true, Whole, Writing));
    }

    [Fact]
    public void A_replica_that_is_not_ready_or_not_whole_fails()
    {
        Assert.Equal(["replica", "members"], Failed(Healthy, true, Whole with { IsReady = false, IsWhole = false }, Writing).Select(static check => check.Name));
        Assert.Equal(["members"], Failed(Healthy, true, Whole with { IsWhole = false }, Writing).Select(static check => check.Name));
    }

    [Fact]
    public void A_store_that_fails_says_since_when_and_what_waits()
    {
        var failing = Writing with { FailingSince = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), LastError = "disk full" };
        Assert.Equal([("store", "failing since 2026-01-02 03:04:05Z: disk full; 3 events and 1 snapshots wait")], Failed(Healthy, true, Whole, failing));
        Assert.Equal([("store", "paused while the lease is not valid; 3 events and 1 snapshots wait")], Failed(Healthy, true, Whole, Writing with { Suspended = true }));
    }

    [Fact]
    public void Statistics_name_shards_without_owner_and_owners_without_answer()
    {
        var view = Healthy with { Shards = [new ShardView(Self, "a", 5), new ShardView(null, "a", 4), new ShardView(Self, "a", 6)] };
        var stats = ShardingViews.Stats(view, held: 2, new Dictionary<int, Cluster.Sharding.ShardingProtocol.ShardStatus?>
        {
            [0] = new(0, 5, IsOpen: true, ["backend/web/a", "ingress/web/a", "ingress/web/b", "member/aws"], []),
            [2] = null,
        });
        Assert.Equal([1], stats.Unowned);
        Assert.Equal([2], stats.Silent);
        Assert.Equal([("backend", 1), ("ingress", 2), ("member", 1)], stats.Kinds.Select(static kind => (kind.Key, kind.Value)));
        Assert.Equal((0, "a"), (Assert.Single(stats.Shards).Shard, stats.Shards[0].Owner));
    }

    private static IEnumerable<(string Name, string Detail)> Failed(ClusterView view, bool leaseValid, TableProtocol.Status? table, WriteBehindState? store)
    {
        var health = ClusterHealth.Of(view, leaseValid, table, store);
        Assert.Equal(health.Healthy, health.Checks.All(static check => check.Passed));
        return health.Checks.Where(static check => !check.Passed).Select(static check => (check.Name, check.Detail));
    }
}
