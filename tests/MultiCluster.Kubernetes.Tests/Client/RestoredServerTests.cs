using System.Text;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Client;

/// <summary>An etcd that is restored from a backup counts from there again.</summary>
public sealed class RestoredServerTests
{
    [Theory]
    [InlineData("""{"type":"BOOKMARK","object":{"apiVersion":"v1","kind":"Service","metadata":{"resourceVersion":"17"}}}""")]
    [InlineData("""{"type":"MODIFIED","object":{"apiVersion":"v1","kind":"Service","metadata":{"name":"s0000","namespace":"default","resourceVersion":"999"}}}""")]
    [InlineData("""{"type":"ERROR","object":{"apiVersion":"v1","kind":"Status","code":504,"reason":"Timeout","message":"Too large resource version: 2000, current: 17"}}""")]
    public async Task A_version_that_goes_backwards_leads_to_a_list(string line)
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(ClusterFixture.Services(3)));
        await fixture.WatchingAsync();
        fixture.Cluster.SendRaw(ResourcePath.Services, Encoding.UTF8.GetBytes(line + "\n"));
        Assert.Equal(3, (await fixture.Sink.ListedAsync(ResourceKind.Service)).Items.Length);
        fixture.Cluster.Apply(ClusterFixture.Service("a"));
        await fixture.EventuallyAsync(ResourceKind.Service, static known => known.Count == 4, "four services");
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Upserted { Resource.Key.Name: "s0000" } or MemberEvent.Disconnected { Kind: ResourceKind.Service });
    }

    [Theory]
    [InlineData("9", "10", true)]
    [InlineData("10", "9", false)]
    [InlineData("10", "10", false)]
    [InlineData("18446744073709551616", "18446744073709551617", true)]
    [InlineData("", "10", false)]
    [InlineData("0", "10", false)]
    [InlineData("010", "11", false)]
    [InlineData("a9", "b9", false)]
    public void Only_decimal_numbers_have_an_order(string version, string known, bool isOlder) =>
        Assert.Equal(isOlder, ResourceVersions.IsOlder(version, known));
}
