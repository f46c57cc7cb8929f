using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using MultiCluster.Persistence.Heads;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Sqlite;

internal sealed class SqliteSnapshotStore(SqliteDatabase database) : ISnapshotStore
{
    private const string SelectPoints =
        "SELECT e.persistence_id, e.seq_nr, e.epoch, s.slot, s.seq_nr, s.epoch, s.type, s.schema_version, s.crc, s.payload " +
        "FROM entity e LEFT JOIN snapshot s ON s.persistence_id = e.persistence_id AND s.slot = e.snapshot_nr & 1 ";

    private const string SelectSlot = "SELECT seq_nr, epoch, type, schema_version, crc, payload FROM snapshot WHERE persistence_id = $id AND slot = $slot";

    public async ValueTask<ImmutableArray<SnapshotResult>> SaveAsync(
        IReadOnlyList<SnapshotWrite> snapshots, CancellationToken cancellationToken)
    {
        SnapshotWrite.Check(snapshots);
        return await database.WriteAsync(SqliteUse.Journal, connection => SqliteSave.Run(connection, snapshots), cancellationToken);
    }

    public async ValueTask<RecoveryPoint?> LoadAsync(string persistenceId, CancellationToken cancellationToken)
    {
        await foreach (var point in LoadAllAsync(IdRange.Only(persistenceId), cancellationToken))
            return point;
        return null;
    }

    public async IAsyncEnumerable<RecoveryPoint> LoadAllAsync(IdRange ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = database.StreamAsync(
            connection => connection.Command(SelectPoints + "WHERE e.persistence_id >= $low AND e.persistence_id < $high ORDER BY e.persistence_id")
                .Set("$low", ids.From).Set("$high", ids.Until),
            MapPoint, cancellationToken);
        await foreach (var (point, newest, slot) in rows)
        {
            if (newest is not { } stored)
                yield return point;
            else if (stored.Verify(point.PersistenceId, out var corrupt) is { } snapshot)
                yield return point with { Snapshot = snapshot };
            else
                yield return await FallBackAsync(point, corrupt!, slot ^ 1, cancellationToken);
        }
    }

    private async Task<RecoveryPoint> FallBackAsync(RecoveryPoint point, CorruptSnapshot corrupt, int slot, CancellationToken cancellationToken)
    {
        var older = await database.ReadAsync(connection => ReadSlot(connection, point.PersistenceId, slot), cancellationToken);
        return RecoveryFallback.Choose(point, corrupt, older);
    }

    private static StoredSnapshot? ReadSlot(SqliteConnection connection, string persistenceId, int slot)
    {
        using var command = connection.Command(SelectSlot);
        using var reader = command.Set("$id", persistenceId).Set("$slot", slot).ExecuteReader();
        return reader.Read() ? MapSnapshot(reader, 0) : null;
    }

    private static (RecoveryPoint Point, StoredSnapshot? Newest, int Slot) MapPoint(SqliteDataReader reader)
    {
        var point = new RecoveryPoint(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), null, []);
        return reader.IsDBNull(3) ? (point, null, 0) : (point, MapSnapshot(reader, 4), reader.GetInt32(3));
    }

    private static StoredSnapshot MapSnapshot(SqliteDataReader reader, int column) => new(
        reader.GetInt64(column), reader.GetInt64(column + 1),
        new SnapshotBody(reader.GetString(column + 2), reader.GetInt32(column + 3), reader.GetFieldValue<byte[]>(column + 5)),
        reader.GetInt64(column + 4));
}
