using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Persistence;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;
using MultiCluster.Persistence.Writing;

namespace MultiCluster.Controller.Storage;

/// <summary>
/// The state of entities in a database: a snapshot of each, and events for what was decided. Nothing waits for it: writes queue, and a
/// node without a valid lease goes on queueing and writes when it has one again. A newer owner has then fenced what it owns.
/// <para>
/// Recovery takes snapshots only. Events tell people what happened; those after a snapshot are in the one that is under way.
/// </para>
/// </summary>
public sealed partial class EntityStore : IEntityStore, IShardJournal, IWriteBehindOwner, IAsyncDisposable
{
    private static readonly TimeSpan FlushDeadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GateInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// An entity that changes more often is written down once in so long: a history of each of a hundred changes a second would cost more
    /// than all else that is done for them, and nobody reads it.
    /// </summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, StoredEntity> _entities = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _due = new();
    private readonly IDatabase _database;
    private readonly StoredForm _form;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WriteBehind _writes;
    private readonly ITimer _pace;
    private ITimer? _watch;
    private int _isPaced;

    public EntityStore(IDatabase database, StoredForm form, WriteBehindOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _database = database;
        _form = form;
        _time = time;
        _logger = loggers.CreateLogger<EntityStore>();
        _writes = new WriteBehind(database.Journal, database.Snapshots, this, options, time, loggers.CreateLogger<WriteBehind>(), Random.Shared);
        _pace = time.CreateTimer(_ => WriteDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public WriteBehindState State => _writes.State;

    /// <summary>From now on nothing is written while the lease of this run of the node is not valid.</summary>
    public void Obey(WriteGate gate)
    {
        _watch?.Dispose();
        _watch = _time.CreateTimer(
            _ =>
            {
                if (gate.IsOpen)
                    _writes.Resume();
                else
                    _writes.Suspend();
            },
            null, TimeSpan.Zero, GateInterval);
    }

    public void Write(int shard, TableEntry entry, EntityRecord? before, Cause cause)
    {
        var id = Id(shard, entry.Key);
        var entity = _entities.GetOrAdd(id, static _ => new StoredEntity(0, null));
        lock (entity)
        {
            if (!entity.Change(entry, before?.Published, cause))
                return;
            if (entity.WrittenAt is not { } last || _time.GetElapsedTime(last) >= Pace)
            {
                Write(id, entity);
                return;
            }
        }

        _due.Enqueue(id);
        if (Interlocked.Exchange(ref _isPaced, 1) == 0)
            _pace.Change(Pace, Timeout.InfiniteTimeSpan);
    }

    public async ValueTask<ImmutableArray<TableEntry>> LoadAsync(int shard, long epoch, CancellationToken cancellationToken)
    {
        var ids = Ids(shard);
        WriteDue();
        // What an owner before on this node still has queued belongs to what there is to read.
        await _writes.FlushAsync(ids, FlushDeadline, cancellationToken);
        _writes.Discard(ids);
        await _database.Journal.FenceAsync(ids, epoch, cancellationToken);
        var entries = ImmutableArray.CreateBuilder<TableEntry>();
        await foreach (var point in _database.Snapshots.LoadAllAsync(ids, cancellationToken))
        {
            foreach (var corrupt in point.Corrupt)
                LogCorrupt(_logger, point.PersistenceId, corrupt.SequenceNumber, corrupt.Reason);
            string? problem = null;
            var entry = point.Snapshot is { } snapshot ? _form.Read(Key(point.PersistenceId), snapshot.Body, out problem) : null;
            _entities[point.PersistenceId] = new StoredEntity(point.SequenceNumber, entry);
            if (entry is not null)
                entries.Add(entry);
            if (problem is not null)
                LogUnreadable(_logger, point.PersistenceId, problem);
        }

        return entries.DrainToImmutable();
    }

    public async ValueTask FlushAsync(int shard, long epoch, CancellationToken cancellationToken)
    {
        WriteDue();
        await _writes.FlushAsync(Ids(shard), FlushDeadline, cancellationToken);
    }

    void IWriteBehindOwner.Fenced(string persistenceId, long epoch, long highestEpoch) => LogFenced(_logger, persistenceId, epoch, highestEpoch);

    void IWriteBehindOwner.SnapshotWanted(string persistenceId, long epoch, long sequenceNumber)
    {
        if (!_entities.TryGetValue(persistenceId, out var entity))
            return;
        lock (entity)
        {
            entity.Sequence = Math.Max(entity.Sequence, sequenceNumber);
            if (entity.Latest is { } entry && entry.Version.Epoch == epoch)
                Save(persistenceId, entity, entry);
        }
    }

    /// <summary>Ends at once, after a last try to write what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
            await _watch.DisposeAsync();
        await _pace.DisposeAsync();
        WriteDue();
        await _writes.FlushAsync(IdRange.All, FlushDeadline, CancellationToken.None);
        await _writes.DisposeAsync();
    }

    private void WriteDue()
    {
        Volatile.Write(ref _isPaced, 0);
        while (_due.TryDequeue(out var id))
        {
            if (!_entities.TryGetValue(id, out var entity))
                continue;
            lock (entity)
                Write(id, entity);
        }
    }

    private void Write(string id, StoredEntity entity)
    {
        if (entity.Take(_time.GetTimestamp()) is not var (entry, before, cause))
            return;
        var decisions = DecisionDiff.Between(before, (entry.Payload as EntityRecord)?.Published, cause);
        var now = _time.GetUtcNow();
        ImmutableArray<EventData> events = [.. decisions.Select(decision => Encode(id, decision, now)).OfType<EventData>()];
        var first = entity.Sequence + 1;
        entity.Sequence += events.Length;
        if (!events.IsEmpty)
            _writes.Append(new EventBatch(id, entry.Version.Epoch, first, events));
        Save(id, entity, entry);
    }

    private EventData? Encode(string id, Decision decision, DateTimeOffset now)
    {
        var data = StoredForm.Write(decision, now, out var problem);
        if (problem is not null)
            LogUnwritable(_logger, id, problem);
        return data;
    }

    private void Save(string id, StoredEntity entity, TableEntry entry) =>
        _writes.Save(id, entry.Version.Epoch, entity.Sequence, () => _form.Write(entry));

    private static IdRange Ids(int shard) => IdRange.WithPrefix(Id(shard, ""));

    private static string Id(int shard, string key) => string.Create(CultureInfo.InvariantCulture, $"{shard:d4}/{key}");

    private static string Key(string id) => id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..];

    [LoggerMessage(1601, LogLevel.Error, "{Id}: snapshot {Sequence} is corrupt, the one before is used: {Reason}")]
    private static partial void LogCorrupt(ILogger logger, string id, long sequence, string reason);

    [LoggerMessage(1602, LogLevel.Error, "{Id}: its snapshot can't be read whole; members deliver it anew: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string id, string reason);

    [LoggerMessage(1603, LogLevel.Warning, "{Id}: an owner of epoch {HighestEpoch} writes now, ours of epoch {Epoch} no longer does")]
    private static partial void LogFenced(ILogger logger, string id, long epoch, long highestEpoch);

    [LoggerMessage(1604, LogLevel.Error, "{Id}: a decision can't be written to the history: {Reason}")]
    private static partial void LogUnwritable(ILogger logger, string id, string reason);
}
