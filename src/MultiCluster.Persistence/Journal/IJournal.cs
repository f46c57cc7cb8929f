using System.Collections.Immutable;

namespace MultiCluster.Persistence.Journal;

/// <summary>
/// Events by (persistence id, sequence number), written once. Every member throws <see cref="PersistenceException"/> when the database does not
/// answer; refusals of single batches are results.
/// </summary>
public interface IJournal
{
    /// <summary>
    /// Judges each batch alone, in order, and commits all that are accepted together; results are in the order of the batches. A batch can be sent
    /// again after an exception: events that are there already with the same epoch and content count as appended.
    /// </summary>
    ValueTask<ImmutableArray<AppendResult>> AppendAsync(IReadOnlyList<EventBatch> batches, CancellationToken cancellationToken);

    /// <summary>
    /// In order of sequence numbers. A number is missing only at or below that of a snapshot (retention, or events that never were written).
    /// </summary>
    IAsyncEnumerable<JournalEvent> ReadAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken);

    /// <summary>
    /// Of all entities, in the order of commits. An event that commits later has a higher position, so a reader that goes on from
    /// <see cref="EventPage.Next"/> misses none.
    /// </summary>
    /// <param name="afterPosition">0 to begin.</param>
    ValueTask<EventPage> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken);

    /// <summary>In order of time.</summary>
    IAsyncEnumerable<JournalEvent> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Refuses, from now on, writers of a lower epoch for every entity in the range that was ever written. A new owner that fences before it reads
    /// sees all that writers before it will ever have written.
    /// </summary>
    ValueTask<FenceResult> FenceAsync(IdRange ids, long epoch, CancellationToken cancellationToken);

    /// <summary>0 if nothing was ever written.</summary>
    ValueTask<long> ReadHighestEpochAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Deletes events that happened before <paramref name="historyStart"/> and that no recovery needs: covered by the older of the two snapshots kept.
    /// The last one before that moment stays for each entity that has a snapshot, since it tells the state at the start of the history.
    /// </summary>
    /// <returns>How many were deleted; at most <paramref name="limit"/>, call again if so many.</returns>
    ValueTask<int> CompactAsync(DateTimeOffset historyStart, int limit, CancellationToken cancellationToken);
}
