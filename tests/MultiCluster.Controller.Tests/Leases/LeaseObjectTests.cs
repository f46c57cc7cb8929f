using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Controller.Leases;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Controller.Tests.Leases;

/// <summary>What a person sees who looks at the objects.</summary>
public sealed class LeaseObjectTests
{
    private const string Node = """
        {"name":"a-1","incarnation":"x","address":"h:1","cluster":"test","protocol":1,"state":"Up","renewals":7,"renewedAt":"2026-11-22T10:00:00.1234567+01:00"}
        """;

    [Fact]
    public async Task A_node_shows_its_name_its_TTL_and_when_it_renewed()
    {
        var lease = await WrittenAsync("node-a-1", Node);

        Assert.Equal(
            """{"holderIdentity":"a-1","leaseDurationSeconds":5,"renewTime":"2026-11-22T09:00:00.123456Z"}""", lease["spec"]!.ToJsonString());
        Assert.Equal(
            """{"app.kubernetes.io/managed-by":"multicluster","multicluster-ingress.github.io/cluster":"test"}""", lease["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal(Node, (string?)lease["metadata"]!["annotations"]![LeaseMapping.ValueAnnotation]);
    }

    [Fact]
    public async Task A_node_that_is_down_holds_nothing()
    {
        var lease = await WrittenAsync("node-a-1", Node.Replace("\"Up\"", "\"Down\"", StringComparison.Ordinal));

        Assert.Null(lease["spec"]!["holderIdentity"]);
        Assert.Null(lease["spec"]!["leaseDurationSeconds"]);
    }

    [Theory]
    [InlineData("""{"shard":3,"owner":{"name":"a-1","incarnation":"x"},"epoch":12}""", "a-1", 12)]
    [InlineData("""{"shard":3,"owner":null,"epoch":99999999999}""", null, int.MaxValue)]
    public async Task A_shard_shows_its_owner_and_its_epoch(string value, string? owner, int epoch)
    {
        var lease = await WrittenAsync("shard-0003", value);

        Assert.Equal(owner, (string?)lease["spec"]!["holderIdentity"]);
        Assert.Equal(epoch, (int?)lease["spec"]!["leaseTransitions"]);
        Assert.NotNull(lease["spec"]!["renewTime"]);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[1]")]
    [InlineData("""{"last":5}""")]
    [InlineData("""{"shard":[],"owner":7,"epoch":"x"}""")]
    [InlineData("""{"incarnation":1,"name":"","renewedAt":3}""")]
    public async Task What_shows_nothing_is_kept_all_the_same(string value)
    {
        var lease = await WrittenAsync("epoch", value);

        Assert.Null(lease["spec"]!["holderIdentity"]);
        Assert.Equal(value, (string?)lease["metadata"]!["annotations"]![LeaseMapping.ValueAnnotation]);
    }

    [Theory]
    [InlineData("shard-0001", true)]
    [InlineData("node-ip-10-0-0-1.ec2.internal", true)]
    [InlineData("Upper", false)]
    [InlineData("-", false)]
    [InlineData("a..b", false)]
    [InlineData("a.", false)]
    [InlineData("x--00", false)]
    public void Every_key_has_a_name_that_gives_it_back(string key, bool isPlain)
    {
        var name = LeaseNames.Of("prod", key);

        Assert.True(DnsNames.IsSubdomain(name), name);
        Assert.Equal(isPlain, name == $"prod.{key}");
        Assert.Equal(key, LeaseNames.KeyOf("prod", name, key));
        Assert.Equal(isPlain ? key : null, LeaseNames.KeyOf("prod", name, annotated: null));
        Assert.Equal(isPlain ? key : null, LeaseNames.KeyOf("prod", name, annotated: "a lie"));
        Assert.Null(LeaseNames.KeyOf("pro", name, key));
    }

    [Fact]
    public void No_two_keys_and_no_two_clusters_have_one_name()
    {
        string[] keys = ["a", "A", "a.b", "a-b", "a.", ".a", "x--", "x--a", new string('k', 199), new string('k', 200), $"prod.{new string('k', 60)}"];
        string[] clusters = ["a", "a-a", "prod", "x--a"];
        var names = clusters.SelectMany(cluster => keys.Select(key => LeaseNames.Of(cluster, key))).ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("Prod", "default", "cluster name \"Prod\"")]
    [InlineData("a.b", "default", "cluster name \"a.b\"")]
    [InlineData("prod", "No_Space", "namespace \"No_Space\"")]
    [InlineData("prod", null, "give one")]
    public async Task What_can_not_be_used_is_a_message(string cluster, string? space, string words)
    {
        await using var site = await LeaseSite.OnFakeAsync();
        var options = new KubernetesLeaseOptions { ClusterName = cluster, KubeConfig = site.Cluster.KubeConfigPath, Namespace = space };

        var (store, error) = KubernetesLeaseStore.Open(options, TimeProvider.System, NullLogger<KubernetesLeaseStore>.Instance);

        Assert.Null(store);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kubeconfig_that_is_missing_is_a_message()
    {
        var options = new KubernetesLeaseOptions { ClusterName = "prod", KubeConfig = "/nowhere/kubeconfig", Namespace = "default" };
        Assert.Contains("/nowhere/kubeconfig", KubernetesLeaseStore.Open(options, TimeProvider.System, NullLogger<KubernetesLeaseStore>.Instance).Error, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> WrittenAsync(string key, string value)
    {
        await using var site = await LeaseSite.OnFakeAsync();
        using var store = site.OpenStore();
        Assert.IsType<LeaseWriteResult.Written>(Assert.Single(await store.WriteAsync([new(key, value, null)], default)));
        return (await site.Cluster.GetAsync(ResourcePath.Leases, site.Object(key)))!;
    }
}
