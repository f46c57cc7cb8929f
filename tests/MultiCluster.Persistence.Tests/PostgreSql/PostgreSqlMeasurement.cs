using MultiCluster.Persistence.PostgreSql;
using MultiCluster.Persistence.Tests.Contract;
using MultiCluster.TestKit.PostgreSql;
using Xunit.Abstractions;

namespace MultiCluster.Persistence.Tests.PostgreSql;

/// <summary>With fsync, on a server of its own.</summary>
[NeedsPostgreSql]
[Collection(MeasurementCollection.Name)]
public sealed class PostgreSqlMeasurement(ITestOutputHelper output) : Measurement(output)
{
    protected override async Task<(IAsyncDisposable Holder, IDatabase Database)> OpenAsync()
    {
        var server = await PostgreSqlServer.StartAsync(fsync: true);
        return (server, new PostgreSqlDatabase(new PostgreSqlOptions(server.ConnectionString("postgres")), TimeProvider.System));
    }
}
