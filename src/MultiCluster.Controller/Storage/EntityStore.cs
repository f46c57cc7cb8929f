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

    /// <summary>Between two portions of what is due, of which there may be more than the queue takes at once.</summary>
    private static readonly TimeSpan PortionInterval = TimeSpan.FromMilliseconds(50);

    private const int Portion = 1_000;
    private const int EnoughEventsQueued = 20_000;

    private readonly ConcurrentDictionary<string, StoredEntity> _entities = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _due = new();

    /// <summary>Held while anything is taken out of <see cref="_due"/>: who flushes must not miss what another has in hand.</summary>
    private readonly Lock _turn = new();
    private readonly IDatabase _database;
    private readonly StoredForm _form;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WriteBehind _writes;
    private readonly ITimer _pace;
    private ITimer? _watch;
    private int _isPaced;
    private volatile bool _isHeld;

    public EntityStore(IDatabase database, StoredForm form, WriteBehindOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _database = database;
        _form = form;
        _time = time;
        _logger = loggers.CreateLogger<EntityStore>();
        _writes = new WriteBehind(database.Journal, database.Snapshots, this, options, time, loggers.CreateLogger<WriteBehind>(), Random.Shared);
        _pace = time.CreateTimer(_ => WritePortion(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public WriteBehindState State
    {
        get
        {
            var state = _writes.State;
            return state with { QueuedSnapshots = state.QueuedSnapshots + _due.Count };
        }
    }

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

    /// <summary>
    /// Writes nothing down until <see cref="Release"/>, or for so long: a node that starts has ten thousands of entities to publish, and
    /// nobody is served any sooner for their being stored.
    /// </summary>
    public void Hold(TimeSpan limit)
    {
        _isHeld = true;
        Volatile.Write(ref _isPaced, 1);
        _pace.Change(limit, Timeout.InfiniteTimeSpan);
    }

    public void Release()
    {
        if (_isHeld)
            _pace.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public void Write(int shard, TableEntry entry, EntityRecord? before, Cause cause)
    {
        var id = Id(shard, entry.Key);
        var entity = _entities.GetOrAdd(id, static _ => new StoredEntity(0, null));
        lock (entity)
        {
            if (!entity.Change(entry, before?.Published, cause))
                return;
            if (!_isHeld && (entity.WrittenAt is not { } last || _time.GetElapsedTime(last) >= Pace))
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
        WriteDue(ids);
        // What an owner before on this node still has queued belongs to what there is to read.
        await _writes.FlushAsync(ids, FlushDeadline, cancellationToken);
        _writes.Discard(ids, below: epoch);
        await _database.Journal.FenceAsync(ids, epoch, cancellationToken);
        var entries = ImmutableArray.CreateBuilder<TableEntry>();
        await foreach (var point in _database.Snapshots.LoadAllAsync(ids, cancellationToken))
        {
            foreach (var corrupt in point.Corrupt)
                LogCorrupt(_logger, point.PersistenceId, corrupt.SequenceNumber, corrupt.Reason);
            string? problem = null;
            var entry = point.Snapshot is { } snapshot ? _form.Read(Key(point.PersistenceId), snapshot.Body, out problem) : null;
            Recover(point.PersistenceId, point.SequenceNumber, epoch, entry);
            if (entry is not null)
                entries.Add(entry);
            if (problem is not null)
                LogUnreadable(_logger, point.PersistenceId, problem);
        }

        return entries.DrainToImmutable();
    }

    public async ValueTask FlushAsync(int shard, long epoch, CancellationToken cancellationToken)
    {
        WriteDue(Ids(shard));
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
        WriteDue(IdRange.All);
        await _writes.FlushAsync(IdRange.All, FlushDeadline, CancellationToken.None);
        await _writes.DisposeAsync();
    }

    /// <summary>A journal that could not be read is read later, when owners of the same epoch have been writing.</summary>
    private void Recover(string id, long sequence, long epoch, TableEntry? entry)
    {
        var entity = _entities.GetOrAdd(id, static _ => new StoredEntity(0, null));
        lock (entity)
            entity.Recover(sequence, epoch, entry);
    }

    private void WritePortion()
    {
        _isHeld = false;
        Volatile.Write(ref _isPaced, 0);
        // A database that is away or slow: what is due waits here, where an entity has one place however often it changes.
        lock (_turn)
        {
            for (var left = _writes.QueuedEvents < EnoughEventsQueued ? Portion : 0; left > 0 && _due.TryDequeue(out var id); left--)
                Write(id);
        }

        if (!_due.IsEmpty && Interlocked.Exchange(ref _isPaced, 1) == 0)
            _pace.Change(PortionInterval, Timeout.InfiniteTimeSpan);
    }

    private void WriteDue(IdRange ids)
    {
        lock (_turn)
        {
            for (var left = _due.Count; left > 0 && _due.TryDequeue(out var id); left--)
            {
                if (ids.Contains(id))
                    Write(id);
                else
                    _due.Enqueue(id);
            }
        }
    }

    private void Write(string id)
    {
        if (!_entities.TryGetValue(id, out var entity))
            return;
        lock (entity)
            Write(id, entity);
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
}
