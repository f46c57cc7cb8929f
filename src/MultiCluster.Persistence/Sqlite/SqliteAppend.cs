using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using MultiCluster.Persistence.Heads;
using MultiCluster.Persistence.Journal;

namespace MultiCluster.Persistence.Sqlite;

/// <summary>The append of one group, inside its transaction.</summary>
internal sealed class SqliteAppend : IDisposable
{
    private readonly SqliteHeads _heads;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _stored;

    private SqliteAppend(SqliteConnection connection)
    {
        _heads = new SqliteHeads(connection);
        _insert = connection.Command(
            "INSERT INTO journal (persistence_id, seq_nr, epoch, at, type, schema_version, payload) " +
            "VALUES ($id, $seq, $epoch, $at, $type, $schema, $payload)");
        _stored = connection.Command(SqliteJournal.SelectEvents + "WHERE persistence_id = $id AND seq_nr BETWEEN $first AND $last ORDER BY seq_nr");
    }

    public static ImmutableArray<AppendResult> Run(SqliteConnection connection, IReadOnlyList<EventBatch> batches)
    {
        using var append = new SqliteAppend(connection);
        return [.. batches.Select(append.Append)];
    }

    public void Dispose()
    {
        _heads.Dispose();
        _insert.Dispose();
        _stored.Dispose();
    }

    private AppendResult Append(EventBatch batch)
    {
        var head = _heads.Read(batch.PersistenceId);
        var result = head.Judge(batch);
        var present = 0;
        if (result is null)
        {
            if (AppendOverlap.Compare(head, batch, ReadStored(batch)) is not { } overlap)
                return new AppendResult.OutOfSequence(head.SequenceNumber + 1);
            present = overlap;
            result = new AppendResult.Appended(Math.Max(batch.LastSequenceNumber, head.SequenceNumber));
        }
        if (result is AppendResult.Appended)
        {
            Insert(batch, present);
            _heads.Write(batch.PersistenceId, head.After(batch));
        }
        return result;
    }

    private void Insert(EventBatch batch, int from)
    {
        _insert.Set("$id", batch.PersistenceId).Set("$epoch", batch.Epoch);
        for (var i = from; i < batch.Events.Length; i++)
        {
            var data = batch.Events[i];
            _insert
                .Set("$seq", batch.FirstSequenceNumber + i)
                .Set("$at", UnixMicroseconds.From(data.At))
                .Set("$type", data.Type)
                .Set("$schema", data.SchemaVersion)
                .Set("$payload", PayloadBytes.Of(data.Payload))
                .ExecuteNonQuery();
        }
    }

    private List<JournalEvent> ReadStored(EventBatch batch)
    {
        using var reader = _stored
            .Set("$id", batch.PersistenceId).Set("$first", batch.FirstSequenceNumber).Set("$last", batch.LastSequenceNumber)
            .ExecuteReader();
        var events = new List<JournalEvent>();
        while (reader.Read())
            events.Add(SqliteJournal.MapEvent(reader));
        return events;
    }
}
