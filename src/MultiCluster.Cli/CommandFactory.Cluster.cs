using System.CommandLine;
using System.Globalization;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli;

/// <summary>Commands about the cluster and its shards, in the words of Petabridge.Cmd.</summary>
public sealed partial class CommandFactory
{
    /// <summary>A node that leaves waits for others to take its shards.</summary>
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(60);

    private Command ClusterShow() =>
        Asking<ClusterStateView>(
            Named("show", "Shows the cluster as the node asked sees it, with that node's lease and store.", "mcctl cluster show --server http://10.0.0.5:9070"),
            _ => ClusterPaths.Cluster,
            (cluster, terminal) => ClusterViews.Show(cluster, context.Time.GetUtcNow(), terminal));

    private Command ClusterStatus() =>
        Asking<HealthView>(
            Named("status", "Checks whether the node asked does its part, a line per check. Exit code 1 if a check fails.", "mcctl cluster status || echo trouble"),
            _ => ClusterPaths.Status,
            ClusterViews.Health,
            static health => health.Healthy);

    private Command ClusterLeave()
    {
        var command = Named("leave", "Has the node asked give its shards away and leave, so that nobody waits for its lease to end.", "mcctl cluster leave --server http://10.0.0.5:9070");
        command.SetAction((parsed, cancellationToken) =>
        {
            var question = Ask<LeftView>(parsed, ClusterPaths.Leave, ClusterViews.Left) with { Method = HttpMethod.Post, Deadline = LeaveDeadline };
            return question.AskAsync(context, cancellationToken);
        });
        return command;
    }

    private Command ClusterDown()
    {
        var node = new Argument<string>("NODE") { Description = "Its name, as \"cluster show\" lists it" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Don't ask back; needed where standard input is no terminal" };
        var command = Named("down", "Declares a node dead, whatever its lease says: others take over its shards at once.", "mcctl cluster down node-b --yes", node, yes);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(node);
            var consequence = $"Node {name} is declared dead: others take over its shards at once, and if it lives, it has to join anew.";
            if (!parsed.GetValue(yes) && await Confirmation.RefusalAsync(context, consequence, cancellationToken) is { } refusal)
                return await Failure.TellAsync(context, refusal, ExitCode.Usage);
            var question = Ask<DownedView>(parsed, ClusterPaths.Down(name), ClusterViews.Downed) with { Method = HttpMethod.Post };
            return await question.AskAsync(context, cancellationToken);
        });
        return command;
    }

    private Command ListRegions() =>
        Asking<RegionsView>(
            Named("list-regions", "Lists the nodes and the shards that each owns.", "mcctl sharding list-regions"),
            _ => ClusterPaths.Regions,
            ShardingViews.Regions);

    private Command ListShards()
    {
        var node = new Option<string?>("--node") { Description = "Only the shards that this node owns", HelpName = "NODE" };
        return Asking<IReadOnlyList<ShardRowView>>(
            Named("list-shards", "Lists the shards: who owns them, who should, and what runs in them.", "mcctl sharding list-shards --node node-b", node),
            parsed => ClusterPaths.ShardsOf(parsed.GetValue(node)),
            ShardingViews.Shards);
    }

    private Command ListEntities()
    {
        var shard = new Argument<int>("SHARD") { Description = "Its number, 0 or more" };
        shard.CustomParser = static result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
            result.AddError($"'{result.Tokens[0].Value}' is no shard's number, such as 12");
            return default;
        };
        return Asking<ShardEntitiesView>(
            Named("list-entities", "Lists the entities that run in a shard.", "mcctl sharding list-entities 12", shard),
            parsed => ClusterPaths.Entities(parsed.GetRequiredValue(shard)),
            ShardingViews.Entities);
    }

    private Command ShardingStats() =>
        Asking<ShardingStatsView>(
            Named("stats", "Counts entities by shard and kind, and messages that wait for a shard.", "mcctl sharding stats -o json"),
            _ => ClusterPaths.Stats,
            ShardingViews.Stats);

    private Command FindEntity()
    {
        var key = new Argument<string>("KEY") { Description = "ingress/NAMESPACE/NAME, backend/NAMESPACE/NAME or member/NAME; NAMESPACE/NAME or a member's name where that is clear" };
        return Asking<FoundEntityView>(
            Named("find", "Tells in which shard and on which node an entity runs.", "mcctl sharding find ingress/shop/shop", key),
            parsed => ClusterPaths.FindOf(parsed.GetRequiredValue(key)),
            ShardingViews.Found);
    }

}
