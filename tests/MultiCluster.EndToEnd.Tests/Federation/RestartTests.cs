using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-04 over restarts: whoever is read first, the same copy wins, and HAProxy is adopted each time.</summary>
public sealed class RestartTests
{
    /// <summary>The pure merge is tested over all orders elsewhere; here each restart reads everything anew.</summary>
    private const int Restarts = 100;

    [Fact]
    public async Task XT_04_the_winner_is_the_same_after_every_restart()
    {
        await using var pods = await EchoPods.StartAsync();
        var folder = Directory.CreateTempSubdirectory("mc-e2e-").FullName;
        IMemberDriver[] members =
            [await MemberDriver.StartAsync(Source.ApiServer, "aws", folder), await MemberDriver.StartAsync(Source.ApiServer, "gcp", folder)];
        foreach (var member in members)
        {
            var service = $"of-{member.Name}";
            await member.ApplyAsync(Yaml.Join(
                Yaml.IngressClass(Yaml.Class),
                Yaml.Service("xt04", service),
                Yaml.Slice("xt04", service, pods.Port, [pods.New(member.Name, "xt04", service)]),
                Yaml.Ingress("xt04", "web", "xt04.test", [Yaml.Path("/", "Prefix", service)], created: "2026-01-01T00:00:00Z")));
        }

        await using var product = await Product.StartAsync(new Setting(HAProxyBinaries.Default, members) { Folder = folder });
        await product.UntilServiceAsync("http://xt04.test/", "of-aws");
        var first = await product.ProxyAsync();

        for (var i = 0; i < Restarts; i++)
        {
            await product.StopControllerAsync();
            Assert.Equal("of-aws", (await product.Client.GetAsync("http://xt04.test/")).Service);
            await product.StartControllerAsync();
            await product.UntilConditionAsync("xt04", "web", "gcp", "Conflict", "PathConflict");
            Assert.Equal("of-aws", (await product.Client.GetAsync("http://xt04.test/")).Service);
        }

        var last = await product.ProxyAsync();
        Assert.Equal((first.WorkerPid, true), (last.WorkerPid, last.Adopted));
        Assert.Equal((first.MasterReloads, 0), (last.MasterReloads, last.FailedReloadsByReason.Count));
    }
}
