using System.Collections.Immutable;
using MultiCluster.Persistence.Journal;

namespace MultiCluster.Persistence.Snapshots;

/// <param name="Events">Those after the snapshot that follow it, and each other, without a gap.</param>
/// <param name="MissingSequenceNumber">
/// The first that is lost although higher ones were given; what comes after it must not be applied. Null when the replay is complete.
/// </param>
public sealed record EventReplay(ImmutableArray<JournalEvent> Events, long? MissingSequenceNumber)
{
    /// <summary>
    /// Reads what brings a recovery point up to date. A gap shows when events were lost before a snapshot that turned out to be corrupt: state that is
    /// known to be incomplete is for the caller to complete (from a replica, a relist).
    /// </summary>
    public static async Task<EventReplay> ReadAsync(IJournal journal, RecoveryPoint point, CancellationToken cancellationToken)
    {
        if (!point.HasEvents)
            return new EventReplay([], null);
        var events = ImmutableArray.CreateBuilder<JournalEvent>();
        var next = point.FirstEvent;
        await foreach (var read in journal.ReadAsync(point.PersistenceId, next, cancellationToken))
        {
            if (read.SequenceNumber != next)
                break;
            events.Add(read);
            next++;
        }
        return new EventReplay(events.DrainToImmutable(), next <= point.SequenceNumber ? next : null);
    }
}
