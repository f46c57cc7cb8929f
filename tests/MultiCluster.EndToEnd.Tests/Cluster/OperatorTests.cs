using MultiCluster.Controller.Metrics;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>mcctl against a cluster of several controllers: any of them answers for all, and declares another dead.</summary>
[Collection(ClusterCollection.Name)]
public sealed class OperatorTests(SqliteCluster running, ITestOutputHelper output) : IClassFixture<SqliteCluster>
{
    [Fact]
    public async Task Every_controller_answers_for_the_shards_of_all()
    {
        var cluster = running.Cluster;
        await cluster.UntilSpreadAsync();
        foreach (var asked in cluster.Controllers)
            await AssertCountsAllAsync(cluster, asked);

        string[] keys =
        [
            .. cluster.Services.Select(static service => $"ingress/{ChangingService.Namespace}/{service.Name}"),
            .. cluster.Members.Select(static member => $"member/{member.Name}"),
        ];
        foreach (var key in keys)
            await AssertAllFindAsync(cluster, key);
    }

    [Fact]
    public async Task Each_process_tells_the_metrics_of_its_role()
    {
        var cluster = running.Cluster;
        var groups = MetricsCatalogue.Groups.Select(static group => group.Families.Select(static family => family.Name).ToHashSet(StringComparer.Ordinal)).ToList();
        foreach (var controller in cluster.Controllers)
            Assert.Equal(groups[3].Concat(groups[4]).Order(StringComparer.Ordinal), (await controller.ScrapeAsync()).Families.Order(StringComparer.Ordinal));
        var endpoints = new List<double>();
        foreach (var proxy in cluster.Proxies)
        {
            var scrape = await proxy.ScrapeAsync();
            Assert.Equal(groups[0].Concat(groups[1]).Concat(groups[2]).Concat(groups[4]).Order(StringComparer.Ordinal), scrape.Families.Order(StringComparer.Ordinal));
            endpoints.Add(scrape.Sum("multicluster_service_endpoints"));
        }

        // Other tests may have left more pods than there were at first, which leave each proxy in its own time.
        Assert.All(endpoints, count => Assert.True(count >= cluster.Services.Count * cluster.Members.Count, $"{count} endpoints"));

        await Await.NothingMissingAsync(async () =>
        {
            var shards = 0.0;
            foreach (var controller in cluster.Controllers)
                shards += (await controller.ScrapeAsync())["multicluster_shards_owned"] ?? 0;
            var all = (await cluster.Controllers[0].Process.ClusterAsync()).Nodes.Sum(static node => node.Shards);
            return shards == all ? null : $"{all} shards that somebody owns; they tell of {shards}";
        });
    }

    /// <summary>Each proxy has its session with one controller only, whichever that is.</summary>
    [Fact]
    public async Task A_drain_waits_for_the_proxies_of_every_controller_whichever_is_asked()
    {
        var cluster = running.Cluster;
        await cluster.UntilSpreadAsync();
        var proxies = cluster.Proxies.Select(static proxy => proxy.Name).Order(StringComparer.Ordinal).ToList();
        await cluster.Controllers[0].JsonAsync<MemberOrderView>("member", "cordon", "gcp");
        try
        {
            foreach (var asked in cluster.Controllers)
            {
                await Await.NothingMissingAsync(async () =>
                {
                    var view = await asked.JsonAsync<MemberDetailView>("member", "show", "gcp");
                    return view is { SilentControllers.Count: 0, SilentProxies.Count: 0 } && view.Sessions.Keys.Order(StringComparer.Ordinal).SequenceEqual(proxies)
                        ? null
                        : $"sessions of {string.Join(' ', proxies)} at {asked.Name}; it tells of {string.Join(' ', view.Sessions.Keys)}, silent are {string.Join(' ', view.SilentControllers.Concat(view.SilentProxies))}";
                });
                var drained = await asked.McctlAsync("member", "drain", "gcp", "--timeout", "1m");
                Assert.True(drained.Code == 0, $"{asked.Name}: {drained}");
                Assert.Equal($"Member gcp is drained: no session is left at {string.Join(", ", proxies)}.\n", drained.Output);
            }
        }
        finally
        {
            await cluster.Controllers[0].JsonAsync<MemberOrderView>("member", "undrain", "gcp");
        }

        await cluster.UntilCurrentPodsAsync(cluster.Proxies);
    }

    /// <summary>It stands still, so that nothing but the operator's word can tell the others before its lease has ended.</summary>
    [Fact]
    public Task A_controller_that_is_declared_dead_loses_its_shards_and_joins_anew() => running.PlayAsync(output, async (cluster, churn) =>
    {
        var (asked, dead) = (cluster.Controllers[0], cluster.Controllers[1]);
        var before = await dead.JsonAsync<ClusterStateView>("cluster", "show");
        await dead.Process.PauseAsync();
        var began = TimeProvider.System.GetTimestamp();
        var printed = await asked.McctlAsync("cluster", "down", dead.Name, "--yes");
        Assert.Equal(
            (0, $"Node {dead.Name}#{before.Incarnation} is down; it owned {before.Nodes.Single(static node => node.IsSelf).Shards} shards.\n", ""),
            (printed.Code, printed.Output, printed.Error));
        await UntilOwnedByOthersAsync(cluster, asked, dead);
        var moved = TimeProvider.System.GetElapsedTime(began);
        output.WriteLine($"down of {dead.Name}: all shards owned by others after {moved.TotalSeconds:0.00} s, a change took {(await churn.MoreAsync(2)).TotalSeconds:0.00} s at most");
        var again = await asked.McctlAsync("cluster", "down", dead.Name, "--yes");
        Assert.Equal((1, $"error: node {dead.Name}#{before.Incarnation} is down already\n"), (again.Code, again.Error));

        await dead.Process.ContinueAsync();
        await UntilJoinedAnewAsync(dead, before.Incarnation);
        await churn.MoreAsync();
    });

    private static Task UntilOwnedByOthersAsync(ControllerCluster cluster, ClusterProgram asked, ClusterProgram dead) => Await.NothingMissingAsync(async () =>
    {
        var regions = await asked.JsonAsync<RegionsView>("sharding", "list-regions");
        var owners = regions.Regions.Where(static region => region.Shards.Count > 0).Select(static region => region.Node).Order(StringComparer.Ordinal).ToList();
        return regions.Unowned.Count == 0 && owners.SequenceEqual(cluster.Controllers.Where(controller => controller != dead).Select(static controller => controller.Name))
            ? null
            : $"all shards owned by others than {dead.Name}; owners are {string.Join(' ', owners)}, {regions.Unowned.Count} shards have none";
    });

    private static Task UntilJoinedAnewAsync(ClusterProgram controller, string incarnation) => Await.NothingMissingAsync(async () =>
    {
        var now = await controller.JsonAsync<ClusterStateView>("cluster", "show");
        return now is { State: "Up", HasJoined: true } && now.Incarnation != incarnation
            ? null
            : $"{controller.Name} up again and in another run than {incarnation}; it is {now.State} as {now.Incarnation}";
    });

    private static async Task AssertCountsAllAsync(ControllerCluster cluster, ClusterProgram asked)
    {
        string[] kinds = [$"backend: {cluster.Services.Count}", $"cluster: {cluster.Members.Count}", $"ingress: {cluster.Services.Count}", $"member: {cluster.Members.Count}"];
        var stats = await asked.JsonAsync<ShardingStatsView>("sharding", "stats");
        Assert.Equal(asked.Name, stats.Node);
        Assert.Equal(kinds, stats.Kinds.Select(static kind => $"{kind.Key}: {kind.Value}").Order(StringComparer.Ordinal));
        Assert.Equal((0, 0, 0), (stats.Held, stats.Unowned.Count, stats.Silent.Count));
        var owners = stats.Shards.Select(static shard => shard.Owner).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(cluster.Controllers.Select(static controller => controller.Name), owners);
    }

    /// <summary>All but one of them have to ask the owner for it.</summary>
    private static async Task AssertAllFindAsync(ControllerCluster cluster, string key)
    {
        var answers = new List<FoundEntityView>();
        foreach (var asked in cluster.Controllers)
        {
            var found = await asked.JsonAsync<FoundEntityView>("sharding", "find", key);
            Assert.Contains(key, (await asked.JsonAsync<ShardEntitiesView>("sharding", "list-entities", $"{found.Shard}")).Entities);
            answers.Add(found);
        }

        var only = Assert.Single(answers.Distinct());
        Assert.Equal((key, true), (only.Key, only.IsOpen));
        var owner = cluster.Controllers.Single(controller => controller.Name == only.Owner);
        var shown = await owner.JsonAsync<ClusterStateView>("cluster", "show");
        Assert.Equal(shown.Nodes.Single(static node => node.IsSelf).Address, only.Address);
    }
}
