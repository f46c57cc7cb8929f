using MultiCluster.Persistence.InMemory;
using MultiCluster.Persistence.Tests.Contract;

namespace MultiCluster.Persistence.Tests.InMemory;

/// <summary>One database that all processes share; without a file to corrupt, or a server to stop.</summary>
public sealed class InMemorySite : ITestSite
{
    private readonly InMemoryDatabase _database = new();

    public IDatabase Open() => _database;

    public Task<long> CountAsync(string sql) => sql switch
    {
        "SELECT count(*) FROM snapshot" => Task.FromResult((long)_database.StoredSnapshots),
        "SELECT count(*) FROM schema_migration" => Task.FromResult(1L),
        _ => throw new NotSupportedException(sql),
    };

    public Task ExecuteAsync(string sql) => throw new NotSupportedException();

    public Task TakeDownAsync() => throw new NotSupportedException();

    public Task BringUpAsync() => throw new NotSupportedException();

    public Task BackUpAsync() => throw new NotSupportedException();

    public Task RestoreAsync() => throw new NotSupportedException();

    public ValueTask DisposeAsync() => default;
}

public sealed class InMemoryJournalTests : JournalContract
{
    protected override Task<ITestSite> CreateSiteAsync() => Task.FromResult<ITestSite>(new InMemorySite());
}

public sealed class InMemorySnapshotTests : SnapshotContract
{
    protected override Task<ITestSite> CreateSiteAsync() => Task.FromResult<ITestSite>(new InMemorySite());
}

public sealed class InMemoryLeaseTests : DatabaseLeaseContract
{
    protected override Task<ITestSite> CreateSiteAsync() => Task.FromResult<ITestSite>(new InMemorySite());
}

public sealed class InMemoryConcurrencyTests : ConcurrencyContract
{
    protected override Task<ITestSite> CreateSiteAsync() => Task.FromResult<ITestSite>(new InMemorySite());
}
