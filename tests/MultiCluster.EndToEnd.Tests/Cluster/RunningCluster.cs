using MultiCluster.TestKit.HAProxyVersions;
using MultiCluster.TestKit.PostgreSql;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>One cluster for all tests of a class, each of which leaves it as whole as it was.</summary>
public abstract class RunningCluster : IAsyncLifetime
{
    private readonly DatabaseKind _database;
    private ControllerCluster? _cluster;

    private protected RunningCluster(DatabaseKind database) => _database = database;

    internal ControllerCluster Cluster => _cluster!;

    public async Task InitializeAsync()
    {
        // Its tests are skipped.
        if (_database == DatabaseKind.PostgreSql && PostgreSqlPrograms.WhyMissing is not null)
            return;
        _cluster = await ControllerCluster.StartAsync(new ClusterSetting(HAProxyBinaries.Default, _database));
    }

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

public sealed class SqliteCluster() : RunningCluster(DatabaseKind.Sqlite);

public sealed class PostgreSqlCluster() : RunningCluster(DatabaseKind.PostgreSql);
