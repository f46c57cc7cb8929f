using System.Collections.Immutable;
using MultiCluster.Persistence.Snapshots;
using Npgsql;
using static MultiCluster.Persistence.PostgreSql.PostgreSqlBatches;

namespace MultiCluster.Persistence.PostgreSql;

/// <summary>The save of one group of snapshots.</summary>
internal sealed class PostgreSqlSave(PostgreSqlHeads heads)
{
    private const string Upsert =
        """
        INSERT INTO snapshot (persistence_id, slot, seq_nr, epoch, type, schema_version, crc, payload)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (persistence_id, slot) DO UPDATE
        SET seq_nr = excluded.seq_nr, epoch = excluded.epoch, type = excluded.type,
            schema_version = excluded.schema_version, crc = excluded.crc, payload = excluded.payload
        """;

    private readonly Dictionary<(string Id, int Slot), StoredSnapshot> _upserts = [];
    private readonly HashSet<string> _deletes = new(StringComparer.Ordinal);

    public static async Task<ImmutableArray<SnapshotResult>> RunAsync(
        NpgsqlConnection connection, IReadOnlyList<SnapshotWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0)
            return [];
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var heads = await PostgreSqlHeads.LockAsync(connection, writes.Select(write => write.PersistenceId), cancellationToken);
        var save = new PostgreSqlSave(heads);
        ImmutableArray<SnapshotResult> results = [.. writes.Select(save.Judge)];
        await using var rest = connection.Batch([.. save.Commands(), Sql("COMMIT")]);
        await rest.ExecuteNonQueryAsync(cancellationToken);
        return results;
    }

    private SnapshotResult Judge(SnapshotWrite write)
    {
        var head = heads[write.PersistenceId];
        var result = head.Judge(write);
        if (result is not SnapshotResult.Saved)
            return result;
        var after = head.After(write);
        if (write.Body is null)
            Delete(write.PersistenceId);
        else
            _upserts[(write.PersistenceId, after.NewestSlot)] = StoredSnapshot.Of(write);
        heads[write.PersistenceId] = after;
        return result;
    }

    private void Delete(string persistenceId)
    {
        _upserts.Remove((persistenceId, 0));
        _upserts.Remove((persistenceId, 1));
        _deletes.Add(persistenceId);
    }

    private IEnumerable<NpgsqlBatchCommand> Commands()
    {
        if (_deletes.Count > 0)
            yield return Sql("DELETE FROM snapshot WHERE persistence_id = ANY ($1)", Value<string[]>([.. _deletes]));
        if (_upserts.Count > 0)
            yield return UpsertSnapshots([.. _upserts]);
        foreach (var command in heads.Save())
            yield return command;
    }

    private static NpgsqlBatchCommand UpsertSnapshots(KeyValuePair<(string Id, int Slot), StoredSnapshot>[] snapshots)
    {
        return Sql(
            Upsert,
            Column(snapshot => snapshot.Key.Id),
            Column(snapshot => snapshot.Key.Slot),
            Column(snapshot => snapshot.Value.SequenceNumber),
            Column(snapshot => snapshot.Value.Epoch),
            Column(snapshot => snapshot.Value.Body.Type),
            Column(snapshot => snapshot.Value.Body.SchemaVersion),
            Column(snapshot => snapshot.Value.Crc),
            Column(snapshot => PayloadBytes.Of(snapshot.Value.Body.Payload)));

        NpgsqlParameter Column<T>(Converter<KeyValuePair<(string Id, int Slot), StoredSnapshot>, T> select) => Value(Array.ConvertAll(snapshots, select));
    }
}
