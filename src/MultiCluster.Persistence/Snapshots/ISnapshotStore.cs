using System.Collections.Immutable;

namespace MultiCluster.Persistence.Snapshots;

/// <summary>
/// The last two snapshots of each entity, and how far it is. Every member throws <see cref="PersistenceException"/> when the database does not
/// answer; refusals of single snapshots are results.
/// </summary>
public interface ISnapshotStore
{
    /// <summary>
    /// Judges each snapshot alone, in order, and commits all that are accepted together; results are in the order of the writes. A snapshot beyond
    /// the last event raises the entity's sequence number to its own: it stands for events that are lost.
    /// </summary>
    ValueTask<ImmutableArray<SnapshotResult>> SaveAsync(IReadOnlyList<SnapshotWrite> snapshots, CancellationToken cancellationToken);

    /// <summary>Null if the entity was never written.</summary>
    ValueTask<RecoveryPoint?> LoadAsync(string persistenceId, CancellationToken cancellationToken);

    /// <summary>All entities in the range, also those without a snapshot, in order of their ids, as of one moment.</summary>
    IAsyncEnumerable<RecoveryPoint> LoadAllAsync(IdRange ids, CancellationToken cancellationToken);
}
