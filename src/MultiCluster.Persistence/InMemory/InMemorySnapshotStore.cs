using System.Collections.Immutable;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.InMemory;

internal sealed class InMemorySnapshotStore(InMemoryTables tables) : ISnapshotStore
{
    public ValueTask<ImmutableArray<SnapshotResult>> SaveAsync(IReadOnlyList<SnapshotWrite> snapshots, CancellationToken cancellationToken)
    {
        SnapshotWrite.Check(snapshots);
        cancellationToken.ThrowIfCancellationRequested();
        lock (tables.Gate)
            return new([.. snapshots.Select(Save)]);
    }

    public ValueTask<RecoveryPoint?> LoadAsync(string persistenceId, CancellationToken cancellationToken)
    {
        lock (tables.Gate)
            return new(tables.Heads.ContainsKey(persistenceId) ? Point(persistenceId) : null);
    }

#pragma warning disable CS1998 // an enumeration that is ready at once
    public async IAsyncEnumerable<RecoveryPoint> LoadAllAsync(
        IdRange ids, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
#pragma warning restore CS1998
    {
        List<RecoveryPoint> points;
        lock (tables.Gate)
            points = [.. tables.Heads.Keys.Where(ids.Contains).Select(Point)];
        foreach (var point in points)
            yield return point;
    }

    private SnapshotResult Save(SnapshotWrite write)
    {
        var head = tables.Heads.GetValueOrDefault(write.PersistenceId);
        var result = head.Judge(write);
        if (result is not SnapshotResult.Saved)
            return result;
        var after = head.After(write);
        if (write.Body is null)
        {
            tables.Snapshots.Remove((write.PersistenceId, 0));
            tables.Snapshots.Remove((write.PersistenceId, 1));
        }
        else
        {
            tables.Snapshots[(write.PersistenceId, after.NewestSlot)] = StoredSnapshot.Of(write);
        }
        tables.Heads[write.PersistenceId] = after;
        return result;
    }

    private RecoveryPoint Point(string persistenceId)
    {
        var head = tables.Heads[persistenceId];
        var snapshot = tables.Snapshots.TryGetValue((persistenceId, head.NewestSlot), out var stored)
            ? new Snapshot(stored.SequenceNumber, stored.Epoch, stored.Body)
            : null;
        return new RecoveryPoint(persistenceId, head.SequenceNumber, head.Epoch, snapshot, []);
    }
}
