using System.Collections.Immutable;
using MultiCluster.Persistence.Journal;
using Npgsql;
using static MultiCluster.Persistence.PostgreSql.PostgreSqlBatches;

namespace MultiCluster.Persistence.PostgreSql;

internal sealed class PostgreSqlJournal(PostgreSqlDatabase database) : IJournal
{
    internal const string SelectEvents = "SELECT position, persistence_id, seq_nr, epoch, at, type, schema_version, payload FROM journal ";

    private const string Compact =
        """
        DELETE FROM journal WHERE position IN (
            SELECT old.position FROM journal old JOIN entity USING (persistence_id)
            WHERE old.at < $1 AND old.seq_nr <= entity.covered_seq_nr
              AND (entity.snapshot_nr = 0 OR EXISTS (
                  SELECT 1 FROM journal later
                  WHERE later.persistence_id = old.persistence_id AND later.seq_nr > old.seq_nr AND later.at < $1))
            LIMIT $2)
        """;

    public async ValueTask<ImmutableArray<AppendResult>> AppendAsync(IReadOnlyList<EventBatch> batches, CancellationToken cancellationToken)
    {
        EventBatch.Check(batches);
        return await database.UseAsync((connection, token) => PostgreSqlAppend.RunAsync(connection, batches, token), cancellationToken);
    }

    public IAsyncEnumerable<JournalEvent> ReadAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        database.StreamAsync(
            () => Sql(SelectEvents + "WHERE persistence_id = $1 AND seq_nr >= $2 ORDER BY seq_nr", Value(persistenceId), Value(fromSequenceNumber)),
            MapEvent, cancellationToken);

    public async ValueTask<EventPage> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken) =>
        await database.UseAsync((connection, token) => ReadPageAsync(connection, afterPosition, limit, token), cancellationToken);

    public IAsyncEnumerable<JournalEvent> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        database.StreamAsync(
            () => Sql(
                SelectEvents + "WHERE at >= $1 AND at < $2 AND persistence_id >= $3 AND persistence_id < $4 ORDER BY at, position",
                Value(query.From.ToUniversalTime()), Value(query.Until.ToUniversalTime()), Value(query.Ids.From), Value(query.Ids.Until)),
            MapEvent, cancellationToken);

    public async ValueTask<FenceResult> FenceAsync(IdRange ids, long epoch, CancellationToken cancellationToken) =>
        await database.UseForBulkAsync((connection, token) => FenceAsync(connection, ids, epoch, token), cancellationToken);

    public async ValueTask<long> ReadHighestEpochAsync(CancellationToken cancellationToken) =>
        await database.UseAsync(
            async (connection, token) =>
            {
                await using var query = connection.Batch(Sql("SELECT coalesce(max(epoch), 0) FROM entity"));
                return (long)(await query.ExecuteScalarAsync(token))!;
            },
            cancellationToken);

    public async ValueTask<int> CompactAsync(DateTimeOffset historyStart, int limit, CancellationToken cancellationToken) =>
        await database.UseForBulkAsync(
            async (connection, token) =>
            {
                await using var delete = connection.Batch(Sql(Compact, Value(historyStart.ToUniversalTime()), Value(limit)));
                return await delete.ExecuteNonQueryAsync(token);
            },
            cancellationToken);

    internal static JournalEvent MapEvent(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3),
        reader.GetFieldValue<DateTimeOffset>(4), reader.GetString(5), reader.GetInt32(6), reader.GetFieldValue<byte[]>(7));

    private static async Task<EventPage> ReadPageAsync(NpgsqlConnection connection, long afterPosition, int limit, CancellationToken cancellationToken)
    {
        // The sequence never falls behind what was committed, so only a restored database is behind the reader.
        await using var query = connection.Batch(
            Sql("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM journal_position"),
            Sql(SelectEvents + "WHERE position > $1 ORDER BY position LIMIT $2", Value(afterPosition), Value(limit)));
        await using var reader = await query.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (afterPosition > reader.GetInt64(0))
            return new EventPage([], 0, WentBack: true);
        await reader.NextResultAsync(cancellationToken);
        var events = ImmutableArray.CreateBuilder<JournalEvent>();
        while (await reader.ReadAsync(cancellationToken))
            events.Add(MapEvent(reader));
        return EventPage.Of(events.DrainToImmutable(), afterPosition);
    }

    private static async Task<FenceResult> FenceAsync(NpgsqlConnection connection, IdRange ids, long epoch, CancellationToken cancellationToken)
    {
        const string Range = "WHERE persistence_id >= $1 AND persistence_id < $2 ";
        await using var batch = connection.Batch(
            // In the order in which groups lock, or the two could wait for each other.
            Sql($"SELECT FROM entity {Range} AND epoch < $3 ORDER BY persistence_id FOR UPDATE", Value(ids.From), Value(ids.Until), Value(epoch)),
            Sql(
                $"WITH raised AS (UPDATE entity SET epoch = $3, epoch_seq_nr = seq_nr {Range} AND epoch < $3 RETURNING 1) SELECT count(*) FROM raised",
                Value(ids.From), Value(ids.Until), Value(epoch)),
            Sql($"SELECT coalesce(max(epoch), 0) FROM entity {Range}", Value(ids.From), Value(ids.Until)));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var raised = (int)reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var result = new FenceResult(raised, Math.Max(epoch, reader.GetInt64(0)));
        // Only now is it committed, and an error of the commit seen.
        await reader.NextResultAsync(cancellationToken);
        return result;
    }
}
