using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>Every key of ours about clusters comes and goes on an Ingress that requests go to.</summary>
public sealed class OwnKeyTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    private const string Url = "http://own.test/";
    private static readonly string[] All = ["aws", "az", "gcp"];

    /// <summary>A key with a value, who answers then, and what the proxy says of the policy. Of the members gcp has two endpoints.</summary>
    private static readonly (string Key, string Value, string[] Members, string Told)[] Steps =
    [
        ("cluster-weights", "aws=0,az=0,gcp=1", ["gcp"], ""),
        ("cluster-priorities", "aws=1,az=0,gcp=1", ["az"], ""),
        ("primary-cluster", "gcp", ["gcp"], ""),
        ("cluster-state", "gcp=Drain", ["aws", "az"], ""),
        ("traffic-distribution", "PreferSameZone", ["aws"], "PreferSameZone"),
        ("min-healthy-endpoints", "2", ["gcp"], "at least 2 healthy"),
        ("failover-threshold", "50", All, "50 % healthy"),
        ("failback-delay", "2s", All, "failback delay 2s"),
        ("slow-start", "3s", All, "slow start 3s"),
        ("load-balancing", "LeastConnections", All, "least connections"),
        ("max-connections-per-endpoint", "7", All, "7 requests per endpoint"),
        ("session-affinity", "Cookie", All, "session affinity"),
        ("staleness", "Expire", All, ""),
        ("stale-ttl", "1h", All, ""),
        ("min-clusters", "2", All, ""),
    ];

    /// <summary>With the prefix.</summary>
    internal static IEnumerable<string> Keys => Steps.Select(static step => step.Key).Append("federate").Select(static key => FederatedYaml.Prefix + key);

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task No_request_fails_while_a_policy_about_clusters_changes(HAProxyBinary binary)
    {
        var world = await WorldAsync(binary);
        await world.AddServiceAsync("own", "web", ("aws", 1), ("az", 1), ("gcp", 2));
        await world.ApplyToAllAsync(Ingress());
        await UntilAsync(world, All, "");
        await using var load = Load.Start(world.Product.Setting, Url, "web", clients: 2);
        foreach (var (key, value, members, told) in Steps)
        {
            await world.ApplyToAllAsync(Ingress(new Policy(key, value)));
            await UntilAsync(world, members, told);
            if (key == "session-affinity")
                Assert.Contains("mc-cluster-", (await world.Product.Client.GetAsync(Url)).Headers["Set-Cookie"], StringComparison.Ordinal);
        }

        await world["az"].ApplyAsync(Ingress(new Policy("federate", "false")));
        await UntilAsync(world, ["aws", "gcp"], "");
        await world.ApplyToAllAsync(Ingress());
        await UntilAsync(world, All, "");
        await load.MoreAsync(10);
        await load.AssertNoneFailedAsync();
    }

    private static string Ingress(params Policy[] policies) => FederatedYaml.Ingress("own", "web", "own.test", "web", policies);

    private static Task UntilAsync(FederatedWorld world, string[] members, string told) => ShareState.UntilAsync(
        world.Product.Setting.AdminListen,
        Url,
        view => view.Policy.Contains(told, StringComparison.Ordinal) && view.Shares.Where(static share => share.SharePercent > 0).Select(static share => share.Member).ToHashSet(StringComparer.Ordinal).SetEquals(members),
        $"{string.Join(", ", members)} by the policy \"{told}\"");
}
