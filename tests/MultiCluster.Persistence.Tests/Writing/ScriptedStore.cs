using System.Collections.Immutable;
using MultiCluster.Persistence.InMemory;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Tests.Writing;

/// <summary>A database in memory that fails, or waits, as it is told; before a commit or after it.</summary>
#pragma warning disable CA1001 // a database in memory has nothing to close
internal sealed class ScriptedStore : IJournal, ISnapshotStore
#pragma warning restore CA1001
{
    private readonly InMemoryDatabase _database = new();

    public Func<IReadOnlyList<EventBatch>, Task> BeforeAppend { get; set; } = static _ => Task.CompletedTask;

    public Func<Task> AfterAppend { get; set; } = static () => Task.CompletedTask;

    public Func<IReadOnlyList<SnapshotWrite>, Task> BeforeSave { get; set; } = static _ => Task.CompletedTask;

    public Func<Task> AfterSave { get; set; } = static () => Task.CompletedTask;

    public int Commits { get; private set; }

    public static Task Fail(PersistenceFailure failure = PersistenceFailure.Unavailable) =>
        Task.FromException(new PersistenceException(failure, $"scripted: {failure}"));

    public void FailAll()
    {
        BeforeAppend = _ => Fail();
        BeforeSave = _ => Fail();
    }

    public void Recover()
    {
        BeforeAppend = static _ => Task.CompletedTask;
        BeforeSave = static _ => Task.CompletedTask;
    }

    public async ValueTask<ImmutableArray<AppendResult>> AppendAsync(IReadOnlyList<EventBatch> batches, CancellationToken cancellationToken)
    {
        await BeforeAppend(batches).WaitAsync(cancellationToken);
        var results = await _database.Journal.AppendAsync(batches, cancellationToken);
        Commits++;
        await AfterAppend();
        return results;
    }

    public async ValueTask<ImmutableArray<SnapshotResult>> SaveAsync(IReadOnlyList<SnapshotWrite> snapshots, CancellationToken cancellationToken)
    {
        await BeforeSave(snapshots).WaitAsync(cancellationToken);
        var results = await _database.Snapshots.SaveAsync(snapshots, cancellationToken);
        Commits++;
        await AfterSave();
        return results;
    }

    public IAsyncEnumerable<JournalEvent> ReadAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        _database.Journal.ReadAsync(persistenceId, fromSequenceNumber, cancellationToken);

    public ValueTask<EventPage> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken) =>
        _database.Journal.ReadAllAsync(afterPosition, limit, cancellationToken);

    public IAsyncEnumerable<JournalEvent> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        _database.Journal.ReadHistoryAsync(query, cancellationToken);

    public ValueTask<FenceResult> FenceAsync(IdRange ids, long epoch, CancellationToken cancellationToken) =>
        _database.Journal.FenceAsync(ids, epoch, cancellationToken);

    public ValueTask<long> ReadHighestEpochAsync(CancellationToken cancellationToken) => _database.Journal.ReadHighestEpochAsync(cancellationToken);

    public ValueTask<int> CompactAsync(DateTimeOffset historyStart, int limit, CancellationToken cancellationToken) =>
        _database.Journal.CompactAsync(historyStart, limit, cancellationToken);

    public ValueTask<RecoveryPoint?> LoadAsync(string persistenceId, CancellationToken cancellationToken) =>
        _database.Snapshots.LoadAsync(persistenceId, cancellationToken);

    public IAsyncEnumerable<RecoveryPoint> LoadAllAsync(IdRange ids, CancellationToken cancellationToken) =>
        _database.Snapshots.LoadAllAsync(ids, cancellationToken);
}
