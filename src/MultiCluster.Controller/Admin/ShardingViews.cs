using MultiCluster.Cluster;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Model.Admin;
using MultiCluster.Persistence.Writing;

namespace MultiCluster.Controller.Admin;

/// <summary>The cluster as the admin API shows it.</summary>
internal static class ShardingViews
{
    public static ClusterStateView Of(ClusterView view, ClusterOptions options, bool leaseValid, StoreView? store) => new(
        options.ClusterName,
        view.Self.Name,
        view.Self.Incarnation,
        view.State.ToString(),
        view.HasJoined,
        view.Refusal,
        ClusterOptions.ProtocolVersion,
        leaseValid,
        view.Shards.Length,
        Unowned(view),
        [.. view.Nodes.Select(node => new ClusterNodeView(
            node.Id.Name, node.Id.Incarnation, node.Address, node.Protocol, node.State.ToString(), OwnedBy(node.Id, view).Count(), node.Id == view.Self))],
        store);

    public static StoreView? Of(WriteBehindState? state) => state is null ? null : new StoreView(
        state switch
        {
            { FailingSince: not null } => "Failing",
            { Suspended: true } => "Paused",
            _ => "Writing",
        },
        state.FailingSince,
        state.LastError,
        state.QueuedEvents,
        state.QueuedSnapshots,
        Math.Round(state.OldestAge.TotalSeconds, 3),
        state.DroppedEvents,
        state.AwaitingSnapshot,
        state.Fenced);

    public static RegionsView Regions(ClusterView view) => new(
        [.. view.Nodes.Select(node => new RegionView(
            node.Id.Name, node.Id.Incarnation, node.State.ToString(), node.Address, node.Id == view.Self, [.. OwnedBy(node.Id, view)]))],
        Unowned(view));

    public static ShardRowView Row(int shard, ClusterView view, string? phase, ShardingProtocol.ShardStatus? status)
    {
        var (owner, designated, epoch) = view.Shards[shard];
        return new ShardRowView(shard, owner?.Name, designated, epoch, phase, status?.Entities.Length, status is null ? [] : [.. status.Waiting]);
    }

    /// <summary>A shard that is not being given away serves.</summary>
    public static string PhaseOf(ShardingProtocol.LocalShardView local) => local.Phase == "None" ? "Serving" : local.Phase;

    public static ShardingStatsView Stats(ClusterView view, int held, IReadOnlyDictionary<int, ShardingProtocol.ShardStatus?> statuses)
    {
        var shards = new List<ShardStatsView>();
        var total = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (shard, status) in statuses.OrderBy(static item => item.Key))
        {
            if (status is null || view.Shards[shard].Owner is not { } owner)
                continue;
            var kinds = Kinds(status.Entities);
            foreach (var (kind, count) in kinds)
                total[kind] = total.GetValueOrDefault(kind) + count;
            shards.Add(new ShardStatsView(shard, owner.Name, kinds));
        }
        return new ShardingStatsView(
            view.Self.Name, held, total, shards, Unowned(view), [.. statuses.Where(static item => item.Value is null).Select(static item => item.Key).Order()]);
    }

    public static IReadOnlyList<int> Unowned(ClusterView view) =>
        [.. Enumerable.Range(0, view.Shards.Length).Where(shard => view.Shards[shard].Owner is null)];

    public static IEnumerable<int> OwnedBy(NodeId node, ClusterView view) =>
        Enumerable.Range(0, view.Shards.Length).Where(shard => view.Shards[shard].Owner == node);

    private static SortedDictionary<string, int> Kinds(IEnumerable<string> keys)
    {
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            var kind = key.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? key[..slash] : key;
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }
        return kinds;
    }
}
