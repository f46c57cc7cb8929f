using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Replication;
using MultiCluster.Model.Admin;
using MultiCluster.Persistence.Writing;

namespace MultiCluster.Controller.Admin;

/// <summary>Whether a node does its part in the cluster, check by check. Serving and publishing go on whatever fails here.</summary>
internal static class ClusterHealth
{
    private const int ShardsNamed = 8;

    /// <param name="table">Null: this node's replica has not begun, or does not answer.</param>
    /// <param name="store">Null: nothing is stored.</param>
    public static HealthView Of(ClusterView view, bool leaseValid, TableProtocol.Status? table, WriteBehindState? store)
    {
        CheckView[] checks = [Joined(view), Lease(view, leaseValid), Shards(view), Replica(table), Members(table), Store(store)];
        return new HealthView(view.Self.Name, Array.TrueForAll(checks, static check => check.Passed), checks);
    }

    private static CheckView Joined(ClusterView view) => new("joined", view is { HasJoined: true, State: NodeState.Up }, view switch
    {
        { Refusal: { } refusal } => refusal,
        { HasJoined: false, State: NodeState.Leaving } => "this node has left; it joins again when multicluster is started anew",
        { HasJoined: false } => "not yet: the lease store has not taken this node's record",
        { State: NodeState.Joining } => $"as {view.Self}, but owns nothing before it has heard the other nodes",
        { State: NodeState.Up } => $"as {view.Self}",
        _ => $"as {view.Self}, {view.State}",
    });

    private static CheckView Lease(ClusterView view, bool isValid) => new("lease", isValid, isValid
        ? "valid"
        : $"not valid: {(view.HasJoined ? "the lease store does not renew it" : "this node is not in")}; nothing is written to the database or to status until it is");

    private static CheckView Shards(ClusterView view)
    {
        if (view.Shards.IsEmpty)
            return new CheckView("shards", false, "their number is not known: the lease store has not been read yet");
        var unowned = ShardingViews.Unowned(view);
        var names = string.Join(", ", unowned.Take(ShardsNamed)) + (unowned.Count > ShardsNamed ? ", …" : "");
        return new CheckView("shards", unowned.Count == 0, unowned.Count == 0
            ? $"all {view.Shards.Length} owned"
            : $"{unowned.Count} of {view.Shards.Length} without an owner: {names}; what is for them waits");
    }

    private static CheckView Replica(TableProtocol.Status? table) => new("replica", table is { IsReady: true }, table switch
    {
        null => "this node's replica of the route table has not begun",
        { IsReady: false } => "this node's replica may lack routes that exist; its proxies keep what they have",
        _ => $"ready, {table.Live} entries",
    });

    private static CheckView Members(TableProtocol.Status? table) => new("members", table is { IsWhole: true }, table is { IsWhole: true }
        ? "each has been heard by every shard"
        : "not each has been heard by every shard yet, so nothing of theirs is removed; \"mcctl member list\" tells which can't be read");

    private static CheckView Store(WriteBehindState? store) => new("store", store is null or { FailingSince: null, Suspended: false }, store switch
    {
        null => "none: state is read from members after a restart",
        { FailingSince: { } since } => $"failing since {since:yyyy-MM-dd HH:mm:ss}Z: {store.LastError}; {Queue(store)}",
        { Suspended: true } => $"paused while the lease is not valid; {Queue(store)}",
        _ => $"writing; {Queue(store)}",
    });

    private static string Queue(WriteBehindState store) => $"{store.QueuedEvents} events and {store.QueuedSnapshots} snapshots wait";
}
