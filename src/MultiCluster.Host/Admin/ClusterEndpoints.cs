using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MultiCluster.Controller;
using MultiCluster.Controller.Admin;
using MultiCluster.Model.Admin;

namespace MultiCluster.Host.Admin;

/// <summary>The admin API of a controller about cluster and shards.</summary>
internal static class ClusterEndpoints
{
    public static void MapClusterApi(this IEndpointRouteBuilder all, ControllerSystem controller, AdminGate gate)
    {
        var routes = AdminGroup.Group(all, gate);
        MapCluster(routes, new ClusterQueries(controller));
        MapSharding(routes, new ShardingQueries(controller));
        all.MapProcessApi(controller.System, ProxyDiffQueries.Of(controller), gate);
    }

    private static void MapCluster(RouteGroupBuilder routes, ClusterQueries queries)
    {
        routes.MapGet(ClusterPaths.Cluster, async (CancellationToken stop) =>
            Results.Json(await queries.ShowAsync(stop), AdminJson.Default.ClusterStateView));
        routes.MapGet(ClusterPaths.Status, async (CancellationToken stop) =>
            Results.Json(await queries.StatusAsync(stop), AdminJson.Default.HealthView));
        routes.MapPost(ClusterPaths.Leave, async (CancellationToken stop) =>
            AdminGroup.Result(await queries.LeaveAsync(stop), AdminJson.Default.LeftView)).WithMetadata(new Needs(AdminRole.Admin));
        routes.MapPost(ClusterPaths.Nodes + "/{name}/down", async (string name, CancellationToken stop) =>
            AdminGroup.Result(await queries.DownAsync(name, stop), AdminJson.Default.DownedView)).WithMetadata(new Needs(AdminRole.Admin));
    }

    private static void MapSharding(RouteGroupBuilder routes, ShardingQueries queries)
    {
        routes.MapGet(ClusterPaths.Regions, async (CancellationToken stop) =>
            Results.Json(await queries.RegionsAsync(stop), AdminJson.Default.RegionsView));
        routes.MapGet(ClusterPaths.Shards, async (string? node, CancellationToken stop) =>
            AdminGroup.Result(await queries.ShardsAsync(node, stop), AdminJson.Default.IReadOnlyListShardRowView));
        routes.MapGet(ClusterPaths.Shards + "/{shard}/entities", async (string shard, CancellationToken stop) => int.TryParse(shard, out var number)
            ? AdminGroup.Result(await queries.EntitiesAsync(number, stop), AdminJson.Default.ShardEntitiesView)
            : AdminGroup.Problem(new ProblemView("Not a shard", 400, $"'{shard}' is no shard's number")));
        routes.MapGet(ClusterPaths.Stats, async (CancellationToken stop) =>
            Results.Json(await queries.StatsAsync(stop), AdminJson.Default.ShardingStatsView));
        routes.MapGet(ClusterPaths.Find, async (string? key, CancellationToken stop) =>
            AdminGroup.Result(await queries.FindAsync(key ?? "", stop), AdminJson.Default.FoundEntityView));
    }
}
