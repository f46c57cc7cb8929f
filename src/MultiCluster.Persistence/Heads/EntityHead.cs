using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Heads;

/// <summary>
/// How far an entity is: the row that is locked while somebody writes, and that outlives events and snapshots. The rules of fencing are here, once
/// for all databases.
/// </summary>
/// <param name="SequenceNumber">The highest ever given.</param>
/// <param name="Epoch">The highest seen.</param>
/// <param name="EpochSequenceNumber">Where the epoch began: what was written up to here, another writer wrote.</param>
/// <param name="Snapshots">Saved since the last deletion; the newest is in the slot of this number's last bit.</param>
/// <param name="SnapshotSequenceNumber">Of the newest one.</param>
/// <param name="CoveredSequenceNumber">No recovery needs an event up to here.</param>
internal readonly record struct EntityHead(
    long SequenceNumber, long Epoch, long EpochSequenceNumber, long Snapshots, long SnapshotSequenceNumber, long CoveredSequenceNumber)
{
    public int NewestSlot => (int)(Snapshots & 1);

    /// <returns>Null if what is stored under the batch's first numbers has to be compared with it (<see cref="AppendOverlap"/>).</returns>
    public AppendResult? Judge(EventBatch batch)
    {
        if (batch.Epoch < Epoch)
            return new AppendResult.Fenced(Epoch);
        if (batch.FirstSequenceNumber == SequenceNumber + 1)
            return new AppendResult.Appended(batch.LastSequenceNumber);
        return batch.FirstSequenceNumber > SequenceNumber ? new AppendResult.OutOfSequence(SequenceNumber + 1) : null;
    }

    public EntityHead After(EventBatch batch) => this with
    {
        SequenceNumber = Math.Max(SequenceNumber, batch.LastSequenceNumber),
        Epoch = batch.Epoch,
        EpochSequenceNumber = EpochStart(batch.Epoch),
    };

    public SnapshotResult Judge(SnapshotWrite write)
    {
        if (write.Epoch < Epoch)
            return new SnapshotResult.Fenced(Epoch);
        // Events go on while a snapshot is on its way, but not those of somebody else.
        var known = Math.Max(SnapshotSequenceNumber, EpochStart(write.Epoch));
        return write.SequenceNumber < known ? new SnapshotResult.Stale(known) : new SnapshotResult.Saved();
    }

    public EntityHead After(SnapshotWrite write) => new(
        Math.Max(SequenceNumber, write.SequenceNumber),
        write.Epoch,
        EpochStart(write.Epoch),
        write.Body is null ? 0 : Snapshots + 1,
        write.SequenceNumber,
        write.Body is null || Snapshots == 0 ? write.SequenceNumber : SnapshotSequenceNumber);

    private long EpochStart(long epoch) => epoch == Epoch ? EpochSequenceNumber : SequenceNumber;
}
