using System.Collections.Immutable;
using MultiCluster.Persistence.Heads;
using MultiCluster.Persistence.Journal;
using Npgsql;
using static MultiCluster.Persistence.PostgreSql.PostgreSqlBatches;

namespace MultiCluster.Persistence.PostgreSql;

/// <summary>
/// The append of one group: lock the heads, judge, then everything else up to the commit in one round trip, so that the lock of the positions, which all
/// writers share, is never held by a client that is busy with something else.
/// </summary>
internal sealed class PostgreSqlAppend
{
    private const string LockPositions = "SELECT pg_advisory_xact_lock(hashtextextended('multicluster journal ' || current_schema(), 0))";

    private const string Insert =
        """
        INSERT INTO journal (persistence_id, seq_nr, epoch, at, type, schema_version, payload, position)
        SELECT persistence_id, seq_nr, epoch, at, type, schema_version, payload, nextval('journal_position')
        FROM (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            WITH ORDINALITY AS e (persistence_id, seq_nr, epoch, at, type, schema_version, payload, nr)
            ORDER BY nr) AS events
        """;

    private readonly NpgsqlConnection _connection;
    private readonly PostgreSqlHeads _heads;
    private readonly List<(EventBatch Batch, int Index)> _events = [];

    private PostgreSqlAppend(NpgsqlConnection connection, PostgreSqlHeads heads)
    {
        _connection = connection;
        _heads = heads;
    }

    public static async Task<ImmutableArray<AppendResult>> RunAsync(
        NpgsqlConnection connection, IReadOnlyList<EventBatch> batches, CancellationToken cancellationToken)
    {
        if (batches.Count == 0)
            return [];
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var heads = await PostgreSqlHeads.LockAsync(connection, batches.Select(batch => batch.PersistenceId), cancellationToken);
        var append = new PostgreSqlAppend(connection, heads);
        var results = ImmutableArray.CreateBuilder<AppendResult>(batches.Count);
        foreach (var batch in batches)
            results.Add(await append.JudgeAsync(batch, cancellationToken));
        await append.CommitAsync(cancellationToken);
        return results.MoveToImmutable();
    }

    private async ValueTask<AppendResult> JudgeAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        var head = _heads[batch.PersistenceId];
        var result = head.Judge(batch);
        var present = 0;
        if (result is null)
        {
            if (AppendOverlap.Compare(head, batch, await ReadStoredAsync(batch, cancellationToken)) is not { } overlap)
                return new AppendResult.OutOfSequence(head.SequenceNumber + 1);
            present = overlap;
            result = new AppendResult.Appended(Math.Max(batch.LastSequenceNumber, head.SequenceNumber));
        }
        if (result is not AppendResult.Appended)
            return result;
        for (var i = present; i < batch.Events.Length; i++)
            _events.Add((batch, i));
        _heads[batch.PersistenceId] = head.After(batch);
        return result;
    }

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        await using var rest = _connection.Batch();
        if (_events.Count > 0)
        {
            rest.BatchCommands.Add(Sql(LockPositions));
            rest.BatchCommands.Add(InsertEvents());
        }
        foreach (var command in _heads.Save())
            rest.BatchCommands.Add(command);
        rest.BatchCommands.Add(Sql("COMMIT"));
        await rest.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlBatchCommand InsertEvents() => Sql(
        Insert,
        Column((batch, _) => batch.PersistenceId),
        Column((batch, i) => batch.FirstSequenceNumber + i),
        Column((batch, _) => batch.Epoch),
        Column((batch, i) => UnixMicroseconds.Truncate(batch.Events[i].At)),
        Column((batch, i) => batch.Events[i].Type),
        Column((batch, i) => batch.Events[i].SchemaVersion),
        Column((batch, i) => PayloadBytes.Of(batch.Events[i].Payload)));

    private NpgsqlParameter Column<T>(Func<EventBatch, int, T> select)
    {
        var values = new T[_events.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = select(_events[i].Batch, _events[i].Index);
        return Value(values);
    }

    /// <summary>Of this transaction's own batches, too: those of one entity may overlap.</summary>
    private async Task<List<JournalEvent>> ReadStoredAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        await using var query = _connection.Batch(Sql(
            PostgreSqlJournal.SelectEvents + "WHERE persistence_id = $1 AND seq_nr BETWEEN $2 AND $3 ORDER BY seq_nr",
            Value(batch.PersistenceId), Value(batch.FirstSequenceNumber), Value(batch.LastSequenceNumber)));
        var stored = new List<JournalEvent>();
        await using var reader = await query.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            stored.Add(PostgreSqlJournal.MapEvent(reader));
        return [.. stored, .. Pending(batch)];
    }

    private IEnumerable<JournalEvent> Pending(EventBatch like) =>
        from item in _events
        let number = item.Batch.FirstSequenceNumber + item.Index
        where item.Batch.PersistenceId == like.PersistenceId && number >= like.FirstSequenceNumber && number <= like.LastSequenceNumber
        let data = item.Batch.Events[item.Index]
        select new JournalEvent(
            0, like.PersistenceId, number, item.Batch.Epoch, UnixMicroseconds.Truncate(data.At), data.Type, data.SchemaVersion, data.Payload);
}
