using System.Collections.Immutable;

namespace MultiCluster.Persistence.Journal;

/// <param name="Position">In the order of commits over all entities; grows, with holes.</param>
public sealed record JournalEvent(
    long Position, string PersistenceId, long SequenceNumber, long Epoch,
    DateTimeOffset At, string Type, int SchemaVersion, ReadOnlyMemory<byte> Payload);

/// <param name="Next">What to read after, the next time.</param>
/// <param name="WentBack">
/// The journal ends before the position asked for: it was restored from a backup. There are no events; a reader starts over from 0.
/// </param>
public sealed record EventPage(ImmutableArray<JournalEvent> Events, long Next, bool WentBack)
{
    internal static EventPage Of(ImmutableArray<JournalEvent> events, long afterPosition) =>
        new(events, events.IsEmpty ? afterPosition : events[^1].Position, WentBack: false);
}

/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
public sealed record HistoryQuery(IdRange Ids, DateTimeOffset From, DateTimeOffset Until);

/// <param name="Raised">Entities whose highest epoch was lower before.</param>
/// <param name="HighestEpoch">Over all entities asked for; above the epoch given, the caller is late itself.</param>
public sealed record FenceResult(int Raised, long HighestEpoch);
