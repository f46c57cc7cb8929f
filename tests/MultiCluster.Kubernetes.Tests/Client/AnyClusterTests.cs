using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Client;

/// <summary>What must hold for the fake and for each real API server of MULTICLUSTER_TEST_KUBECONFIGS alike: it keeps the fake honest.</summary>
public sealed class AnyClusterTests
{
    private const string Space = "multicluster-test";

    private const string Fake = "fake";

    private const string Objects = """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: any, namespace: multicluster-test}
        spec:
          rules:
          - host: any.example
            http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: any, port: {name: http}}}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: any, namespace: multicluster-test}
        spec:
          ports:
          - {name: http, port: 80, targetPort: web}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: any-1, namespace: multicluster-test, labels: {kubernetes.io/service-name: any}}
        addressType: IPv4
        ports:
        - {name: http, port: 8080}
        endpoints:
        - addresses: [10.77.0.5]
          targetRef: {kind: Pod, name: any-pod, namespace: multicluster-test}
        """;

    public static TheoryData<string> Clusters => [Fake, .. RealCluster.KubeConfigs];

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Objects_applied_are_seen_changed_and_deleted(string which)
    {
        await using var cluster = await ConnectAsync(which);
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System);
        var member = new ApiServerMember(new MemberName("any"), client, [Space], new ReflectorOptions(), TimeProvider.System, NullLogger<ApiServerMember>.Instance);
        await using var running = new RunningSource(member);
        await running.Sink.ConnectedAsync(ResourceKind.EndpointSlice);
        await cluster.ApplyAsync(Objects);
        var slice = await running.Sink.UpsertedAsync<EndpointSliceResource>("any-1");
        Assert.Equal(new Endpoint(["10.77.0.5"], true, true, false) { PodName = "any-pod" }, Assert.Single(slice.Endpoints));
        await cluster.ApplyAsync(Objects.Replace("10.77.0.5", "10.77.0.6", StringComparison.Ordinal));
        await running.Sink.UpsertedAsync<EndpointSliceResource>("any-1", static s => s.Endpoints[0].Addresses[0] == "10.77.0.6");
        Assert.True(await cluster.DeleteAsync(ResourcePath.EndpointSlices, new ObjectKey(Space, "any-1")));
        await running.Sink.DeletedAsync(ResourceKind.EndpointSlice, "any-1");
        Assert.False(await cluster.DeleteAsync(ResourcePath.EndpointSlices, new ObjectKey(Space, "any-1")));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Status_is_written_and_an_unknown_ingress_is_not_found(string which)
    {
        await using var cluster = await ConnectAsync(which);
        await cluster.ApplyAsync(Objects);
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System);
        var writer = new IngressStatusWriter(client);
        var key = new ObjectKey(Space, "any");
        Assert.Equal(StatusWriteOutcome.Ok, (await writer.WriteAsync(key, ["203.0.113.9"], default)).Outcome);
        var ingress = await cluster.GetAsync(ResourcePath.Ingresses, key);
        Assert.Equal("203.0.113.9", (string?)ingress!["status"]!["loadBalancer"]!["ingress"]![0]!["ip"]);
        Assert.Equal(StatusWriteOutcome.NotFound, (await writer.WriteAsync(key with { Name = "none" }, [], default)).Outcome);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Applying_the_same_again_changes_nothing(string which)
    {
        await using var cluster = await ConnectAsync(which);
        var key = new ObjectKey(Space, "any");
        await cluster.ApplyAsync(Objects);
        var before = await cluster.GetAsync(ResourcePath.Services, key);
        await cluster.ApplyAsync(Objects);
        var after = await cluster.GetAsync(ResourcePath.Services, key);
        Assert.Equal((string?)before!["metadata"]!["resourceVersion"], (string?)after!["metadata"]!["resourceVersion"]);
    }

    private static async Task<ITestCluster> ConnectAsync(string which) =>
        which == Fake ? await FakeCluster.StartAsync() : RealCluster.Connect(which);
}
