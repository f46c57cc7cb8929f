using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence;

/// <summary>
/// One database. Nothing is opened before the first use, and every use prepares the schema if none before could: a database that is down
/// at start is used as soon as it is up.
/// </summary>
public interface IDatabase : IAsyncDisposable
{
    IJournal Journal { get; }

    ISnapshotStore Snapshots { get; }

    ILeaseStore Leases { get; }

    /// <summary>Applies the migrations that are missing, under a lock that keeps other processes out.</summary>
    /// <returns>The version of the schema.</returns>
    /// <exception cref="PersistenceException">Can't be reached, or was migrated by a newer version of MultiCluster.</exception>
    ValueTask<int> PrepareAsync(CancellationToken cancellationToken);
}
