using MultiCluster.Persistence.Journal;

namespace MultiCluster.Persistence.Writing;

/// <summary>
/// What one entity has to write, in the order in which the database must see it: events, then the snapshot; and, once events were lost, the events before
/// them, the snapshot that takes their place ("leap"), and only then the events behind. Sequence numbers have no gap that a snapshot doesn't cover.
/// </summary>
internal sealed class EntityQueue(string persistenceId, long epoch)
{
    private Queue<PendingEvent> _events = new();
    private Queue<PendingEvent> _behindLeap = new();
    private PendingSnapshot? _snapshot;
    private long _first;
    private long? _last;
    private long _wanted;
    private int _inFlight;
    private bool _leap;

    public string PersistenceId => persistenceId;

    public long Epoch => epoch;

    /// <summary>Events were dropped and no snapshot has taken their place yet.</summary>
    public bool AwaitsSnapshot { get; private set; }

    /// <summary>The epoch that ended this one.</summary>
    public long? FencedBy { get; private set; }

    /// <summary>Results of what is in flight don't concern the owner any more.</summary>
    public bool Detached { get; set; }

    /// <summary>In the line of entities with events, of those with a snapshot.</summary>
    public bool InEventLine { get; set; }

    public bool InSnapshotLine { get; set; }

    public int EventCount => _events.Count + _behindLeap.Count;

    public long EventBytes { get; private set; }

    public bool HasSnapshot => _snapshot is not null;

    public bool HasEvents => _events.Count > 0;

    public bool HasWrites => EventCount > 0 || HasSnapshot;

    /// <summary>Nothing to write and nothing to remember.</summary>
    public bool IsOver => !HasWrites && !AwaitsSnapshot && FencedBy is null;

    public long WantedSequenceNumber => _wanted;

    public long? EventsSince => _events.TryPeek(out var head) ? head.Since : null;

    public long? SnapshotSince => _snapshot?.Since;

    public long OldestSince => Math.Min(
        _snapshot?.Since ?? long.MaxValue, Math.Min(Head(_events)?.Since ?? long.MaxValue, Head(_behindLeap)?.Since ?? long.MaxValue));

    public long OldestTicket => Math.Min(
        _snapshot?.Ticket ?? long.MaxValue, Math.Min(Head(_events)?.Ticket ?? long.MaxValue, Head(_behindLeap)?.Ticket ?? long.MaxValue));

    /// <summary>A snapshot that no event has to be written before.</summary>
    public bool SnapshotIsNext => _snapshot is not null && (_events.Count == 0 || (!_leap && _first > _snapshot.SequenceNumber));

    public bool Follows(EventBatch batch) => !AwaitsSnapshot && (_last is null || batch.FirstSequenceNumber == _last + 1);

    public void Add(EventBatch batch, long since, long ticket)
    {
        var queue = _leap ? _behindLeap : _events;
        if (!_leap && queue.Count == 0)
            _first = batch.FirstSequenceNumber;
        foreach (var data in batch.Events)
        {
            queue.Enqueue(new PendingEvent(data, since, ticket));
            EventBytes += data.Payload.Length;
        }
        _last = batch.LastSequenceNumber;
    }

    /// <summary>The batch is lost.</summary>
    public void Drop(EventBatch batch) => Await(Math.Max(batch.LastSequenceNumber, _last ?? 0));

    /// <returns>False if the snapshot doesn't stand for all that is lost. Events that it makes impossible to write are dropped.</returns>
    public bool Add(PendingSnapshot snapshot, out int dropped)
    {
        dropped = 0;
        if (AwaitsSnapshot && snapshot.SequenceNumber < _wanted)
            return false;
        _leap |= AwaitsSnapshot || snapshot.SequenceNumber > _last;
        AwaitsSnapshot = false;
        if (_leap)
            dropped = DropBehindLeap(snapshot.SequenceNumber);
        // A flush that waits for the one that is replaced waits for this one.
        _snapshot = _snapshot is null ? snapshot : snapshot with { Ticket = _snapshot.Ticket, Since = _snapshot.Since };
        _last = Math.Max(_last ?? 0, snapshot.SequenceNumber);
        return true;
    }

    public EventBatch? TakeEvents(int limit)
    {
        _inFlight = Math.Min(limit, _events.Count);
        return _inFlight == 0 ? null : new EventBatch(persistenceId, epoch, _first, [.. _events.Take(_inFlight).Select(pending => pending.Data)]);
    }

    public void EventsWritten()
    {
        for (; _inFlight > 0; _inFlight--)
            DropOne(_events);
    }

    public void EventsNotWritten() => _inFlight = 0;

    public PendingSnapshot? TakeSnapshot() => SnapshotIsNext ? _snapshot : null;

    public void SnapshotWritten(PendingSnapshot written)
    {
        // Replaced meanwhile: what the newer one stands for still waits for it.
        if (!ReferenceEquals(_snapshot, written))
            return;
        _snapshot = null;
        if (!_leap)
            return;
        _leap = false;
        (_events, _behindLeap) = (_behindLeap, _events);
        _first = written.SequenceNumber + 1;
    }

    public void DropSnapshot(PendingSnapshot useless)
    {
        if (ReferenceEquals(_snapshot, useless))
            _snapshot = null;
    }

    /// <summary>The database refuses what comes next, unless a snapshot at least at <paramref name="atLeast"/> comes first.</summary>
    /// <returns>How many events were dropped.</returns>
    public int Lose(long atLeast)
    {
        var dropped = Clear(_events);
        _inFlight = 0;
        if (_snapshot is { } snapshot && snapshot.SequenceNumber >= Math.Max(atLeast, _leap ? 0 : _last ?? 0))
        {
            _leap = true;
            return dropped;
        }
        dropped += Clear(_behindLeap);
        _snapshot = null;
        _leap = false;
        Await(Math.Max(atLeast, _last ?? 0));
        return dropped;
    }

    /// <returns>How many events were dropped.</returns>
    public int Fence(long highestEpoch)
    {
        FencedBy = Math.Max(FencedBy ?? 0, highestEpoch);
        AwaitsSnapshot = false;
        return DropAll();
    }

    public int DropAll()
    {
        _snapshot = null;
        _inFlight = 0;
        return Clear(_events) + Clear(_behindLeap);
    }

    private void Await(long sequenceNumber)
    {
        AwaitsSnapshot = true;
        _wanted = Math.Max(_wanted, sequenceNumber);
    }

    /// <summary>Events up to the snapshot, which are behind a gap that nothing else covers.</summary>
    private int DropBehindLeap(long sequenceNumber)
    {
        var dropped = 0;
        for (var number = (_last ?? 0) - _behindLeap.Count + 1; _behindLeap.Count > 0 && number <= sequenceNumber; number++, dropped++)
            DropOne(_behindLeap);
        return dropped;
    }

    private int Clear(Queue<PendingEvent> queue)
    {
        var count = queue.Count;
        while (queue.Count > 0)
            DropOne(queue);
        return count;
    }

    private void DropOne(Queue<PendingEvent> queue)
    {
        EventBytes -= queue.Dequeue().Data.Payload.Length;
        if (ReferenceEquals(queue, _events))
            _first++;
    }

    private static PendingEvent? Head(Queue<PendingEvent> queue) => queue.TryPeek(out var head) ? head : null;
}
