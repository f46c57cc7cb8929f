using MultiCluster.Persistence.Heads;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.InMemory;

/// <summary>
/// By the rules of the real ones, without their delays, for tests and simulations: everything completes at once, on the caller's thread.
/// Closing it loses nothing: what one owner left, another finds.
/// </summary>
public sealed class InMemoryDatabase : IDatabase
{
    private readonly InMemoryTables _tables = new();

    public InMemoryDatabase()
    {
        Journal = new InMemoryJournal(_tables);
        Snapshots = new InMemorySnapshotStore(_tables);
    }

    public IJournal Journal { get; }

    public ISnapshotStore Snapshots { get; }

    public ILeaseStore Leases { get; } = new InMemoryLeaseStore();

    internal int StoredSnapshots => _tables.Snapshots.Count;

    public ValueTask<int> PrepareAsync(CancellationToken cancellationToken) => new(1);

    public ValueTask DisposeAsync() => default;
}

internal sealed class InMemoryTables
{
    public Lock Gate { get; } = new();

    public SortedDictionary<string, EntityHead> Heads { get; } = new(StringComparer.Ordinal);

    /// <summary>By position.</summary>
    public SortedDictionary<long, JournalEvent> Journal { get; } = [];

    public Dictionary<(string Id, int Slot), StoredSnapshot> Snapshots { get; } = [];

    public long LastPosition { get; set; }

    /// <summary>Of one entity, by sequence number.</summary>
    public Dictionary<string, SortedList<long, JournalEvent>> ByEntity { get; } = new(StringComparer.Ordinal);

    public SortedList<long, JournalEvent> EventsOf(string persistenceId) => ByEntity.GetValueOrDefault(persistenceId) ?? [];

    public void Insert(JournalEvent added)
    {
        Journal.Add(added.Position, added);
        if (!ByEntity.TryGetValue(added.PersistenceId, out var events))
            ByEntity[added.PersistenceId] = events = [];
        events.Add(added.SequenceNumber, added);
    }

    public void Delete(JournalEvent deleted)
    {
        Journal.Remove(deleted.Position);
        ByEntity[deleted.PersistenceId].Remove(deleted.SequenceNumber);
    }
}
