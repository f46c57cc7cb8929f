using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Status;
using MultiCluster.Kubernetes.Tests.Client;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Kubernetes.Tests.Status;

public sealed class StatusWriterTests
{
    private static readonly ObjectKey Shop = new("web", "shop");

    private static readonly FederatedIngressStatus Some = new(
        3,
        [new StatusCondition("Programmed", true, "Programmed", "in every proxy"), new StatusCondition("Accepted", true, "Accepted", "")],
        ["203.0.113.7", "lb.example"],
        [
            new ClusterStatus(new MemberName("gcp"), 3, 2, 20) { Region = "eu" },
            new ClusterStatus(new MemberName("aws"), 12, 12, 80) { Conditions = [new StatusCondition("Conflict", false, "NoConflicts", "")] },
        ]);

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, 500, TimeSpan.Zero));

    [Fact]
    public async Task Status_of_a_federated_ingress_is_written_whole()
    {
        await using var cluster = await StartAsync();
        Assert.Equal(new StatusWriteResult(StatusWriteOutcome.Ok, ""), await WriteAsync(cluster, Some));
        const string accepted = """{"type":"Accepted","status":"True","reason":"Accepted","message":"","lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":3}""";
        const string programmed = """{"type":"Programmed","status":"True","reason":"Programmed","message":"in every proxy","lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":3}""";
        const string conflict = """{"type":"Conflict","status":"False","reason":"NoConflicts","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}""";
        AssertStatus(cluster, $$"""
            {"observedGeneration":3,"conditions":[{{accepted}},{{programmed}}],"loadBalancer":{"ingress":[{"ip":"203.0.113.7"},{"hostname":"lb.example"}]},
            "clusters":[{"cluster":"aws","endpoints":{"total":12,"ready":12},"effectiveWeight":80,"conditions":[{{conflict}}]},
            {"cluster":"gcp","region":"eu","endpoints":{"total":3,"ready":2},"effectiveWeight":20,"conditions":[]}]}
            """);
    }

    [Fact]
    public async Task What_is_there_already_is_not_written()
    {
        await using var cluster = await StartAsync();
        await WriteAsync(cluster, Some);
        var version = cluster.ResourceVersion;
        _time.Advance(TimeSpan.FromHours(1));
        await WriteAsync(cluster, Some);
        Assert.Equal(version, cluster.ResourceVersion);
        Assert.Single(cluster.Requests, static request => request.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_time_of_a_condition_changes_only_with_its_status()
    {
        await using var cluster = await StartAsync();
        await WriteAsync(cluster, Some);
        _time.Advance(TimeSpan.FromHours(1));
        await WriteAsync(cluster, Some with
        {
            ObservedGeneration = 4,
            Conditions = [new StatusCondition("Accepted", true, "Other", "said otherwise"), new StatusCondition("Programmed", false, "Pending", "")],
        });
        var conditions = cluster.Get(ResourcePath.FederatedIngresses, Shop)!["status"]!["conditions"]!.AsArray();
        Assert.Equal(
            ["Accepted Other 2026-01-01T00:00:00Z 4", "Programmed Pending 2026-01-01T01:00:00Z 4"],
            conditions.Select(static c => $"{c!["type"]} {c["reason"]} {c["lastTransitionTime"]} {c["observedGeneration"]}"));
    }

    [Fact]
    public async Task Staleness_is_told_in_whole_minutes()
    {
        await using var cluster = await StartAsync();
        var since = _time.GetUtcNow();
        await WriteAsync(cluster, Stale(since, 65));
        var version = cluster.ResourceVersion;
        await WriteAsync(cluster, Stale(since, 119));
        Assert.Equal(version, cluster.ResourceVersion);
        await WriteAsync(cluster, Stale(since, 121));
        var stale = cluster.Get(ResourcePath.FederatedIngresses, Shop)!["status"]!["clusters"]![0]!;
        Assert.Equal(("2026-01-01T00:00:00Z", 120), (stale["lastObservedTime"]!.GetValue<string>(), stale["staleSeconds"]!.GetValue<int>()));
    }

    /// <summary>As after a restart of the controller while the member is away.</summary>
    [Fact]
    public async Task A_writer_that_came_later_keeps_the_time_that_the_one_before_knew()
    {
        await using var cluster = await StartAsync();
        var since = _time.GetUtcNow();
        await WriteAsync(cluster, Stale(since, 60));
        await WriteAsync(cluster, Stale(since.AddMinutes(30), 0));
        var stale = cluster.Get(ResourcePath.FederatedIngresses, Shop)!["status"]!["clusters"]![0]!;
        Assert.Equal(("2026-01-01T00:00:00Z", 1800), (stale["lastObservedTime"]!.GetValue<string>(), stale["staleSeconds"]!.GetValue<int>()));
        // It was read in between: that is over.
        await WriteAsync(cluster, Some with { Clusters = [new ClusterStatus(new MemberName("aws"), 1, 1, null)] });
        await WriteAsync(cluster, Stale(since.AddMinutes(50), 0));
        stale = cluster.Get(ResourcePath.FederatedIngresses, Shop)!["status"]!["clusters"]![0]!;
        Assert.Equal(("2026-01-01T00:50:00Z", 0), (stale["lastObservedTime"]!.GetValue<string>(), stale["staleSeconds"]!.GetValue<int>()));
    }

    [Fact]
    public async Task The_specification_and_fields_of_others_stay()
    {
        await using var cluster = await StartAsync();
        cluster.PatchStatus(ResourcePath.FederatedIngresses, Shop, """{"configHash":"x"}""");
        var spec = cluster.Get(ResourcePath.FederatedIngresses, Shop)!["spec"]!.ToJsonString();
        await WriteAsync(cluster, Some);
        var after = cluster.Get(ResourcePath.FederatedIngresses, Shop)!;
        Assert.Equal((spec, "x"), (after["spec"]!.ToJsonString(), after["status"]!["configHash"]!.GetValue<string>()));
    }

    public static TheoryData<string, string> OfOthers => new()
    {
        { "", "Accepted Programmed" },
        { "Audited", "Audited Accepted Programmed" },
        { "Programmed Audited Accepted", "Programmed Audited Accepted" },
        { "Stale Audited Overridden Zoned", "Audited Zoned Accepted Programmed" },
    };

    /// <summary>As in a list of type map: a controller has the say over its own types.</summary>
    [Theory]
    [MemberData(nameof(OfOthers))]
    public async Task Conditions_of_others_stay_where_they_are_and_as_they_are(string before, string after)
    {
        await using var cluster = await StartAsync();
        var there = before.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Other);
        cluster.PatchStatus(ResourcePath.FederatedIngresses, Shop, $$"""{"conditions":[{{string.Join(',', there)}}]}""");

        await WriteAsync(cluster, Some);
        var conditions = cluster.Get(ResourcePath.FederatedIngresses, Shop)!["status"]!["conditions"]!.AsArray();
        Assert.Equal(after, string.Join(' ', conditions.Select(static c => c!["type"])));
        Assert.All(
            conditions.Where(static c => (string)c!["type"]! is "Audited" or "Zoned"),
            static c => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Other((string)c!["type"]!)), c), c.ToJsonString()));

        var version = cluster.ResourceVersion;
        await WriteAsync(cluster, Some);
        Assert.Equal(version, cluster.ResourceVersion);

        static string Other(string type) =>
            $$"""{"type":"{{type}}","status":"Unknown","reason":"Other","message":"of another","lastTransitionTime":"2025-01-01T00:00:00Z","more":[1]}""";
    }

    /// <summary>Somebody writes between the reading and the patch, which would replace the whole list.</summary>
    [Theory]
    [InlineData(1, StatusWriteOutcome.Ok)]
    [InlineData(3, StatusWriteOutcome.Ok)]
    [InlineData(4, StatusWriteOutcome.Conflict)]
    public async Task What_another_writes_meanwhile_is_not_lost(int times, StatusWriteOutcome outcome)
    {
        await using var cluster = await StartAsync();
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System);
        var written = 0;
        var result = await new StatusPatcher(client, ResourcePath.FederatedIngresses).WriteAsync(
            Shop,
            (json, before) =>
            {
                if (written++ < times)
                    cluster.PatchStatus(ResourcePath.FederatedIngresses, Shop, $$"""{"of":[{{written}}]}""");
                json.WriteStartArray("of");
                foreach (var item in before.ValueKind == System.Text.Json.JsonValueKind.Object ? before.GetProperty("of").EnumerateArray() : [])
                    item.WriteTo(json);
                json.WriteStringValue("mine");
                json.WriteEndArray();
            },
            default);

        Assert.Equal(outcome, result.Outcome);
        var expected = outcome == StatusWriteOutcome.Ok ? $"[{times},\"mine\"]" : $"[{times}]";
        Assert.Equal(expected, cluster.Get(ResourcePath.FederatedIngresses, Shop)!["status"]!["of"]!.ToJsonString());
    }

    [Fact]
    public async Task Status_of_a_member_cluster_is_written()
    {
        await using var cluster = await StartAsync();
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System);
        var writer = new MemberClusterStatusWriter(client, _time);
        var status = new MemberClusterStatus(1, [new StatusCondition(MemberClusterStatus.Reachable, null, "Unknown", "")], _time.GetUtcNow().AddSeconds(59));
        Assert.Equal(StatusWriteOutcome.Ok, (await writer.WriteAsync("aws", status, default)).Outcome);
        var written = JsonNode.Parse("""
            {"observedGeneration":1,"conditions":[{"type":"Reachable","status":"Unknown","reason":"Unknown","message":"","lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":1}],"lastSync":"2026-01-01T00:00:00Z"}
            """);
        Assert.True(JsonNode.DeepEquals(written, cluster.Get(ResourcePath.MemberClusters, new ObjectKey("", "aws"))!["status"]));
    }

    [Theory]
    [InlineData("get", null, "grant get on federatedingresses.multicluster-ingress.github.io")]
    [InlineData("patch", "status", "grant patch on federatedingresses/status in multicluster-ingress.github.io")]
    public async Task A_right_that_is_missing_is_a_value_that_names_it(string verb, string? subresource, string fix)
    {
        await using var cluster = await StartAsync();
        cluster.Access.Deny(verb, ResourcePath.FederatedIngresses, subresource);
        var result = await WriteAsync(cluster, Some);
        Assert.Equal(StatusWriteOutcome.Forbidden, result.Outcome);
        Assert.StartsWith("status of FederatedIngress web/shop: 403", result.Message, StringComparison.Ordinal);
        Assert.EndsWith(fix, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_right_for_an_ingress_is_named_too()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Apply(Samples.Ingress);
        cluster.Access.Deny("patch", ResourcePath.Ingresses, "status");
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System);
        var result = await new IngressStatusWriter(client).WriteAsync(new ObjectKey("shop", "web"), ["192.0.2.1"], default);
        Assert.Equal(StatusWriteOutcome.Forbidden, result.Outcome);
        Assert.EndsWith("grant patch on ingresses/status in networking.k8s.io", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_or_a_server_that_is_not_there_is_a_value()
    {
        await using var cluster = await FakeCluster.StartAsync();
        Assert.Equal(StatusWriteOutcome.NotFound, (await WriteAsync(cluster, Some)).Outcome);
        await cluster.PauseAsync();
        Assert.Equal(StatusWriteOutcome.Failed, (await WriteAsync(cluster, Some)).Outcome);
    }

    private static FederatedIngressStatus Stale(DateTimeOffset since, int seconds) => Some with
    {
        Clusters = [new ClusterStatus(new MemberName("aws"), 1, 1, null) { LastObserved = since, Stale = TimeSpan.FromSeconds(seconds) }],
    };

    private static async Task<FakeCluster> StartAsync()
    {
        var cluster = await FakeCluster.StartAsync();
        cluster.Apply("""
            apiVersion: multicluster-ingress.github.io/v1alpha1
            kind: FederatedIngress
            metadata: {name: shop, namespace: web}
            spec: {resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: shop}}
            ---
            apiVersion: multicluster-ingress.github.io/v1alpha1
            kind: MemberCluster
            metadata: {name: aws}
            spec: {kubeconfigSecretRef: {namespace: clusters, name: aws}}
            """);
        return cluster;
    }

    private static void AssertStatus(FakeCluster cluster, string expected)
    {
        var status = cluster.Get(ResourcePath.FederatedIngresses, Shop)!["status"];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), status), status!.ToJsonString());
    }

    private async Task<StatusWriteResult> WriteAsync(FakeCluster cluster, FederatedIngressStatus status)
    {
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System);
        return await new FederatedIngressStatusWriter(client, _time).WriteAsync(Shop, status, default);
    }
}
