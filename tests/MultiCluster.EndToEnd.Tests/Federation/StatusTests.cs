using System.Text.Json.Nodes;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>Two members and a home cluster that has nothing but FederatedIngresses.</summary>
public sealed class StatusWorld : IAsyncLifetime
{
    internal FederatedWorld World { get; private set; } = null!;

    public async Task InitializeAsync() => World = await FederatedWorld.StartAsync(
        HAProxyBinaries.Default,
        [
            await FederatedMember.StartAsync("home", "home = true"),
            await FederatedMember.StartAsync("aws", "region = eu-west-1"),
            await FederatedMember.StartAsync("gcp"),
        ],
        pods: 100);

    public async Task DisposeAsync() => await World.DisposeAsync();
}

/// <summary>What people see with kubectl: status of FederatedIngresses, Events on Ingresses, and what a missing right does.</summary>
public sealed class StatusTests(StatusWorld status) : IClassFixture<StatusWorld>, IAsyncLifetime
{
    private static readonly string[] Split8020 = ["{cluster: aws, weight: 80}", "{cluster: gcp, weight: 20}"];

    private FederatedWorld World => status.World;

    private FederatedMember Home => World["home"];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var member in World.Members)
            member.Cluster.Access.AllowAll();
        await World.ClearAsync();
        await World.AssertUndisturbedAsync();
    }

    [Fact]
    public async Task A_FederatedIngress_tells_what_each_cluster_contributes_and_follows_policy_and_orders()
    {
        await World.AddServiceAsync("st1", "web", ("aws", 3), ("gcp", 1));
        await World["aws"].ApplyAsync(Yaml.Slice("st1", "web", World.Pods.Port, World.Pods.New(2, "aws", "st1", "web"), suffix: "starting", ready: false));
        await FederateAsync("st1", Split8020);
        await World.UntilMembersAsync("http://st1.test/", "aws", "gcp");
        var told = await UntilStatusAsync("st1", "aws 3/5 77, gcp 1/1 23");
        Assert.Equal(
            ["Accepted=True", "Conflict=False", "Programmed=True", "ResolvedRefs=True", "Stale=False"],
            (await UntilConditionAsync("st1", "Programmed", "True"))["conditions"]!.AsArray().Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(Setting.StatusAddress, (string?)told["loadBalancer"]!["ingress"]![0]!["ip"]);
        Assert.Equal("eu-west-1", (string?)told["clusters"]![0]!["region"]);

        await FederateAsync("st1", ["{cluster: aws, weight: 50}", "{cluster: gcp, weight: 50}"]);
        told = await UntilStatusAsync("st1", "aws 3/5 46, gcp 1/1 54");
        Assert.Equal(await GenerationAsync("st1"), (long)told["observedGeneration"]!);
        Assert.Equal(await GenerationAsync("st1"), (long)told["conditions"]![0]!["observedGeneration"]!);

        await World.Product.McctlAsync("member", "cordon", "gcp");
        await UntilStatusAsync("st1", "aws 3/5 100, gcp 1/1 0");
        await World.Product.McctlAsync("member", "undrain", "gcp");
        await UntilStatusAsync("st1", "aws 3/5 46, gcp 1/1 54");
    }

    /// <summary>Each slice that changes is followed by the proxy; the home API server does not hear of each.</summary>
    [Fact]
    public async Task Pods_that_come_and_go_cost_the_home_cluster_no_write_each()
    {
        const int Changes = 200;
        await World.AddServiceAsync("st2", "web", ("aws", 2), ("gcp", 1));
        await FederateAsync("st2", Split8020);
        await UntilStatusAsync("st2", "aws 2/2 80, gcp 1/1 20");
        var before = Writes();
        var pods = World.Pods.New(8, "aws", "st2", "web");
        for (var i = 0; i < Changes; i++)
        {
            await World["aws"].ApplyAsync(Yaml.Slice("st2", "web", World.Pods.Port, pods.Take(1 + (i % 8))));
            await World.Product.UntilAsync("http://st2.test/", static answer => answer.Echo is not null, "an answer");
        }

        // At the latest after half a minute it is as it is.
        await UntilStatusAsync("st2", "aws 8/8 80, gcp 1/1 20", TimeSpan.FromMinutes(2));
        Assert.InRange(Writes() - before, 1, Changes / 10);

        int Writes() => Home.Cluster.Requests.Count(static request => request.StartsWith("PATCH", StringComparison.Ordinal) && request.Contains("/st2/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_member_that_can_not_be_read_is_told_as_stale_with_what_it_had_until_it_can()
    {
        await World.AddServiceAsync("st3", "web", ("aws", 1), ("gcp", 2));
        await FederateAsync("st3", Split8020);
        await UntilStatusAsync("st3", "aws 1/1 80, gcp 2/2 20");
        await World["gcp"].Cluster.PauseAsync();
        try
        {
            var told = await UntilConditionAsync("st3", "Stale", "True");
            var gcp = told["clusters"]![1]!;
            Assert.Equal("aws 1/1 80, gcp 2/2 20", Clusters(told));
            Assert.True((long)gcp["staleSeconds"]! >= 0);
            Assert.InRange(DateTimeOffset.Parse((string)gcp["lastObservedTime"]!, null), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow());
            Assert.Null(told["clusters"]![0]!["staleSeconds"]);
            Assert.Contains("Stale=True", gcp["conditions"]!.AsArray().Select(Text));
            await World.UntilMembersAsync("http://st3.test/", "aws", "gcp");
        }
        finally
        {
            await World["gcp"].Cluster.ResumeAsync();
        }

        Assert.Null((await UntilConditionAsync("st3", "Stale", "False"))["clusters"]![1]!["staleSeconds"]);
    }

    [Fact]
    public async Task Two_copies_that_differ_get_one_Event_each_also_over_a_restart()
    {
        await World.AddServiceAsync("st4", "web", ("aws", 1), ("gcp", 1));
        await World.AddServiceAsync("st4", "other", ("aws", 1), ("gcp", 1));
        await World["aws"].ApplyAsync(FederatedYaml.Ingress("st4", "web", "st4.test", "web"));
        await World["gcp"].ApplyAsync(FederatedYaml.Ingress("st4", "web", "st4.test", "other"));
        string[] conflict = ["Warning PathConflict"];
        await UntilEventsAsync("aws", "st4", conflict);
        await UntilEventsAsync("gcp", "st4", conflict);
        var told = Events("gcp", "st4").Single();
        Assert.Equal(("Ingress", "web", "Merge"), ((string?)told["regarding"]!["kind"], (string?)told["regarding"]!["name"], (string?)told["action"]));

        await World.Product.StopControllerAsync();
        await World.Product.StartControllerAsync();
        // When it has told of another one it has had the time to repeat itself, which is counted in the series of the Event that there is.
        await World.AddServiceAsync("st4b", "web", ("aws", 1), ("gcp", 1));
        await World.AddServiceAsync("st4b", "other", ("aws", 1), ("gcp", 1));
        await World["aws"].ApplyAsync(FederatedYaml.Ingress("st4b", "web", "st4b.test", "web"));
        await World["gcp"].ApplyAsync(FederatedYaml.Ingress("st4b", "web", "st4b.test", "other"));
        await UntilEventsAsync("gcp", "st4b", conflict);
        Assert.Equal(conflict, Texts("aws", "st4"));
        Assert.Equal(conflict, Texts("gcp", "st4"));
        Assert.Null(Events("aws", "st4").Single()["series"]);
        Assert.Null(Events("gcp", "st4").Single()["series"]);

        // It recalls what it said, so that it can say that it is over.
        await World["gcp"].ApplyAsync(FederatedYaml.Ingress("st4", "web", "st4.test", "web"));
        await UntilEventsAsync("aws", "st4", "Warning PathConflict", "Normal NoConflicts");
        await UntilEventsAsync("gcp", "st4", "Warning PathConflict", "Normal NoConflicts");
    }

    /// <summary>Each right by itself: routes are served, and what to grant is said once.</summary>
    [Theory]
    [InlineData("create", "events.events.k8s.io", null, "aws", "grant create")]
    [InlineData("patch", "federatedingresses.multicluster-ingress.github.io", "status", "home", "grant patch on federatedingresses/status")]
    [InlineData("get", "federatedingresses.multicluster-ingress.github.io", null, "home", "grant get on federatedingresses")]
    [InlineData("patch", "ingresses.networking.k8s.io", "status", "aws", "grant patch on ingresses/status")]
    public async Task Without_a_right_to_write_routes_are_served_and_it_is_said_what_to_grant(string verb, string resource, string? subresource, string member, string fix)
    {
        var path = new[] { ResourcePath.Events, ResourcePath.FederatedIngresses, ResourcePath.Ingresses }.Single(item => item.QualifiedName == resource);
        var ns = $"st5-{verb}-{path.Plural}";
        World[member].Cluster.Access.Deny(verb, path, subresource);
        await World.AddServiceAsync(ns, "web", ("aws", 1), ("gcp", 1));
        await World.AddServiceAsync(ns, "other", ("aws", 1), ("gcp", 1));
        await World["aws"].ApplyAsync(FederatedYaml.Ingress(ns, "web", $"{ns}.test", "web"));
        await World["gcp"].ApplyAsync(FederatedYaml.Ingress(ns, "web", $"{ns}.test", "other"));
        await Home.ApplyAsync(FederatedYaml.FederatedReference(ns, "web", ""));
        await World.UntilMembersAsync($"http://{ns}.test/", "aws");
        var view = await World.Product.UntilMemberAsync(
            member, view => view.Member.Problems.Any(problem => problem.Contains(fix, StringComparison.Ordinal)), fix);
        Assert.Single(view.Member.Problems, problem => problem.Contains(fix, StringComparison.Ordinal));
        Assert.Contains(fix, (await World.Product.McctlAsync("member", "show", member)).Output, StringComparison.Ordinal);
        Assert.True(view.Member.Reachable);

        // The others are written all the same.
        await UntilEventsAsync("gcp", ns, "Warning PathConflict");
        await World["aws"].ApplyAsync(Yaml.Slice(ns, "web", World.Pods.Port, [World.Pods.New("aws", ns, "web")]));
        await World.UntilMembersAsync($"http://{ns}.test/", "aws");
    }

    [Fact]
    public async Task What_is_written_stays_when_the_controller_stops()
    {
        await World.AddServiceAsync("st6", "web", ("aws", 1), ("gcp", 1));
        await World.ApplyToAsync(FederatedYaml.Ingress("st6", "plain", "plain.st6.test", "web"), "aws");
        await FederateAsync("st6", Split8020);
        await UntilConditionAsync("st6", "Programmed", "True");
        await Await.TrueAsync(async () => await PlainAsync() is not null, "a status address");
        await World.Product.StopControllerAsync();
        try
        {
            Assert.Equal("aws 1/1 80, gcp 1/1 20", Clusters((await StatusAsync("st6"))!));
            Assert.NotNull(await PlainAsync());
        }
        finally
        {
            await World.Product.StartControllerAsync();
        }

        async Task<JsonNode?> PlainAsync() => (await World["aws"].GetAsync(ResourcePath.Ingresses, "st6", "plain"))?["status"]?["loadBalancer"]?["ingress"]?[0];
    }

    private Task FederateAsync(string ns, string[] clusters) => Home.ApplyAsync(FederatedYaml.FederatedIngress(ns, "web", $"{ns}.test", "web", $$"""
          placement: {clusterNames: [aws, gcp]}
          trafficPolicy: {clusters: [{{string.Join(", ", clusters)}}]}
        """));

    private async Task<JsonNode?> StatusAsync(string ns) => (await Home.GetAsync(ResourcePath.FederatedIngresses, ns, "web"))?["status"];

    private async Task<long> GenerationAsync(string ns) => (long)(await Home.GetAsync(ResourcePath.FederatedIngresses, ns, "web"))!["metadata"]!["generation"]!;

    private async Task<JsonNode> UntilStatusAsync(string ns, string clusters, TimeSpan? deadline = null)
    {
        JsonNode? told = null;
        await Await.NothingMissingAsync(
            async () => (told = await StatusAsync(ns)) is not null && Clusters(told) == clusters ? null : $"status of {ns}/web with {clusters}; it is {told?.ToJsonString()}",
            deadline ?? TimeSpan.FromMinutes(1));
        return told!;
    }

    private async Task<JsonNode> UntilConditionAsync(string ns, string type, string wanted)
    {
        JsonNode? told = null;
        await Await.NothingMissingAsync(async () =>
        {
            told = await StatusAsync(ns);
            return told?["conditions"]?.AsArray().Any(item => Text(item) == $"{type}={wanted}") == true ? null : $"condition {type}={wanted}; the status is {told?.ToJsonString()}";
        });
        return told!;
    }

    /// <summary>Such as "aws 3/5 80", ready of all and the effective weight.</summary>
    private static string Clusters(JsonNode status) => string.Join(", ", status["clusters"]?.AsArray().Select(static item =>
        $"{item!["cluster"]} {item["endpoints"]!["ready"]}/{item["endpoints"]!["total"]} {item["effectiveWeight"]}") ?? []);

    private static string Text(JsonNode? condition) => $"{condition!["type"]}={condition["status"]}";

    private List<JsonNode> Events(string member, string ns) =>
        [.. World[member].Cluster.All(ResourcePath.Events).Where(item => (string?)item["metadata"]!["namespace"] == ns).OrderBy(static item => (string?)item["eventTime"], StringComparer.Ordinal)];

    private List<string> Texts(string member, string ns) => [.. Events(member, ns).Select(static item => $"{item["type"]} {item["reason"]}")];

    private Task UntilEventsAsync(string member, string ns, params string[] wanted) => Await.NothingMissingAsync(() => Task.FromResult(
        Texts(member, ns).SequenceEqual(wanted) ? null : $"Events in {member}: {string.Join(", ", wanted)}; there are {string.Join(", ", Texts(member, ns))}"));
}
