using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using MultiCluster.TestKit.Network;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>The network between nodes is cut, and mended, under traffic and changes.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PartitionTests(ITestOutputHelper output)
{
    private static readonly TimeSpan LongerThanTheLease = ClusterSetting.LeaseTtl + TimeSpan.FromSeconds(2);

    /// <summary>The proxies still reach it, and its half of the truth must not be all that they hear.</summary>
    [PostgreSqlFact]
    public async Task A_controller_cut_off_from_the_others_and_the_database_holds_up_no_proxy()
    {
        await using var cluster = await ControllerCluster.StartAsync(
            new ClusterSetting(HAProxyBinaries.Default, DatabaseKind.PostgreSql) { CutPaths = true });
        await using var churn = Churn.Start(cluster);
        await churn.MoreAsync();
        await cluster.UntilSpreadAsync();
        var told = await cluster.Proxies[0].UntilToldByAsync();
        var lonely = cluster.Controllers.Single(controller => controller.Name == told);

        cluster.Paths!.CutOff(lonely, cluster.Controllers, Cut.Silent);
        cluster.Database.CutOff(lonely.Name);
        output.WriteLine($"{lonely.Name} is cut off: a change took {(await churn.MoreAsync(2)).TotalSeconds:0.00} s at most");
        output.WriteLine($"and until others own its shards: {(await churn.KeepOnAsync(LongerThanTheLease)).TotalSeconds:0.00} s at most");
        cluster.Paths.Mend();
        cluster.Database.Mend();
        output.WriteLine($"mended: {(await churn.KeepOnAsync(LongerThanTheLease)).TotalSeconds:0.00} s at most");

        await churn.StopAsync();
        await cluster.UntilCurrentPodsAsync(cluster.Proxies);
        output.WriteLine($"{churn.Changes} changes, {await cluster.AssertUndisturbedAsync()} requests, 0 failed, 0 reloads");
    }

    [Fact]
    public async Task A_proxy_cut_off_from_its_controller_goes_to_another()
    {
        await using var cluster = await ControllerCluster.StartAsync(
            new ClusterSetting(HAProxyBinaries.Default, DatabaseKind.Sqlite) { CutPaths = true });
        await using var churn = Churn.Start(cluster);
        await churn.MoreAsync();
        var proxy = cluster.Proxies[0];
        foreach (var how in (Cut[])[Cut.Silent, Cut.Reset])
        {
            var told = await proxy.UntilToldByAsync();
            cluster.Paths!.CutOff(proxy, told, how);
            await proxy.UntilToldByAsync(other: told);
            output.WriteLine($"{proxy.Name} is cut off from {told} ({how}): a change took {(await churn.MoreAsync()).TotalSeconds:0.00} s at most");
            cluster.Paths.Mend();
            await churn.MoreAsync();
        }

        await churn.StopAsync();
        await cluster.UntilCurrentPodsAsync(cluster.Proxies);
        output.WriteLine($"{churn.Changes} changes, {await cluster.AssertUndisturbedAsync()} requests, 0 failed, 0 reloads");
    }
}
