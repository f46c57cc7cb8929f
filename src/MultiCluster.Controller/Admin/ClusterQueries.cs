using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Replication;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Admin;

/// <summary>Answers about membership, as this node sees it, and what operators may do about it.</summary>
public sealed class ClusterQueries(ControllerSystem controller)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>The longest that a node takes to leave when the lease store does not answer, and some.</summary>
    private TimeSpan LeaveDeadline => (controller.Cluster.Options.LeaveTimeout * 2) + Deadline;

    public async Task<ClusterStateView> ShowAsync(CancellationToken cancellationToken)
    {
        var node = await NodeAsync(cancellationToken);
        var view = await ViewAsync(node, cancellationToken);
        return ShardingViews.Of(view, controller.Cluster.Options, node.Gate.IsOpen, ShardingViews.Of(controller.Cluster.Store?.State));
    }

    public async Task<HealthView> StatusAsync(CancellationToken cancellationToken)
    {
        var node = await NodeAsync(cancellationToken);
        var view = await ViewAsync(node, cancellationToken);
        return ClusterHealth.Of(view, node.Gate.IsOpen, await TableAsync(node, view, cancellationToken), controller.Cluster.Store?.State);
    }

    /// <summary>Goes on when whoever asked does not wait for it.</summary>
    public async Task<AdminAnswer<LeftView>> LeaveAsync(CancellationToken cancellationToken)
    {
        var node = await NodeAsync(cancellationToken);
        var before = await ViewAsync(node, cancellationToken);
        if (HasLeft(before))
            return Problems.Conflict("Left already", $"node {before.Self.Name} has left; it joins again when multicluster is started anew there");
        var owned = ShardingViews.OwnedBy(before.Self, before).Count();
        var time = controller.System.TimeProvider;
        var began = time.GetTimestamp();
        try
        {
            await node.LeaveAsync(LeaveDeadline);
        }
        catch (TimeoutException)
        {
            return NotLeft(before.Self.Name);
        }
        var took = time.GetElapsedTime(began);
        var after = await ViewAsync(node, cancellationToken);
        return HasLeft(after)
            ? new LeftView(before.Self.Name, owned, Math.Round(took.TotalSeconds, 3), [.. after.Nodes.Where(other => other.Id.Name != before.Self.Name && other.State == NodeState.Up).Select(static other => other.Id.Name)])
            : NotLeft(before.Self.Name);
    }

    public async Task<AdminAnswer<DownedView>> DownAsync(string name, CancellationToken cancellationToken)
    {
        var node = await NodeAsync(cancellationToken);
        var view = await ViewAsync(node, cancellationToken);
        if (FindNode(view, name) is not { } found)
            return UnknownNode(view, name);
        if (found.Id.Name == view.Self.Name)
            return Problems.Conflict("This node", $"{name} is the node that you ask, and it lives: take it out with \"mcctl cluster leave\", or ask another node");
        if (found.State == NodeState.Down)
            return Problems.Conflict("Down already", $"node {found.Id} is down already");
        var shards = ShardingViews.OwnedBy(found.Id, view).Count();
        var result = await node.Daemon.AskAsync<ClusterProtocol.DownResult>(new ClusterProtocol.Down(name), Deadline, cancellationToken);
        return result.Error is { } error ? Problems.Unavailable("Not declared", $"node {name}: {error}") : new DownedView(name, found.Id.Incarnation, shards);
    }

    internal static NodeView? FindNode(ClusterView view, string name)
    {
        foreach (var node in view.Nodes)
        {
            if (string.Equals(node.Id.Name, name, StringComparison.Ordinal))
                return node;
        }
        return null;
    }

    internal static ProblemView UnknownNode(ClusterView view, string name)
    {
        var known = view.Nodes.IsEmpty ? "it knows none" : $"it knows {string.Join(", ", view.Nodes.Select(static node => node.Id.Name))}";
        return Problems.NotFound("Node not found", $"node {view.Self.Name} knows no node {name}; {known} (\"mcctl cluster show\")");
    }

    internal static Task<ClusterView> ViewAsync(ClusterNode node, CancellationToken cancellationToken) =>
        node.Daemon.AskAsync<ClusterView>(new ClusterProtocol.GetView(), Deadline, cancellationToken);

    private static bool HasLeft(ClusterView view) => view is { HasJoined: false, State: NodeState.Leaving };

    private static ProblemView NotLeft(string node) => Problems.Unavailable(
        "Not left", $"node {node} can't leave in order, since the lease store does not take its departure; stop it, and others take its shards over when its lease has ended");

    private async Task<ClusterNode> NodeAsync(CancellationToken cancellationToken) => (await controller.TreeAsync(Deadline, cancellationToken)).Core.Node;

    /// <summary>A replica that does not know the number of shards answers nothing.</summary>
    private static async Task<TableProtocol.Status?> TableAsync(ClusterNode node, ClusterView view, CancellationToken cancellationToken)
    {
        if (view.Shards.IsEmpty)
            return null;
        try
        {
            return await node.Table.AskAsync<TableProtocol.Status>(new TableProtocol.GetStatus(), Deadline, cancellationToken);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
