using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit.HAProxyVersions;
using static MultiCluster.Controller.Tests.Proxies.Traffic.TrafficRig;

namespace MultiCluster.Controller.Tests.Proxies.Traffic;

/// <summary>What clients see of policies, through every real HAProxy of this machine, and that none takes a reload.</summary>
public sealed class SteeredTrafficTests
{
    private const int Requests = 500;

    public static TheoryData<HAProxyBinary, int, LoadBalancing> Spreads()
    {
        var rows = new TheoryData<HAProxyBinary, int, LoadBalancing>();
        foreach (var binary in HAProxyBinaries.List)
        {
            foreach (var pods in (int[])[1, 10, 100])
            {
                rows.Add(binary, pods, LoadBalancing.RoundRobin);
                rows.Add(binary, pods, LoadBalancing.LeastConnections);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Spreads))]
    public async Task Weights_hold_whatever_the_number_of_pods(HAProxyBinary binary, int pods, LoadBalancing balance)
    {
        await using var rig = await StartAsync(binary);
        for (var i = 0; i < pods; i++)
            rig.AddPod("aws");
        rig.AddPod("gcp");
        rig.AddPod("gone");
        await rig.ApplyAsync(Policy(("aws", 30), ("gcp", 70), ("gone", 0)) with { Balance = balance });
        var answers = await rig.SendAsync(Requests);
        Assert.Equal(["aws", "gcp"], answers.Keys);
        // Five points of the share are more than two standard deviations; ten are five.
        Assert.InRange(answers["aws"], Requests * 0.22, Requests * 0.38);
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task All_weights_zero_is_503_and_another_weight_brings_them_back(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        rig.AddPod("aws");
        rig.AddPod("gcp");
        await rig.ApplyAsync(Policy(("aws", 0), ("gcp", 0)));
        Assert.Equal(["503"], (await rig.SendAsync(5)).Keys);
        await rig.ApplyAsync(Policy(("aws", 0), ("gcp", 1)));
        Assert.Equal(["gcp"], (await rig.SendAsync(20)).Keys);
        await rig.ApplyAsync(null);
        Assert.Equal(["aws", "gcp"], (await rig.SendAsync(20)).Keys);
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_dead_member_costs_no_request_once_it_is_detected_and_comes_back(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        rig.AddPod("aws");
        var gcp = rig.AddPod("gcp");
        await rig.ApplyAsync(Policy(("aws", 50), ("gcp", 50)));
        gcp.Dispose();
        await rig.UntilShareAsync("gcp", static share => share == 0, "gcp without a share");
        await UntilAsync(async () => (await rig.SendAsync(1)).ContainsKey("aws"), "aws answers");
        var answers = await rig.SendAsync(100);
        Assert.True(answers.Count == 1 && answers["aws"] == 100, string.Join(", ", answers));
        Assert.Equal(0, (await rig.ShareAsync("gcp")).Healthy);
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Another_weight_resets_no_request_under_way(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        rig.AddPod("aws");
        rig.AddPod("gcp");
        await rig.ApplyAsync(Policy(("aws", 50), ("gcp", 50)));
        var held = rig.Hold(50);
        await UntilAsync(async () => (await rig.TrafficAsync()).SessionsByMember.Values.Sum() >= 50, "50 requests under way");
        await rig.ApplyAsync(Policy(("aws", 0), ("gcp", 50)));
        Assert.Equal(["gcp"], (await rig.SendAsync(20)).Keys);
        await rig.ApplyAsync(Policy(("aws", 50), ("gcp", 0)));
        Assert.Equal(["aws"], (await rig.SendAsync(20)).Keys);
        rig.Release();
        Assert.All(await Task.WhenAll(held), static answer => Assert.Matches("^(aws|gcp) ", answer));
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Bound_sessions_stay_while_their_member_drains_and_leave_when_it_is_disabled(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        rig.AddPod("aws");
        rig.AddPod("aws");
        rig.AddPod("gcp");
        var policy = Policy(("aws", 50), ("gcp", 50)) with { SessionAffinity = true };
        await rig.ApplyAsync(policy with { Clusters = [new ClusterTraffic(new MemberName("aws")), new ClusterTraffic(new MemberName("gcp"), 0)] });
        using var bound = rig.NewClient(cookies: true);
        var first = await GetAsync(bound, "/");
        Assert.StartsWith("aws ", first, StringComparison.Ordinal);

        await rig.ApplyAsync(policy, ("aws", new MemberTraits(MemberState.Drain)));
        for (var i = 0; i < 20; i++)
            Assert.Equal(first, await GetAsync(bound, "/"));
        Assert.Equal(["gcp"], (await rig.SendAsync(20)).Keys);

        await rig.ApplyAsync(policy, ("aws", new MemberTraits(MemberState.Disabled)));
        for (var i = 0; i < 5; i++)
            Assert.StartsWith("gcp ", await GetAsync(bound, "/"), StringComparison.Ordinal);
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task What_is_above_the_limit_spills_to_the_next_and_comes_back(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        rig.AddPod("aws");
        rig.AddPod("gcp");
        await rig.ApplyAsync(new TrafficPolicy
        {
            Clusters = [new ClusterTraffic(new MemberName("aws")), new ClusterTraffic(new MemberName("gcp"), Priority: 1)],
            MaxConnectionsPerEndpoint = 3,
        });
        Assert.Equal(["aws"], (await rig.SendAsync(20)).Keys);
        var held = rig.Hold(3);
        await UntilAsync(async () => (await rig.ShareAsync("aws")).Sessions == 3, "three requests under way in aws");
        Assert.Equal(["gcp"], (await rig.SendAsync(20)).Keys);
        var more = rig.Hold(3);
        await UntilAsync(async () => (await rig.ShareAsync("gcp")).Sessions == 3, "three requests under way in gcp");
        Assert.Equal(["aws"], (await rig.SendAsync(20)).Keys);
        rig.Release();
        Assert.All(await Task.WhenAll(held), static answer => Assert.StartsWith("aws", answer, StringComparison.Ordinal));
        Assert.All(await Task.WhenAll(more), static answer => Assert.StartsWith("gcp", answer, StringComparison.Ordinal));
        Assert.Equal(["aws"], (await rig.SendAsync(20)).Keys);
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task The_nearest_endpoints_are_used_while_they_live(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary, new ProxyLocality("eu", "eu-a"));
        var near = rig.AddPod("aws", "eu-a");
        rig.AddPod("aws", "eu-b");
        rig.AddPod("gcp", "us-a");
        var policy = new TrafficPolicy { Distribution = TrafficDistribution.PreferSameZone };
        await rig.ApplyAsync(policy, ("aws", In("eu")), ("gcp", In("us")));
        for (var i = 0; i < 20; i++)
            Assert.EndsWith($" {near.Endpoint.Port}", await GetAsync(rig.Client, "/"), StringComparison.Ordinal);
        near.Dispose();
        await UntilAsync(async () => (await rig.TrafficAsync()).Backends[0].Shares.Single(static share => share.Place == "Region").SharePercent == 100, "the region takes over");
        Assert.Equal(["aws"], (await rig.SendAsync(20)).Keys);
        await AssertNoReloadAsync(rig);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_new_agent_takes_over_without_a_change(HAProxyBinary binary)
    {
        await using var rig = await StartAsync(binary);
        rig.AddPod("aws");
        var gcp = rig.AddPod("gcp");
        await rig.ApplyAsync(Policy(("aws", 50), ("gcp", 50)) with { FailbackDelay = TimeSpan.FromHours(1) });
        gcp.Dispose();
        await rig.UntilShareAsync("gcp", static share => share == 0, "gcp without a share");
        await rig.UntilAppliedAsync();
        await rig.RestartAgentAsync();
        Assert.Equal((0, 0), ((await rig.ShareAsync("gcp")).SharePercent, (await rig.ShareAsync("gcp")).Healthy));
        Assert.Equal(0, (await rig.SummaryAsync()).CommandsSent);
        Assert.Equal(["aws"], (await rig.SendAsync(20)).Keys);
    }

    private static TrafficPolicy Policy(params (string Member, int Weight)[] weights) => new()
    {
        Clusters = weights.Select(static item => new ClusterTraffic(new MemberName(item.Member), item.Weight)).ToEquatableArray(),
    };

    private static MemberTraits In(string region) => MemberTraits.Default with
    {
        Labels = EquatableMap.From((IEnumerable<KeyValuePair<string, string>>)[KeyValuePair.Create(MemberTraits.RegionLabel, region)]),
    };

    private static async Task AssertNoReloadAsync(TrafficRig rig)
    {
        var summary = await rig.SummaryAsync();
        Assert.Equal((0, 0L), (summary.ReloadsByReason.Count, summary.CommandsRefused));
    }
}
