using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using MultiCluster.Persistence.Heads;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Sqlite;

/// <summary>The save of one group of snapshots, inside its transaction.</summary>
internal sealed class SqliteSave : IDisposable
{
    private readonly SqliteHeads _heads;
    private readonly SqliteCommand _upsert;
    private readonly SqliteCommand _delete;

    private SqliteSave(SqliteConnection connection)
    {
        _heads = new SqliteHeads(connection);
        _upsert = connection.Command(
            "INSERT OR REPLACE INTO snapshot (persistence_id, slot, seq_nr, epoch, type, schema_version, crc, payload) " +
            "VALUES ($id, $slot, $seq, $epoch, $type, $schema, $crc, $payload)");
        _delete = connection.Command("DELETE FROM snapshot WHERE persistence_id = $id");
    }

    public static ImmutableArray<SnapshotResult> Run(SqliteConnection connection, IReadOnlyList<SnapshotWrite> writes)
    {
        using var save = new SqliteSave(connection);
        return [.. writes.Select(save.Save)];
    }

    public void Dispose()
    {
        _heads.Dispose();
        _upsert.Dispose();
        _delete.Dispose();
    }

    private SnapshotResult Save(SnapshotWrite write)
    {
        var head = _heads.Read(write.PersistenceId);
        var result = head.Judge(write);
        if (result is not SnapshotResult.Saved)
            return result;
        var after = head.After(write);
        if (write.Body is null)
            _delete.Set("$id", write.PersistenceId).ExecuteNonQuery();
        else
            Upsert(write.PersistenceId, after.NewestSlot, StoredSnapshot.Of(write));
        _heads.Write(write.PersistenceId, after);
        return result;
    }

    private void Upsert(string persistenceId, int slot, StoredSnapshot snapshot) => _upsert
        .Set("$id", persistenceId)
        .Set("$slot", slot)
        .Set("$seq", snapshot.SequenceNumber)
        .Set("$epoch", snapshot.Epoch)
        .Set("$type", snapshot.Body.Type)
        .Set("$schema", snapshot.Body.SchemaVersion)
        .Set("$crc", snapshot.Crc)
        .Set("$payload", PayloadBytes.Of(snapshot.Body.Payload))
        .ExecuteNonQuery();
}
