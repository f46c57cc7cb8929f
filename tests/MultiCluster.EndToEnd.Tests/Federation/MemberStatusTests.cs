using System.Text;
using System.Text.Json.Nodes;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>The status of a MemberCluster of the home cluster, by which the product has found a member.</summary>
public sealed class MemberStatusTests : IAsyncLifetime
{
    private FederatedWorld _world = null!;

    private FederatedMember Home => _world["aws"];

    private FederatedMember Gcp => _world["gcp"];

    public async Task InitializeAsync() => _world = await FederatedWorld.StartAsync(
        HAProxyBinaries.Default,
        [await FederatedMember.StartAsync("aws", "home = true")],
        "discovery { enabled = true, namespace = multicluster }",
        pods: 10,
        found: await FederatedMember.StartAsync("gcp"));

    public async Task DisposeAsync()
    {
        await _world.AssertUndisturbedAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task It_tells_how_the_member_is_and_stays_when_the_controller_stops()
    {
        await RegisterAsync("Active");
        var told = await UntilAsync("CredentialsValid=True", "Reachable=True", "Stale=False", "Synced=True");
        Assert.InRange(DateTimeOffset.Parse((string)told["lastSync"]!, null), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow());

        await RegisterAsync("Drain");
        await Await.NothingMissingAsync(() => Task.FromResult(
            (long?)Status?["observedGeneration"] == (long)Object["metadata"]!["generation"]! && (long)Object["metadata"]!["generation"]! > 1 ? null : $"the generation observed; it is {Object.ToJsonString()}"));

        await Gcp.Cluster.PauseAsync();
        await UntilAsync("CredentialsValid=True", "Reachable=False", "Stale=True", "Synced=True");
        await _world.Product.StopControllerAsync();
        Assert.Contains("Stale=True", Texts(Status));
        await Gcp.Cluster.ResumeAsync();
        await _world.Product.StartControllerAsync();
        await UntilAsync("CredentialsValid=True", "Reachable=True", "Stale=False", "Synced=True");
    }

    [Theory]
    [InlineData("patch", "status", "grant patch on memberclusters/status")]
    [InlineData("get", null, "grant get on memberclusters")]
    public async Task Without_the_right_the_member_is_read_all_the_same_and_it_is_said_what_to_grant(string verb, string? subresource, string fix)
    {
        Home.Cluster.Access.Deny(verb, ResourcePath.MemberClusters, subresource);
        await _world.AddServiceAsync("ms", "web", ("gcp", 1));
        await Gcp.ApplyAsync(FederatedYaml.Ingress("ms", "web", "ms.test", "web"));
        await RegisterAsync("Active");
        await _world.UntilMembersAsync("http://ms.test/", "gcp");
        var view = await _world.Product.UntilMemberAsync("aws", view => view.Member.Problems.Any(problem => problem.Contains(fix, StringComparison.Ordinal)), fix);
        Assert.Single(view.Member.Problems, problem => problem.Contains(fix, StringComparison.Ordinal));
        Assert.Null(Status);
    }

    private JsonNode Object => Home.Cluster.Get(ResourcePath.MemberClusters, new ObjectKey("", "gcp"))!;

    private JsonNode? Status => Object["status"];

    private async Task RegisterAsync(string state) => Home.Cluster.Apply($$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: gcp-kubeconfig, namespace: multicluster}
        data: {kubeconfig: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(Gcp.Cluster.KubeConfigPath)))}} }
        ---
        apiVersion: multicluster-ingress.github.io/v1alpha1
        kind: MemberCluster
        metadata: {name: gcp}
        spec: {state: {{state}}, kubeconfigSecretRef: {namespace: multicluster, name: gcp-kubeconfig} }

        """);

    private async Task<JsonNode> UntilAsync(params string[] conditions)
    {
        await Await.NothingMissingAsync(
            () => Task.FromResult(Texts(Status).SequenceEqual(conditions) ? null : $"{string.Join(", ", conditions)}; the status is {Status?.ToJsonString()}"),
            TimeSpan.FromMinutes(1));
        return Status!;
    }

    private static List<string> Texts(JsonNode? status) =>
        [.. (status?["conditions"]?.AsArray() ?? []).Select(static item => $"{item!["type"]}={item["status"]}").Order(StringComparer.Ordinal)];
}
