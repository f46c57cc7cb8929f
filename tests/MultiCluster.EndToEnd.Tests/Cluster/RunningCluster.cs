using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>One cluster for all tests of a class, each of which leaves it as whole as it was.</summary>
public sealed class RunningCluster : IAsyncLifetime
{
    private ControllerCluster? _cluster;

    internal ControllerCluster Cluster => _cluster!;

    public async Task InitializeAsync() =>
        _cluster = await ControllerCluster.StartAsync(new ClusterSetting(HAProxyBinaries.Default, DatabaseKind.Sqlite));

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
