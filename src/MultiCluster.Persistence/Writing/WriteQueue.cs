using MultiCluster.Persistence.Journal;

namespace MultiCluster.Persistence.Writing;

/// <summary>The writes of all entities, with their bounds. Knows no clock and no thread: times are timestamps of the caller's, who also excludes others.</summary>
internal sealed class WriteQueue(WriteBehindOptions options)
{
    private readonly Dictionary<string, EntityQueue> _entities = new(StringComparer.Ordinal);
    private readonly Queue<EntityQueue> _eventLine = new();
    private readonly Queue<EntityQueue> _snapshotLine = new();
    private long _ticket;

    public int Events { get; private set; }

    public long EventBytes { get; private set; }

    public long DroppedEvents { get; private set; }

    public long LastTicket => _ticket;

    public IEnumerable<EntityQueue> Entities => _entities.Values;

    public EnqueueResult Add(EventBatch batch, long now)
    {
        if (Find(batch.PersistenceId, batch.Epoch) is not { } entity)
        {
            DroppedEvents += batch.Events.Length;
            return EnqueueResult.Fenced;
        }
        if (!entity.Follows(batch) || !HasRoom(entity, batch))
        {
            entity.Drop(batch);
            DroppedEvents += batch.Events.Length;
            return EnqueueResult.SnapshotNeeded;
        }
        Change(entity, queue => queue.Add(batch, now, ++_ticket));
        return EnqueueResult.Queued;
    }

    public EnqueueResult Add(string persistenceId, long epoch, Func<long, PendingSnapshot> snapshot)
    {
        if (Find(persistenceId, epoch) is not { } entity)
            return EnqueueResult.Fenced;
        var pending = snapshot(++_ticket);
        var accepted = false;
        Change(entity, queue =>
        {
            accepted = queue.Add(pending, out var dropped);
            DroppedEvents += dropped;
        });
        return accepted ? EnqueueResult.Queued : EnqueueResult.SnapshotNeeded;
    }

    /// <summary>Changes an entity and keeps the totals, the lines and the table up to date.</summary>
    public void Change(EntityQueue entity, Action<EntityQueue> change)
    {
        var (events, bytes) = (entity.EventCount, entity.EventBytes);
        change(entity);
        if (entity.Detached)
            return;
        Events += entity.EventCount - events;
        EventBytes += entity.EventBytes - bytes;
        Line(entity);
        if (entity.IsOver)
            _entities.Remove(entity.PersistenceId);
    }

    public void Drop(EntityQueue entity, Func<EntityQueue, int> drop) => Change(entity, queue => DroppedEvents += drop(queue));

    /// <summary>Forgets entities, with what they have to write.</summary>
    public void Remove(IdRange ids, long below)
    {
        foreach (var entity in _entities.Values.Where(entity => entity.Epoch < below && ids.Contains(entity.PersistenceId)).ToList())
            Detach(entity);
    }

    /// <summary>Those with events to write, in order of arrival; each at most once until it is put back by a change.</summary>
    public EntityQueue? NextWithEvents() => Next(_eventLine, entity => entity.InEventLine = false, entity => entity.HasEvents);

    /// <summary>Those with a snapshot that can be written now.</summary>
    public EntityQueue? NextWithSnapshot() => Next(_snapshotLine, entity => entity.InSnapshotLine = false, entity => entity.SnapshotIsNext);

    /// <summary>Timestamp of the oldest write that can be made; null if there is none.</summary>
    public long? OldestEvents => PeekLive(_eventLine, entity => entity.InEventLine = false, entity => entity.EventsSince);

    public long? OldestSnapshot => PeekLive(
        _snapshotLine, entity => entity.InSnapshotLine = false, entity => entity.SnapshotIsNext ? entity.SnapshotSince : null);

    private EntityQueue? Find(string persistenceId, long epoch)
    {
        if (_entities.TryGetValue(persistenceId, out var entity))
        {
            if (epoch < entity.Epoch || entity.FencedBy > epoch)
                return null;
            if (epoch == entity.Epoch)
                return entity.FencedBy is null ? entity : null;
            // A new ownership: what the one before still had to write is not for it to continue.
            Detach(entity);
        }
        return _entities[persistenceId] = new EntityQueue(persistenceId, epoch);
    }

    private bool HasRoom(EntityQueue entity, EventBatch batch) =>
        entity.EventCount + batch.Events.Length <= options.MaxEventsPerEntity
        && Events + batch.Events.Length <= options.MaxEvents
        && EventBytes + batch.Events.Sum(data => (long)data.Payload.Length) <= options.MaxEventBytes;

    private void Detach(EntityQueue entity)
    {
        Drop(entity, queue => queue.DropAll());
        entity.Detached = true;
        _entities.Remove(entity.PersistenceId);
    }

    private void Line(EntityQueue entity)
    {
        if (entity.HasEvents && !entity.InEventLine)
        {
            entity.InEventLine = true;
            _eventLine.Enqueue(entity);
        }
        if (entity.SnapshotIsNext && !entity.InSnapshotLine)
        {
            entity.InSnapshotLine = true;
            _snapshotLine.Enqueue(entity);
        }
    }

    private static EntityQueue? Next(Queue<EntityQueue> line, Action<EntityQueue> leave, Predicate<EntityQueue> ready)
    {
        while (line.TryDequeue(out var entity))
        {
            leave(entity);
            if (!entity.Detached && ready(entity))
                return entity;
        }
        return null;
    }

    /// <summary>Entities at the head that have nothing to write any more leave the line.</summary>
    private static long? PeekLive(Queue<EntityQueue> line, Action<EntityQueue> leave, Func<EntityQueue, long?> since)
    {
        while (line.TryPeek(out var entity))
        {
            if (!entity.Detached && since(entity) is { } timestamp)
                return timestamp;
            leave(line.Dequeue());
        }
        return null;
    }
}
