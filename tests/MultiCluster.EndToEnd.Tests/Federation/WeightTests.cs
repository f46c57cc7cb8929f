using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-20 to XT-22: shares of members.</summary>
public sealed class WeightTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    private const int LongConnections = 50;

    public static IEnumerable<object[]> Balances =>
        from binary in HAProxyBinaries.List
        from balance in (string[])["RoundRobin", "LeastConnections"]
        select new object[] { binary, balance };

    /// <summary>Each of the three members has each of the weights 70, 30 and 0 once.</summary>
    [Theory]
    [MemberData(nameof(Balances))]
    public async Task XT_20_a_weight_is_the_share_of_a_member_whatever_its_number_of_pods(HAProxyBinary binary, string balance)
    {
        var world = await WorldAsync(binary);
        await world.AddServiceAsync("xt20", "web", ("aws", 1), ("gcp", 10), ("az", 100));
        foreach (var (aws, gcp, az) in ((int, int, int)[])[(70, 30, 0), (0, 70, 30), (30, 0, 70)])
        {
            await ApplyAsync(world, "xt20", new Policy("cluster-weights", $"aws={aws},gcp={gcp},az={az}"), new Policy("load-balancing", balance));
            await world.UntilSharesAsync("http://xt20.test/", ("aws", aws), ("gcp", gcp), ("az", az));
        }
    }

    [Fact]
    public async Task XT_20_a_FederatedIngress_says_weights_too_and_outdoes_annotations()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("xt20b", "web", ("aws", 3), ("gcp", 1));
        await ApplyAsync(world, "xt20b", new Policy("cluster-weights", "aws=10,gcp=90"));
        await world.UntilSharesAsync("http://xt20b.test/", ("aws", 10), ("gcp", 90));

        await world["aws"].ApplyAsync(FederatedYaml.FederatedReference(
            "xt20b", "web", "  trafficPolicy: {clusters: [{cluster: aws, weight: 80}, {cluster: gcp, weight: 20}]}"));
        await world.UntilSharesAsync("http://xt20b.test/", ("aws", 80), ("gcp", 20));
        await world.Product.UntilConditionAsync("xt20b", "web", "gcp", "Overridden", "FederatedIngress");
    }

    [Fact]
    public async Task XT_21_without_any_weight_requests_get_503_and_the_copies_say_why()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("xt21", "web", ("aws", 1), ("gcp", 1));
        await ApplyAsync(world, "xt21", new Policy("cluster-weights", "aws=1,gcp=1"));
        await world.UntilMembersAsync("http://xt21.test/", "aws", "gcp");

        await ApplyAsync(world, "xt21", new Policy("cluster-weights", "aws=0,gcp=0,az=0,lab=0"));
        await world.Product.UntilStatusAsync("http://xt21.test/", 503);
        await world.Product.UntilConditionAsync("xt21", "web", "aws", "PartiallyInvalid", "NoWeight");

        await ApplyAsync(world, "xt21", new Policy("cluster-weights", "aws=0,gcp=1"));
        await world.UntilMembersAsync("http://xt21.test/", "gcp");
    }

    [Fact]
    public async Task XT_21_a_member_that_lacks_the_Service_is_left_out_of_the_ratio()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("xt21b", "web", ("aws", 1), ("gcp", 5));
        await ApplyAsync(world, "xt21b", new Policy("cluster-weights", "aws=25,gcp=25,az=50"));
        await world.UntilSharesAsync("http://xt21b.test/", ("aws", 50), ("gcp", 50));

        await world.AddServiceAsync("xt21b", "web", ("az", 2));
        await world.UntilSharesAsync("http://xt21b.test/", ("aws", 25), ("gcp", 25), ("az", 50));
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task XT_22_a_change_of_weights_resets_no_connection_and_fails_no_request(HAProxyBinary binary)
    {
        var world = await WorldAsync(binary);
        await world.AddServiceAsync("xt22", "web", ("aws", 2), ("gcp", 2));
        await ApplyAsync(world, "xt22", new Policy("cluster-weights", "aws=50,gcp=50"));
        await world.UntilMembersAsync("http://xt22.test/", "aws", "gcp");
        await using var held = await HeldSockets.OpenAsync(world.Product, "xt22.test", LongConnections);
        Assert.Equal(["aws", "gcp"], held.ByMember.Keys.Order(StringComparer.Ordinal));
        await using var load = Load.Start(world.Product.Setting, "http://xt22.test/", "web", clients: 2);

        foreach (var (aws, gcp) in ((int, int)[])[(80, 20), (0, 100), (100, 0), (20, 80)])
        {
            await ApplyAsync(world, "xt22", new Policy("cluster-weights", $"aws={aws},gcp={gcp}"));
            await world.UntilSharesAsync("http://xt22.test/", ("aws", aws), ("gcp", gcp));
        }

        Assert.Equal(LongConnections, held.ByMember.Values.Sum());
        await held.FinishAsync();
        await load.AssertNoneFailedAsync();
    }

    private static Task ApplyAsync(FederatedWorld world, string ns, params Policy[] policies) =>
        world.ApplyToAllAsync(FederatedYaml.Ingress(ns, "web", $"{ns}.test", "web", policies));
}
