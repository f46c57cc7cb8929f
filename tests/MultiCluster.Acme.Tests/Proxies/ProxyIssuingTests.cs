using MultiCluster.Acme.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using MultiCluster.TestKit.Pebble;

namespace MultiCluster.Acme.Tests.Proxies;

/// <summary>A real authority asks a real HAProxy.</summary>
public sealed class ProxyIssuingTests
{
    public static IEnumerable<object[]> Versions => PebbleServer.WhyMissing is null ? HAProxyBinaries.All : [];

    [PebbleTheory]
    [MemberData(nameof(Versions))]
    public async Task A_certificate_is_had_through_haproxy(HAProxyBinary binary)
    {
        await using var authority = await Authority.StartAsync(answers: false);
        await using var proxy = await ChallengeProxy.StartAsync(binary, static program => program + ChallengeRuleTests.Backend, authority.Where);
        using var client = authority.Client();

        var issued = await new CertificateIssuer(client, new ProxyChallenges(proxy)).IssueAsync(["shop.example", "www.shop.example"], Authority.Deadline);

        Assert.True(issued.IsOk, issued.Error?.Message);
        Assert.Equal(proxy.Running.WorkerPid, await proxy.WorkerAsync());
    }
}
