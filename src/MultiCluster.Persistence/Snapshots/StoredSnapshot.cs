namespace MultiCluster.Persistence.Snapshots;

/// <summary>A snapshot as it was read, before it is believed.</summary>
internal readonly record struct StoredSnapshot(long SequenceNumber, long Epoch, SnapshotBody Body, long Crc)
{
    public static StoredSnapshot Of(SnapshotWrite write) => new(
        write.SequenceNumber, write.Epoch, write.Body!,
        SnapshotChecksum.Compute(write.PersistenceId, write.SequenceNumber, write.Epoch, write.Body!));

    public Snapshot? Verify(string persistenceId, out CorruptSnapshot? corrupt)
    {
        var actual = SnapshotChecksum.Compute(persistenceId, SequenceNumber, Epoch, Body);
        corrupt = actual == Crc
            ? null
            : new CorruptSnapshot(SequenceNumber, Epoch, $"CRC-32C is {actual:x8}, stored is {Crc:x8}; {Body.Payload.Length} bytes of {Body.Type}");
        return corrupt is null ? new Snapshot(SequenceNumber, Epoch, Body) : null;
    }
}
