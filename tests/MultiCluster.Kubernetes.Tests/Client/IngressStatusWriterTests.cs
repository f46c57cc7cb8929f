using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Client;

public sealed class IngressStatusWriterTests
{
    private static readonly ObjectKey Web = new("shop", "web");

    [Fact]
    public async Task Addresses_are_written_as_ip_or_hostname_and_nothing_else_changes()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(Samples.Ingress));
        await fixture.Sink.ListedAsync(ResourceKind.Ingress);
        var before = fixture.Cluster.Get(ResourcePath.Ingresses, Web)!;
        Assert.Equal(StatusWriteOutcome.Ok, (await WriteAsync(fixture.Cluster, ["203.0.113.7", "2001:db8:0::1", "lb.example"])).Outcome);
        var after = fixture.Cluster.Get(ResourcePath.Ingresses, Web)!;
        Assert.Equal("""[{"ip":"203.0.113.7"},{"ip":"2001:db8::1"},{"hostname":"lb.example"}]""", after["status"]!["loadBalancer"]!["ingress"]!.ToJsonString());
        Assert.Equal(before["spec"]!.ToJsonString(), after["spec"]!.ToJsonString());
        var seen = await fixture.Sink.UpsertedAsync<IngressResource>("web");
        Assert.Equal(["203.0.113.7", "2001:db8::1", "lb.example"], seen.StatusAddresses);
    }

    [Theory]
    [InlineData(403, StatusWriteOutcome.Forbidden)]
    [InlineData(409, StatusWriteOutcome.Conflict)]
    [InlineData(404, StatusWriteOutcome.NotFound)]
    [InlineData(500, StatusWriteOutcome.Failed)]
    public async Task Refusals_are_values(int code, StatusWriteOutcome outcome)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Apply(Samples.Ingress);
        cluster.Faults.Fail(ResourcePath.Ingresses, code, verb: FaultVerb.Write);
        var result = await WriteAsync(cluster, ["192.0.2.1"]);
        Assert.Equal(outcome, result.Outcome);
        Assert.Contains("shop/web", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ingress_that_has_gone_and_a_server_that_has_gone_are_told_apart()
    {
        await using var cluster = await FakeCluster.StartAsync();
        Assert.Equal(StatusWriteOutcome.NotFound, (await WriteAsync(cluster, [])).Outcome);
        await cluster.PauseAsync();
        Assert.Equal(StatusWriteOutcome.Failed, (await WriteAsync(cluster, [])).Outcome);
    }

    private static async Task<StatusWriteResult> WriteAsync(FakeCluster cluster, string[] addresses)
    {
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System);
        return await new IngressStatusWriter(client).WriteAsync(Web, addresses, default);
    }
}
