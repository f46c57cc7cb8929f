using System.Collections.Immutable;

namespace MultiCluster.Persistence.Snapshots;

/// <param name="Type">What the payload is; 1 to 512 visible ASCII characters.</param>
/// <param name="SchemaVersion">Of the payload, as its owner counts.</param>
public sealed record SnapshotBody(string Type, int SchemaVersion, ReadOnlyMemory<byte> Payload);

/// <param name="SequenceNumber">Of the last event that the state contains; 0 for none.</param>
/// <param name="Body">Null deletes the snapshots of the entity; its sequence number and epoch stay.</param>
public sealed record SnapshotWrite(string PersistenceId, long Epoch, long SequenceNumber, SnapshotBody? Body)
{
    /// <exception cref="ArgumentException">Breaks the rules above.</exception>
    internal static void Check(IReadOnlyList<SnapshotWrite> snapshots)
    {
        foreach (var snapshot in snapshots)
        {
            Names.Check(snapshot.PersistenceId, nameof(snapshots));
            if (snapshot.Epoch < 0 || snapshot.SequenceNumber < 0)
                throw new ArgumentException($"The snapshot of {snapshot.PersistenceId} has a number out of range: {snapshot}", nameof(snapshots));
            if (snapshot.Body is { } body)
                Names.Check(body.Type, nameof(snapshots));
        }
    }
}

/// <summary>What became of one snapshot.</summary>
public abstract record SnapshotResult
{
    private SnapshotResult()
    {
    }

    public sealed record Saved : SnapshotResult;

    /// <summary>A newer writer was here: this one must stop writing.</summary>
    public sealed record Fenced(long HighestEpoch) : SnapshotResult;

    /// <summary>
    /// The writer does not know all that is there: events of an earlier epoch, or a snapshot, go up to <paramref name="SequenceNumber"/>.
    /// </summary>
    public sealed record Stale(long SequenceNumber) : SnapshotResult;
}

public sealed record Snapshot(long SequenceNumber, long Epoch, SnapshotBody Body);

/// <param name="Reason">For people.</param>
public sealed record CorruptSnapshot(long SequenceNumber, long Epoch, string Reason);

/// <summary>What is known of one entity, before its events are read.</summary>
/// <param name="SequenceNumber">The highest ever given, by an event or a snapshot; the next event has the one after.</param>
/// <param name="Epoch">The highest seen.</param>
/// <param name="Snapshot">The newest that is sound.</param>
/// <param name="Corrupt">Those newer than it that are not.</param>
public sealed record RecoveryPoint(
    string PersistenceId, long SequenceNumber, long Epoch, Snapshot? Snapshot, ImmutableArray<CorruptSnapshot> Corrupt)
{
    /// <summary>Events to read, from <see cref="FirstEvent"/> on.</summary>
    public bool HasEvents => FirstEvent <= SequenceNumber;

    public long FirstEvent => (Snapshot?.SequenceNumber ?? 0) + 1;
}
