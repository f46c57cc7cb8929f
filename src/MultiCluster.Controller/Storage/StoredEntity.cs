using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Storage;

/// <summary>What is still to be written down of one entity. Who calls it holds a lock on it.</summary>
/// <param name="sequence">Of its last event.</param>
/// <param name="latest">What the database holds of it.</param>
internal sealed class StoredEntity(long sequence, TableEntry? latest)
{
    private Fragment? _before;
    private Cause _cause = new(CauseKind.Recovery, null);
    private bool _isDue;

    public long Sequence { get; set; } = sequence;

    public TableEntry? Latest { get; private set; } = latest;

    /// <summary>Timestamp of the last <see cref="Take"/>.</summary>
    public long? WrittenAt { get; private set; }

    /// <summary>What the database says. What was written here under the same epoch, or is still to be, is newer.</summary>
    public void Recover(long sequence, long epoch, TableEntry? stored)
    {
        if (Latest is { } known && known.Version.Epoch >= epoch)
        {
            Sequence = Math.Max(Sequence, sequence);
            return;
        }

        (Sequence, Latest, WrittenAt) = (sequence, stored, null);
        (_isDue, _before) = (false, null);
    }

    /// <returns>False if it was due already, or comes from an owner before.</returns>
    public bool Change(TableEntry entry, Fragment? before, Cause cause)
    {
        if (Latest is { } known && entry.Version < known.Version)
            return false;
        (Latest, _cause) = (entry, cause);
        if (_isDue)
            return false;
        (_isDue, _before) = (true, before);
        return true;
    }

    /// <returns>The newest entry, what was published before all that changed since the last call, and why it is not that any more; null if nothing changed.</returns>
    public (TableEntry Entry, Fragment? Before, Cause Cause)? Take(long now)
    {
        if (!_isDue || Latest is not { } entry)
            return null;
        var taken = (entry, _before, _cause);
        (_isDue, _before, WrittenAt) = (false, null, now);
        return taken;
    }
}
