using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Writing;

/// <param name="Since">Timestamp.</param>
/// <param name="Ticket">Grows with every write offered.</param>
internal readonly record struct PendingEvent(EventData Data, long Since, long Ticket);

/// <param name="Render">Null deletes.</param>
internal sealed record PendingSnapshot(long SequenceNumber, Func<SnapshotBody>? Render, long Since, long Ticket);
