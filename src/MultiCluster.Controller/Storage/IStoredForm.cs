using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Records;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Controller.Storage;

/// <summary>What goes to the database, and back.</summary>
public interface IStoredForm
{
    /// <param name="entry">Its payload is an <see cref="EntityRecord"/>, or null for a tombstone.</param>
    SnapshotBody Write(TableEntry entry);

    /// <param name="problem">Why it can't be read, or what is missing of it, such as secrets.</param>
    /// <returns>Null if it can't be read.</returns>
    TableEntry? Read(string key, SnapshotBody body, out string? problem);

    /// <returns>Null if it can't be stored; then <paramref name="problem"/> says why.</returns>
    EventData? Write(Decision decision, DateTimeOffset at, out string? problem);
}
