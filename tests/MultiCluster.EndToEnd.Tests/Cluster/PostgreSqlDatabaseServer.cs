using System.Net;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit;
using MultiCluster.TestKit.Network;
using MultiCluster.TestKit.PostgreSql;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>A PostgreSQL server of its own, which each controller reaches over a path of its own.</summary>
internal sealed class PostgreSqlDatabaseServer : IClusterDatabase
{
    private readonly PostgreSqlServer _server;
    private readonly Dictionary<string, TcpRelay> _paths = new(StringComparer.Ordinal);

    private PostgreSqlDatabaseServer(PostgreSqlServer server) => _server = server;

    public static async Task<PostgreSqlDatabaseServer> StartServerAsync() => new(await PostgreSqlServer.StartAsync());

    public string ConfigurationOf(string node)
    {
        var address = Loopback.NewAddress();
        var path = _paths[node] = TcpRelay.Start(new IPEndPoint(address, Loopback.FreePort(address)), _server.Socket);
        return $$"""
            persistence {
              store = postgresql
              postgresql.connection = "Host={{address}};Port={{path.Address.Port}};Username=multicluster;Database=postgres"
            }
            """;
    }

    public Task StopAsync() => _server.StopAsync();

    public Task StartAsync() => _server.StartAgainAsync();

    public void CutOff(string node) => _paths[node].Cut(Cut.Silent);

    public void Mend()
    {
        foreach (var path in _paths.Values)
            path.Mend();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var path in _paths.Values)
            await path.DisposeAsync();
        await _server.DisposeAsync();
    }
}
