using Microsoft.Data.Sqlite;
using MultiCluster.Persistence.Heads;

namespace MultiCluster.Persistence.Sqlite;

/// <summary>Reads and writes heads inside one write transaction.</summary>
internal sealed class SqliteHeads(SqliteConnection connection) : IDisposable
{
    private readonly SqliteCommand _select = connection.Command(
        "SELECT seq_nr, epoch, epoch_seq_nr, snapshot_nr, snapshot_seq_nr, covered_seq_nr FROM entity WHERE persistence_id = $id");

    private readonly SqliteCommand _upsert = connection.Command(
        "INSERT OR REPLACE INTO entity (persistence_id, seq_nr, epoch, epoch_seq_nr, snapshot_nr, snapshot_seq_nr, covered_seq_nr) " +
        "VALUES ($id, $seq, $epoch, $start, $snapshots, $snapshot, $covered)");

    public EntityHead Read(string persistenceId)
    {
        using var reader = _select.Set("$id", persistenceId).ExecuteReader();
        return reader.Read()
            ? new EntityHead(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5))
            : default;
    }

    public void Write(string persistenceId, EntityHead head) => _upsert
        .Set("$id", persistenceId)
        .Set("$seq", head.SequenceNumber)
        .Set("$epoch", head.Epoch)
        .Set("$start", head.EpochSequenceNumber)
        .Set("$snapshots", head.Snapshots)
        .Set("$snapshot", head.SnapshotSequenceNumber)
        .Set("$covered", head.CoveredSequenceNumber)
        .ExecuteNonQuery();

    public void Dispose()
    {
        _select.Dispose();
        _upsert.Dispose();
    }
}
