using System.Text.Json;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Admin;

/// <summary>mcctl's commands about cluster, shards, actors and log against a running product; what changes something is in tests of their own.</summary>
public sealed class ClusterCommandTests(RunningShop shop) : IClassFixture<RunningShop>
{
    [Fact]
    public async Task The_cluster_is_one_node_that_owns_all_shards()
    {
        var shown = await JsonAsync<ClusterStateView>("cluster", "show");
        var node = Assert.Single(shown.Nodes);
        Assert.Equal(("Up", true, null, true), (shown.State, shown.HasJoined, shown.Refusal, shown.LeaseValid));
        Assert.Equal((shown.Node, shown.Incarnation, "Up", shown.Shards, true), (node.Name, node.Incarnation, node.State, node.Shards, node.IsSelf));
        Assert.True(shown.Shards > 0);
        Assert.Empty(shown.Unowned);
        Assert.Contains($"* {node.Name} ", Squeeze((await shop.McctlAsync("cluster", "show")).Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_becomes_healthy_and_exits_with_0()
    {
        Printed? printed = null;
        await Await.NothingMissingAsync(async () => (printed = await shop.McctlAsync("cluster", "status")).Code == 0 ? null : $"a healthy node; it says {printed}");
        Assert.Equal(6, printed!.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(static line => line.Contains(" ok ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Regions_and_shards_hold_what_runs()
    {
        var regions = await JsonAsync<RegionsView>("sharding", "list-regions");
        var region = Assert.Single(regions.Regions);
        var shards = await JsonAsync<IReadOnlyList<ShardRowView>>("sharding", "list-shards", "--node", region.Node);
        Assert.Equal(region.Shards, shards.Select(static shard => shard.Shard));
        Assert.All(shards, shard => Assert.Equal((region.Node, region.Node, "Serving", true), (shard.Owner, shard.Designated, shard.Phase, shard.Epoch > 0)));
        Assert.Equal(6, shards.Sum(static shard => shard.Entities));
    }

    [Fact]
    public async Task Statistics_count_the_entities_of_each_kind()
    {
        var stats = await JsonAsync<ShardingStatsView>("sharding", "stats");
        Assert.Equal([("backend", 1), ("cluster", 2), ("ingress", 1), ("member", 2)], stats.Kinds.OrderBy(static kind => kind.Key).Select(static kind => (kind.Key, kind.Value)));
        Assert.Equal(6, stats.Shards.Sum(static shard => shard.Kinds.Values.Sum()));
        Assert.Empty(stats.Unowned);
        Assert.Empty(stats.Silent);
        Assert.Equal(0, stats.Held);
    }

    [Theory]
    [InlineData("ingress/shop/shop", "ingress/shop/shop")]
    [InlineData("backend/shop/shop", "backend/shop/shop")]
    [InlineData("member/aws", "member/aws")]
    [InlineData("gcp", "member/gcp")]
    public async Task An_entity_is_found_in_the_shard_that_lists_it(string key, string full)
    {
        var found = await JsonAsync<FoundEntityView>("sharding", "find", key);
        Assert.Equal(full, found.Key);
        var listed = await JsonAsync<ShardEntitiesView>("sharding", "list-entities", $"{found.Shard}");
        Assert.Contains(full, listed.Entities);
        Assert.Equal((found.Owner, found.Epoch), (listed.Owner, listed.Epoch));
    }

    [Theory]
    [InlineData("sharding find ingress/shop/nope", "no entity ingress/shop/nope runs (looked for in shard ")]
    [InlineData("sharding find shop/nope", "no entity ingress/shop/nope or backend/shop/nope runs (looked for in shard ")]
    [InlineData("sharding find azure", "no entity member/azure runs (looked for in shard ")]
    [InlineData("sharding find shop/shop", "'shop/shop' is ingress/shop/shop and backend/shop/shop: give one of them")]
    [InlineData("sharding find a/b/c/d", "'a/b/c/d' is no entity's key: give ingress/NAMESPACE/NAME")]
    [InlineData("sharding find /", "'/' is no entity's key")]
    [InlineData("sharding list-entities 4711", "there is no shard 4711; there are 0 to 63")]
    [InlineData("sharding list-shards --node nope", "knows no node nope; it knows local (\"mcctl cluster show\")")]
    [InlineData("cluster down nope --yes", "knows no node nope; it knows local (\"mcctl cluster show\")")]
    [InlineData("cluster down local --yes", "local is the node that you ask, and it lives: take it out with \"mcctl cluster leave\"")]
    [InlineData("actor hierarchy /user/control/nope/x", "there is no actor /user/control/nope/x: /user/control has no child nope")]
    [InlineData("actor hierarchy /nowhere", "there is no actor /nowhere: /user has no child nowhere")]
    [InlineData("log tail --lines 100000", "lines is '100000', but must be 0 to 2000: so many are kept")]
    [InlineData("log tail --follow --lines 100000", "lines is '100000', but must be 0 to 2000: so many are kept")]
    [InlineData("proxy diff nope", "there is no proxy nope; known are local (\"mcctl proxy list\")")]
    public async Task What_does_not_exist_is_a_clear_error(string command, string error)
    {
        var printed = await shop.McctlAsync(command.Split(' '));
        Assert.Equal((1, ""), (printed.Code, printed.Output));
        Assert.StartsWith("error: ", printed.Error, StringComparison.Ordinal);
        Assert.Contains(error, printed.Error, StringComparison.Ordinal);
        Assert.Equal(1, printed.Error.Count(static c => c == '\n'));
    }

    [Fact]
    public async Task The_hierarchy_holds_the_proxy_and_every_entity_and_may_be_cut()
    {
        var tree = await JsonAsync<ActorView>("actor", "hierarchy");
        var all = Flatten(tree).ToList();
        Assert.Contains(all, static actor => actor.Type.Contains("HAProxyInstance", StringComparison.Ordinal) && actor.State == "Running");
        Assert.Contains(all, static actor => actor.Name == Uri.EscapeDataString("ingress/shop/shop"));
        var cut = await JsonAsync<ActorView>("actor", "hierarchy", "/user/control", "--depth", "1");
        Assert.Equal("/user/control", cut.Path);
        Assert.All(cut.Children, static child => Assert.Empty(child.Children));
        Assert.True(cut.Children.Sum(static child => child.Hidden) >= 4);
        Assert.Contains("control", (await shop.McctlAsync("actor", "hierarchy", "--depth", "1")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_holds_what_was_logged_of_a_level_and_above()
    {
        var log = await JsonAsync<LogView>("log", "tail", "--lines", "2000");
        Assert.Equal(("info", 2000), (log.Level, log.Capacity));
        Assert.Contains(log.Lines, static line => line.Category == "MultiCluster.Cluster" && line.Level == "info");
        Assert.Equal(log.Lines.Select(static line => line.Number).Order(), log.Lines.Select(static line => line.Number));
        Assert.Single((await JsonAsync<LogView>("log", "tail", "--lines", "1")).Lines);
        Assert.DoesNotContain((await JsonAsync<LogView>("log", "tail", "--level", "error", "--lines", "2000")).Lines, static line => line.Level is "info" or "warn");
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_web_page_changes_nothing(string header, string value)
    {
        foreach (var path in new[] { ClusterPaths.Leave, ClusterPaths.Down("nope") })
            Assert.StartsWith("403 ", await shop.HttpAsync(HttpMethod.Post, path, (header, value)), StringComparison.Ordinal);
        Assert.StartsWith("421 ", await shop.HttpAsync(HttpMethod.Post, ClusterPaths.Leave, ("Host", "rebound.example")), StringComparison.Ordinal);
        Assert.StartsWith("421 ", await shop.HttpAsync(HttpMethod.Get, ClusterPaths.Log, ("Host", "rebound.example")), StringComparison.Ordinal);
        Assert.StartsWith("405 ", await shop.HttpAsync(HttpMethod.Get, ClusterPaths.Leave), StringComparison.Ordinal);
        Assert.True((await JsonAsync<ClusterStateView>("cluster", "show")).HasJoined);
    }

    [Theory]
    [InlineData(ClusterPaths.Shards + "/x/entities", "'x' is no shard's number")]
    [InlineData(ClusterPaths.Actors + "?depth=x", "depth is 'x', but must be a number")]
    [InlineData(ClusterPaths.Log + "?level=loud", "level is 'loud', but must be one of trace, debug, info, warn, error, critical")]
    [InlineData(ClusterPaths.Log + "?lines=-1", "lines is '-1', but must be 0 to 2000")]
    [InlineData(ClusterPaths.Find, "'' is no entity's key")]
    public async Task A_wrong_request_is_400_with_its_reason(string path, string reason)
    {
        var answer = await shop.HttpAsync(HttpMethod.Get, path);
        Assert.StartsWith("400 ", answer, StringComparison.Ordinal);
        Assert.StartsWith(reason, JsonSerializer.Deserialize(answer[4..], AdminJson.Default.ProblemView)!.Detail, StringComparison.Ordinal);
    }

    private Task<T> JsonAsync<T>(params string[] command) => shop.JsonAsync<T>(command);

    private static IEnumerable<ActorView> Flatten(ActorView actor) => actor.Children.SelectMany(Flatten).Prepend(actor);

    private static string Squeeze(string text) => System.Text.RegularExpressions.Regex.Replace(text, " +", " ");
}
