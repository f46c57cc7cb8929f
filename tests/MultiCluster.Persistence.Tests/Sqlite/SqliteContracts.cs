using MultiCluster.Persistence.Tests.Contract;

namespace MultiCluster.Persistence.Tests.Sqlite;

public sealed class SqliteJournalTests : JournalContract
{
    protected override Task<ITestSite> CreateSiteAsync() => Task.FromResult<ITestSite>(new SqliteSite());
}

public sealed class SqliteSnapshotTests : SnapshotContract
{
    protected override Task<ITestSite> CreateSiteAsync() => Task.FromResult<ITestSite>(new SqliteSite());
}

public sealed class SqliteCorruptionTests : CorruptionContract
{
    protected override Task<ITestSite> CreateSiteAsync() => Task.FromResult<ITestSite>(new SqliteSite());
}

public sealed class SqliteLeaseTests : DatabaseLeaseContract
{
    protected override Task<ITestSite> CreateSiteAsync() => Task.FromResult<ITestSite>(new SqliteSite());
}

public sealed class SqliteConcurrencyTests : ConcurrencyContract
{
    protected override Task<ITestSite> CreateSiteAsync() => Task.FromResult<ITestSite>(new SqliteSite());
}

public sealed class SqliteFaultTests : FaultContract
{
    protected override Task<ITestSite> CreateSiteAsync() => Task.FromResult<ITestSite>(new SqliteSite());
}
