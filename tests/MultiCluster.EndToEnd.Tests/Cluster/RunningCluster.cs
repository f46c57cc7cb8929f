using MultiCluster.TestKit.HAProxyVersions;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>One cluster for all tests of a class, each of which leaves it as whole as it was.</summary>
public sealed class RunningCluster : IAsyncLifetime
{
    private ControllerCluster? _cluster;

    internal ControllerCluster Cluster => _cluster!;

    public async Task InitializeAsync() =>
        _cluster = await ControllerCluster.StartAsync(new ClusterSetting(HAProxyBinaries.Default, DatabaseKind.Sqlite));

    /// <summary>Plays something under traffic of which no request may fail, and changes that all have to come through.</summary>
    internal async Task PlayAsync(ITestOutputHelper output, Func<ControllerCluster, Churn, Task> play)
    {
        await Cluster.StartLoadsAsync();
        await using var churn = Churn.Start(Cluster);
        await churn.MoreAsync();
        await Cluster.UntilSpreadAsync();
        await play(Cluster, churn);
        await churn.StopAsync();
        await Cluster.UntilCurrentPodsAsync(Cluster.Proxies);
        output.WriteLine($"{churn.Changes} changes, {await Cluster.AssertUndisturbedAsync()} requests, 0 failed, 0 reloads");
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
