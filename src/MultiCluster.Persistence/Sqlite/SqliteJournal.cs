using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using MultiCluster.Persistence.Journal;

namespace MultiCluster.Persistence.Sqlite;

/// <summary>Writers exclude each other for a whole transaction here, so positions are given in the order of commits by themselves.</summary>
internal sealed class SqliteJournal(SqliteDatabase database) : IJournal
{
    internal const string SelectEvents = "SELECT position, persistence_id, seq_nr, epoch, at, type, schema_version, payload FROM journal ";

    public async ValueTask<ImmutableArray<AppendResult>> AppendAsync(IReadOnlyList<EventBatch> batches, CancellationToken cancellationToken)
    {
        EventBatch.Check(batches);
        return await database.WriteAsync(SqliteUse.Journal, connection => SqliteAppend.Run(connection, batches), cancellationToken);
    }

    public IAsyncEnumerable<JournalEvent> ReadAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        database.StreamAsync(
            connection => connection.Command(SelectEvents + "WHERE persistence_id = $id AND seq_nr >= $from ORDER BY seq_nr")
                .Set("$id", persistenceId).Set("$from", fromSequenceNumber),
            MapEvent, cancellationToken);

    public async ValueTask<EventPage> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(connection => ReadPage(connection, afterPosition, limit), cancellationToken);

    public IAsyncEnumerable<JournalEvent> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        database.StreamAsync(
            connection => connection.Command(SelectEvents +
                    "WHERE at >= $from AND at < $until AND persistence_id >= $low AND persistence_id < $high ORDER BY at, position")
                .Set("$from", UnixMicroseconds.From(query.From)).Set("$until", UnixMicroseconds.From(query.Until))
                .Set("$low", query.Ids.From).Set("$high", query.Ids.Until),
            MapEvent, cancellationToken);

    public async ValueTask<FenceResult> FenceAsync(IdRange ids, long epoch, CancellationToken cancellationToken) =>
        await database.WriteAsync(SqliteUse.Journal, connection => Fence(connection, ids, epoch), cancellationToken);

    public async ValueTask<long> ReadHighestEpochAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(connection => HighestEpoch(connection, IdRange.All), cancellationToken);

    public async ValueTask<int> CompactAsync(DateTimeOffset historyStart, int limit, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            SqliteUse.Journal,
            connection =>
            {
                using var command = connection.Command(
                    """
                    DELETE FROM journal WHERE position IN (
                        SELECT old.position FROM journal old JOIN entity USING (persistence_id)
                        WHERE old.at < $start AND old.seq_nr <= entity.covered_seq_nr
                          AND (entity.snapshot_nr = 0 OR EXISTS (
                              SELECT 1 FROM journal later
                              WHERE later.persistence_id = old.persistence_id AND later.seq_nr > old.seq_nr AND later.at < $start))
                        LIMIT $limit)
                    """);
                return command.Set("$start", UnixMicroseconds.From(historyStart)).Set("$limit", limit).ExecuteNonQuery();
            },
            cancellationToken);

    internal static JournalEvent MapEvent(SqliteDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3),
        UnixMicroseconds.ToTime(reader.GetInt64(4)), reader.GetString(5), reader.GetInt32(6), reader.GetFieldValue<byte[]>(7));

    private static EventPage ReadPage(SqliteConnection connection, long afterPosition, int limit)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        using var highest = connection.Command("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'journal'");
        if (afterPosition > (long)highest.ExecuteScalar()!)
            return new EventPage([], 0, WentBack: true);
        using var command = connection.Command(SelectEvents + "WHERE position > $after ORDER BY position LIMIT $limit");
        using var reader = command.Set("$after", afterPosition).Set("$limit", limit).ExecuteReader();
        var events = ImmutableArray.CreateBuilder<JournalEvent>();
        while (reader.Read())
            events.Add(MapEvent(reader));
        return EventPage.Of(events.DrainToImmutable(), afterPosition);
    }

    private static FenceResult Fence(SqliteConnection connection, IdRange ids, long epoch)
    {
        using var command = connection.Command(
            "UPDATE entity SET epoch = $epoch, epoch_seq_nr = seq_nr WHERE persistence_id >= $low AND persistence_id < $high AND epoch < $epoch");
        var raised = command.Set("$epoch", epoch).Set("$low", ids.From).Set("$high", ids.Until).ExecuteNonQuery();
        return new FenceResult(raised, Math.Max(epoch, HighestEpoch(connection, ids)));
    }

    private static long HighestEpoch(SqliteConnection connection, IdRange ids)
    {
        using var command = connection.Command("SELECT coalesce(max(epoch), 0) FROM entity WHERE persistence_id >= $low AND persistence_id < $high");
        return (long)command.Set("$low", ids.From).Set("$high", ids.Until).ExecuteScalar()!;
    }
}
