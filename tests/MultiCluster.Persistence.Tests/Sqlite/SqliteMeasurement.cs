using MultiCluster.Persistence.Tests.Contract;
using Xunit.Abstractions;

namespace MultiCluster.Persistence.Tests.Sqlite;

[Collection(MeasurementCollection.Name)]
public sealed class SqliteMeasurement(ITestOutputHelper output) : Measurement(output)
{
    protected override Task<(IAsyncDisposable Holder, IDatabase Database)> OpenAsync()
    {
        var site = new SqliteSite();
        return Task.FromResult<(IAsyncDisposable, IDatabase)>((site, site.Open()));
    }
}
