using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MultiCluster.Persistence.Snapshots;
using Npgsql;
using static MultiCluster.Persistence.PostgreSql.PostgreSqlBatches;

namespace MultiCluster.Persistence.PostgreSql;

internal sealed class PostgreSqlSnapshotStore(PostgreSqlDatabase database) : ISnapshotStore
{
    private const string SelectPoints =
        "SELECT e.persistence_id, e.seq_nr, e.epoch, s.slot, s.seq_nr, s.epoch, s.type, s.schema_version, s.crc, s.payload " +
        "FROM entity e LEFT JOIN snapshot s ON s.persistence_id = e.persistence_id AND s.slot = e.snapshot_nr & 1 " +
        "WHERE e.persistence_id >= $1 AND e.persistence_id < $2 ORDER BY e.persistence_id";

    private const string SelectSlot = "SELECT seq_nr, epoch, type, schema_version, crc, payload FROM snapshot WHERE persistence_id = $1 AND slot = $2";

    public async ValueTask<ImmutableArray<SnapshotResult>> SaveAsync(IReadOnlyList<SnapshotWrite> snapshots, CancellationToken cancellationToken)
    {
        SnapshotWrite.Check(snapshots);
        return await database.UseAsync((connection, token) => PostgreSqlSave.RunAsync(connection, snapshots, token), cancellationToken);
    }

    public async ValueTask<RecoveryPoint?> LoadAsync(string persistenceId, CancellationToken cancellationToken)
    {
        await foreach (var point in LoadAllAsync(IdRange.Only(persistenceId), cancellationToken))
            return point;
        return null;
    }

    public async IAsyncEnumerable<RecoveryPoint> LoadAllAsync(IdRange ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = database.StreamAsync(() => Sql(SelectPoints, Value(ids.From), Value(ids.Until)), MapPoint, cancellationToken);
        await foreach (var (point, newest, slot) in rows)
        {
            if (newest is not { } stored)
                yield return point;
            else if (stored.Verify(point.PersistenceId, out var corrupt) is { } snapshot)
                yield return point with { Snapshot = snapshot };
            else
                yield return RecoveryFallback.Choose(point, corrupt!, await ReadSlotAsync(point.PersistenceId, slot ^ 1, cancellationToken));
        }
    }

    private Task<StoredSnapshot?> ReadSlotAsync(string persistenceId, int slot, CancellationToken cancellationToken) =>
        database.UseAsync<StoredSnapshot?>(
            async (connection, token) =>
            {
                await using var query = connection.Batch(Sql(SelectSlot, Value(persistenceId), Value(slot)));
                await using var reader = await query.ExecuteReaderAsync(token);
                return await reader.ReadAsync(token) ? MapSnapshot(reader, 0) : null;
            },
            cancellationToken);

    private static (RecoveryPoint Point, StoredSnapshot? Newest, int Slot) MapPoint(NpgsqlDataReader reader)
    {
        var point = new RecoveryPoint(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), null, []);
        return reader.IsDBNull(3) ? (point, null, 0) : (point, MapSnapshot(reader, 4), reader.GetInt32(3));
    }

    private static StoredSnapshot MapSnapshot(NpgsqlDataReader reader, int column) => new(
        reader.GetInt64(column), reader.GetInt64(column + 1),
        new SnapshotBody(reader.GetString(column + 2), reader.GetInt32(column + 3), reader.GetFieldValue<byte[]>(column + 5)),
        reader.GetInt64(column + 4));
}
