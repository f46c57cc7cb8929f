using MultiCluster.Persistence.Tests.Contract;

namespace MultiCluster.Persistence.Tests.PostgreSql;

[NeedsPostgreSql]
public sealed class PostgreSqlJournalTests : JournalContract
{
    protected override Task<ITestSite> CreateSiteAsync() => PostgreSqlSite.CreateAsync();
}

[NeedsPostgreSql]
public sealed class PostgreSqlSnapshotTests : SnapshotContract
{
    protected override Task<ITestSite> CreateSiteAsync() => PostgreSqlSite.CreateAsync();
}

[NeedsPostgreSql]
public sealed class PostgreSqlCorruptionTests : CorruptionContract
{
    protected override Task<ITestSite> CreateSiteAsync() => PostgreSqlSite.CreateAsync();
}

[NeedsPostgreSql]
public sealed class PostgreSqlLeaseTests : DatabaseLeaseContract
{
    protected override Task<ITestSite> CreateSiteAsync() => PostgreSqlSite.CreateAsync();
}

[NeedsPostgreSql]
public sealed class PostgreSqlConcurrencyTests : ConcurrencyContract
{
    protected override Task<ITestSite> CreateSiteAsync() => PostgreSqlSite.CreateAsync();
}

[NeedsPostgreSql]
public sealed class PostgreSqlFaultTests : FaultContract
{
    protected override Task<ITestSite> CreateSiteAsync() => PostgreSqlSite.CreateAsync();
}
