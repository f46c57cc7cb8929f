using System.Diagnostics;
using MultiCluster.EndToEnd.Tests.Support;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>P5: proxies without any controller. Nodes know each other by certificates here.</summary>
[Collection(ClusterCollection.Name)]
public sealed class NoControllerTests(ITestOutputHelper output)
{
    private const int Requests = 300;

    [PostgreSqlFact]
    public async Task Proxies_serve_and_HAProxy_starts_from_disk_with_all_controllers_gone()
    {
        await using var cluster = await ControllerCluster.StartAsync(
            new ClusterSetting(ClusterBinaries.Other, DatabaseKind.PostgreSql) { MutualTls = true });
        await using (var churn = Churn.Start(cluster))
        {
            await churn.MoreAsync(2);
            await churn.StopAsync();
        }

        await cluster.UntilStartFilesAsync();
        var held = await HoldingsAsync(cluster);
        await Task.WhenAll(cluster.Controllers.Select(static controller => controller.KillAsync()));
        await Task.WhenAll(cluster.Loads.Values.Select(static load => load.MoreAsync(Requests)));

        // An agent alone that dies: the next one adopts the HAProxy that runs.
        var (first, second) = (cluster.Proxies[0], cluster.Proxies[1]);
        await first.KillAsync();
        first.Start();
        await cluster.WhenReadyAsync(first);
        Assert.True((await first.Process.ProxyAsync()).Adopted);
        await cluster.Loads[first].MoreAsync(Requests);
        output.WriteLine($"{await cluster.AssertUndisturbedAsync()} requests, 0 failed, 0 reloads");

        // HAProxy dies under its agent, and with its agent.
        await KillHAProxyAsync(first);
        await second.KillAsync();
        await KillHAProxyAsync(second);
        second.Start();
        await cluster.UntilCurrentPodsAsync(cluster.Proxies);
        await cluster.WhenReadyAsync(cluster.Proxies);
        Assert.Equal(held, await HoldingsAsync(cluster));

        foreach (var controller in cluster.Controllers)
            controller.Start();
        await cluster.StartLoadsAsync();
        await using var after = Churn.Start(cluster);
        output.WriteLine($"controllers are back: a change took {(await after.MoreAsync(2)).TotalSeconds:0.0} s at most");
        await after.StopAsync();
        output.WriteLine($"{await cluster.AssertUndisturbedAsync()} requests, 0 failed, 0 reloads");
    }

    /// <summary>What each proxy's HAProxy holds, and the certificate that it serves.</summary>
    private static async Task<string> HoldingsAsync(ControllerCluster cluster)
    {
        var lines = new List<string>();
        foreach (var proxy in cluster.Proxies)
        {
            var servers = await HAProxyFiles.ServersAsync(proxy.StateDirectory);
            Assert.Equal(cluster.Services.Count * cluster.Members.Count, servers.Count);
            using var client = proxy.NewClient();
            var leaf = (await client.GetAsync($"https://{cluster.Services[0].Host}/")).Leaf!;
            lines.Add($"{proxy.Name}: certificate {leaf.Thumbprint}, {string.Join(", ", servers)}");
        }

        return string.Join('\n', lines);
    }

    private static async Task KillHAProxyAsync(ClusterProxy proxy)
    {
        var master = await HAProxyFiles.MasterAsync(proxy.StateDirectory);
        Assert.True(master.HasValue, $"no HAProxy of {proxy.Name} to kill");
        using var process = Process.GetProcessById(master.Value.Pid);
        process.Kill();
        await Await.TrueAsync(() => !master.Value.IsAlive, $"the end of HAProxy {master.Value.Pid}");
    }
}
