using MultiCluster.Persistence.Heads;
using Npgsql;
using static MultiCluster.Persistence.PostgreSql.PostgreSqlBatches;

namespace MultiCluster.Persistence.PostgreSql;

/// <summary>
/// The heads of a group, locked until the transaction ends. Rows that are missing are created first, then all are locked, both in the order of ids: two
/// groups that share entities wait for each other in one direction only.
/// </summary>
internal sealed class PostgreSqlHeads
{
    private const string Create =
        "INSERT INTO entity SELECT id, 0, 0, 0, 0, 0, 0 FROM unnest($1) AS id ORDER BY id COLLATE \"C\" ON CONFLICT DO NOTHING RETURNING persistence_id";

    private const string Lock =
        "SELECT persistence_id, seq_nr, epoch, epoch_seq_nr, snapshot_nr, snapshot_seq_nr, covered_seq_nr " +
        "FROM entity WHERE persistence_id = ANY ($1) ORDER BY persistence_id FOR UPDATE";

    private const string Update =
        """
        UPDATE entity
        SET seq_nr = h.seq_nr, epoch = h.epoch, epoch_seq_nr = h.epoch_seq_nr,
            snapshot_nr = h.snapshot_nr, snapshot_seq_nr = h.snapshot_seq_nr, covered_seq_nr = h.covered_seq_nr
        FROM unnest($1, $2, $3, $4, $5, $6, $7)
            AS h (persistence_id, seq_nr, epoch, epoch_seq_nr, snapshot_nr, snapshot_seq_nr, covered_seq_nr)
        WHERE entity.persistence_id = h.persistence_id
        """;

    private readonly Dictionary<string, EntityHead> _heads = new(StringComparer.Ordinal);
    private readonly HashSet<string> _created = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    private PostgreSqlHeads()
    {
    }

    public bool Changed => _changed.Count > 0;

    public EntityHead this[string persistenceId]
    {
        get => _heads[persistenceId];
        set
        {
            _heads[persistenceId] = value;
            _changed.Add(persistenceId);
        }
    }

    public static async Task<PostgreSqlHeads> LockAsync(NpgsqlConnection connection, IEnumerable<string> persistenceIds, CancellationToken cancellationToken)
    {
        var ids = persistenceIds.Distinct(StringComparer.Ordinal).ToArray();
        var heads = new PostgreSqlHeads();
        await using var batch = connection.Batch(Sql(Create, Value(ids)), Sql(Lock, Value(ids)));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            heads._created.Add(reader.GetString(0));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            heads._heads[reader.GetString(0)] = new EntityHead(
                reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6));
        }
        return heads;
    }

    /// <summary>Rows that were created to be locked, and then not used, go again.</summary>
    public IEnumerable<NpgsqlBatchCommand> Save()
    {
        string[] unused = [.. _created.Except(_changed)];
        if (unused.Length > 0)
            yield return Sql("DELETE FROM entity WHERE persistence_id = ANY ($1)", Value(unused));
        string[] ids = [.. _changed];
        if (ids.Length == 0)
            yield break;
        yield return Sql(
            Update, Value(ids),
            Column(ids, head => head.SequenceNumber), Column(ids, head => head.Epoch), Column(ids, head => head.EpochSequenceNumber),
            Column(ids, head => head.Snapshots), Column(ids, head => head.SnapshotSequenceNumber), Column(ids, head => head.CoveredSequenceNumber));
    }

    private NpgsqlParameter Column(string[] ids, Func<EntityHead, long> select) => Value(Array.ConvertAll(ids, id => select(_heads[id])));
}
