using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Admin;

/// <summary>Answers about shards and what runs in them, wherever that is: owners elsewhere are asked over the cluster.</summary>
public sealed class ShardingQueries(ControllerSystem controller)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>An owner that is gone answers nothing; the answer says so, and does not wait long for it.</summary>
    private static readonly TimeSpan OwnerDeadline = TimeSpan.FromSeconds(2);

    public async Task<RegionsView> RegionsAsync(CancellationToken cancellationToken)
    {
        var (_, view) = await LookAsync(cancellationToken);
        return ShardingViews.Regions(view);
    }

    /// <param name="owner">Only what this node owns; null for all.</param>
    public async Task<AdminAnswer<IReadOnlyList<ShardRowView>>> ShardsAsync(string? owner, CancellationToken cancellationToken)
    {
        var (node, view) = await LookAsync(cancellationToken);
        if (owner is not null && ClusterQueries.FindNode(view, owner) is null)
            return ClusterQueries.UnknownNode(view, owner);
        var region = await RegionAsync(node, cancellationToken);
        var phases = region.Shards.ToDictionary(static local => local.Shard, ShardingViews.PhaseOf);
        var shards = Enumerable.Range(0, view.Shards.Length).Where(shard => owner is null || view.Shards[shard].Owner?.Name == owner).ToList();
        var statuses = await StatusesAsync(node, view, shards, cancellationToken);
        return new AdminAnswer<IReadOnlyList<ShardRowView>>(
            [.. shards.Select(shard => ShardingViews.Row(shard, view, phases.GetValueOrDefault(shard), statuses.GetValueOrDefault(shard)))]);
    }

    public async Task<AdminAnswer<ShardEntitiesView>> EntitiesAsync(int shard, CancellationToken cancellationToken)
    {
        var (node, view) = await LookAsync(cancellationToken);
        if (shard < 0 || shard >= view.Shards.Length)
            return Problems.NotFound("Shard not found", $"there is no shard {shard}; {Numbers(view)}");
        if (view.Shards[shard].Owner is not { } owner)
            return Ownerless(shard);
        return await StatusAsync(node, shard, cancellationToken) is { } status
            ? new ShardEntitiesView(shard, owner.Name, status.Epoch, status.IsOpen, [.. status.Entities], [.. status.Waiting])
            : Silent(shard, owner);
    }

    public async Task<ShardingStatsView> StatsAsync(CancellationToken cancellationToken)
    {
        var (node, view) = await LookAsync(cancellationToken);
        var region = await RegionAsync(node, cancellationToken);
        var statuses = await StatusesAsync(node, view, [.. Enumerable.Range(0, view.Shards.Length)], cancellationToken);
        return ShardingViews.Stats(view, region.Held, statuses);
    }

    public async Task<AdminAnswer<FoundEntityView>> FindAsync(string text, CancellationToken cancellationToken)
    {
        var keys = Keys(text);
        if (keys.Count == 0)
            return Problems.BadRequest("Not a key", $"'{text}' is no entity's key: give ingress/NAMESPACE/NAME, backend/NAMESPACE/NAME or member/NAME");
        var (node, view) = await LookAsync(cancellationToken);
        if (view.Shards.IsEmpty)
            return Problems.Unavailable("Not joined", $"node {view.Self.Name} does not know the number of shards yet; \"mcctl cluster status\" tells why");
        var found = new List<FoundEntityView>();
        ProblemView? unknown = null;
        foreach (var key in keys)
        {
            var answer = await LocateAsync(node, view, key, cancellationToken);
            if (answer.View is { } entity)
                found.Add(entity);
            else if (answer.Problem is { Status: not 404 } problem)
                unknown = problem;
        }
        return found switch
        {
            [var only] when unknown is null => only,
            [] => unknown ?? NoEntity(keys, view),
            [..] when unknown is not null => unknown,
            _ => Problems.Conflict("Ambiguous", $"'{text}' is {string.Join(" and ", found.Select(static entity => entity.Key))}: give one of them"),
        };
    }

    /// <summary>A namespace and name stand for what is called so, one word for a member.</summary>
    private static List<string> Keys(string text)
    {
        if (EntityKeys.Parse(text) is not null)
            return [text];
        return text.Split('/') switch
        {
            [{ Length: > 0 } member] => [MemberKeys.Of(new MemberName(member))],
            ["member", { Length: > 0 }] => [text],
            [{ Length: > 0 } ns, { Length: > 0 } name] =>
                [EntityKeys.Of(EntityId.Ingress(new ObjectKey(ns, name))), EntityKeys.Of(EntityId.Backend(new ObjectKey(ns, name)))],
            _ => [],
        };
    }

    private static async Task<AdminAnswer<FoundEntityView>> LocateAsync(ClusterNode node, ClusterView view, string key, CancellationToken cancellationToken)
    {
        var shard = ShardHash.ShardOf(key, view.Shards.Length);
        if (view.Shards[shard].Owner is not { } owner)
            return Ownerless(shard);
        if (await StatusAsync(node, shard, cancellationToken) is not { } status)
            return Silent(shard, owner);
        return status.Entities.Contains(key)
            ? new FoundEntityView(key, shard, owner.Name, view.Node(owner)?.Address ?? "", view.Shards[shard].Designated, status.Epoch, status.IsOpen)
            : NoEntity([key], view);
    }

    private static ProblemView NoEntity(List<string> keys, ClusterView view) => Problems.NotFound(
        "Entity not found",
        $"no entity {string.Join(" or ", keys)} runs (looked for in {string.Join(" and ", keys.Select(key => $"shard {ShardHash.ShardOf(key, view.Shards.Length)}"))}); "
        + "\"mcctl sharding list-entities SHARD\" shows those that do");

    private static ProblemView Ownerless(int shard) => Problems.Unavailable(
        "Shard without an owner", $"nobody owns shard {shard} now; \"mcctl cluster status\" tells why, and what is for it waits meanwhile");

    private static ProblemView Silent(int shard, NodeId owner) => Problems.Unavailable(
        "Owner silent", $"node {owner.Name}, which owns shard {shard}, did not answer within {OwnerDeadline.TotalSeconds:0} s; try again, or ask it itself (mcctl --server)");

    private static string Numbers(ClusterView view) => view.Shards.IsEmpty ? "their number is not known yet" : $"there are 0 to {view.Shards.Length - 1}";

    private async Task<(ClusterNode Node, ClusterView View)> LookAsync(CancellationToken cancellationToken)
    {
        var node = (await controller.TreeAsync(Deadline, cancellationToken)).Core.Node;
        return (node, await ClusterQueries.ViewAsync(node, cancellationToken));
    }

    private static Task<ShardingProtocol.RegionStatus> RegionAsync(ClusterNode node, CancellationToken cancellationToken) =>
        node.Region.AskAsync<ShardingProtocol.RegionStatus>(new ShardingProtocol.GetRegion(), Deadline, cancellationToken);

    /// <returns>Of shards with an owner; null of those whose owner does not answer.</returns>
    private static async Task<Dictionary<int, ShardingProtocol.ShardStatus?>> StatusesAsync(
        ClusterNode node, ClusterView view, IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        var owned = shards.Where(shard => view.Shards[shard].Owner is not null).ToList();
        var statuses = await Task.WhenAll(owned.Select(shard => StatusAsync(node, shard, cancellationToken)));
        return owned.Zip(statuses).ToDictionary(static item => item.First, static item => item.Second);
    }

    private static async Task<ShardingProtocol.ShardStatus?> StatusAsync(ClusterNode node, int shard, CancellationToken cancellationToken)
    {
        try
        {
            var question = new ShardingProtocol.ToShard(shard, new ShardingProtocol.GetShard(shard));
            return await node.Region.AskAsync<ShardingProtocol.ShardStatus>(question, OwnerDeadline, cancellationToken);
        }
        catch (Exception e) when (e is AskTimeoutException or UndeliverableException)
        {
            return null;
        }
    }
}
