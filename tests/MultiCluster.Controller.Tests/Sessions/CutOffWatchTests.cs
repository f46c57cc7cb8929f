using System.Collections.Immutable;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Membership;
using MultiCluster.Controller.Sessions;

namespace MultiCluster.Controller.Tests.Sessions;

/// <summary>When a controller says of itself that it is cut off.</summary>
public sealed class CutOffWatchTests
{
    private static readonly NodeId Self = new("a", "1");
    private static readonly NodeId B = new("b", "1");
    private static readonly NodeId C = new("c", "1");

    private readonly CutOffWatch _watch = new(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(60));

    [Fact]
    public void A_node_without_others_is_not_cut_off()
    {
        Assert.Null(Observe(0, []));
        Assert.Null(Observe(1000, []));
        Assert.Null(Observe(2000, [], (B, NodeState.Down), (C, NodeState.Joining)));
        Assert.Null(Observe(3000, [], (B, NodeState.Down), (C, NodeState.Joining)));
    }

    [Fact]
    public void One_of_several_others_is_enough()
    {
        Assert.Null(Observe(0, [C], (B, NodeState.Up), (C, NodeState.Up)));
        Assert.Null(Observe(100, [C], (B, NodeState.Up), (C, NodeState.Up)));
    }

    [Fact]
    public void It_is_said_after_a_while_and_again_and_taken_back()
    {
        Assert.Null(Observe(10, [], (B, NodeState.Up)));
        Assert.Null(Observe(15.9, [], (B, NodeState.Up)));
        Assert.True(Observe(16, [], (B, NodeState.Up)));
        Assert.Null(Observe(75, [], (B, NodeState.Up)));
        Assert.True(Observe(76, [], (B, NodeState.Up)));
        Assert.False(Observe(77, [B], (B, NodeState.Up)));
        Assert.Null(Observe(78, [B], (B, NodeState.Up)));
    }

    [Fact]
    public void It_is_said_at_once_to_who_has_started_over()
    {
        Assert.Null(Observe(0, [], (B, NodeState.Up)));
        Assert.True(Observe(6, [], (B, NodeState.Up)));
        _watch.Forget();
        Assert.True(Observe(7, [], (B, NodeState.Up)));
    }

    [Fact]
    public void A_peer_that_is_declared_dead_in_time_is_not_missed()
    {
        Assert.Null(Observe(0, [], (B, NodeState.Up)));
        Assert.Null(Observe(5, [], (B, NodeState.Down)));
        Assert.Null(Observe(10, [], (B, NodeState.Down)));
    }

    [Fact]
    public void Another_run_of_a_peer_is_another_peer()
    {
        Assert.Null(Observe(0, [new NodeId("b", "0")], (B, NodeState.Up)));
        Assert.True(Observe(6, [new NodeId("b", "0")], (B, NodeState.Up)));
    }

    private bool? Observe(double second, ImmutableArray<NodeId> reached, params (NodeId Id, NodeState State)[] others) => _watch.Observe(
        new ClusterView(Self, NodeState.Up, true, null, [.. others.Append((Self, NodeState.Up)).Select(static node => new NodeView(node.Item1, "", 1, node.Item2))], []),
        reached,
        TimeSpan.FromSeconds(second));
}
