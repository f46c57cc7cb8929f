using MultiCluster.Persistence.Leases;

namespace MultiCluster.Persistence.Tests.Contract;

/// <summary>The lease store of a database.</summary>
public abstract class DatabaseLeaseContract : LeaseContract
{
    protected abstract Task<ITestSite> CreateSiteAsync();

    protected sealed override async Task<ILeaseSite> CreateLeaseSiteAsync() => new LeaseSite(await CreateSiteAsync());

    private sealed class LeaseSite(ITestSite site) : ILeaseSite
    {
        public async Task<ILeaseProcess> OpenAsync()
        {
            var database = site.Open();
            await database.PrepareAsync(CancellationToken.None);
            return new LeaseProcess(database);
        }

        public ValueTask DisposeAsync() => site.DisposeAsync();
    }

    private sealed class LeaseProcess(IDatabase database) : ILeaseProcess
    {
        public ILeaseStore Leases => database.Leases;

        public ValueTask DisposeAsync() => database.DisposeAsync();
    }
}
