namespace MultiCluster.Persistence.Tests.Contract;

/// <summary>A database of one test.</summary>
public interface ITestSite : IAsyncDisposable
{
    /// <summary>As another process would open it.</summary>
    IDatabase Open();

    /// <summary>By a hand that knows no rules.</summary>
    Task ExecuteAsync(string sql);

    Task<long> CountAsync(string sql);

    /// <summary>Until <see cref="BringUpAsync"/> nothing can be written.</summary>
    Task TakeDownAsync();

    Task BringUpAsync();

    Task BackUpAsync();

    /// <summary>What was backed up is all there is. Every opened database is closed before.</summary>
    Task RestoreAsync();
}
