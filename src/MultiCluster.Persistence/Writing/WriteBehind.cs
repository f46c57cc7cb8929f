using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Writing;

/// <summary>
/// Takes writes at once and brings them to the database in the background, in groups, each entity's in order: a database that is down, slow or full stops
/// nothing.
/// <para>
/// What is queued is bounded. Beyond the bounds events are dropped, and their entity owes a snapshot, which goes in before its later events do; the
/// state is never lost, only a part of the history, and the missing sequence numbers show it. Snapshots are replaced by newer ones of their entity.
/// </para>
/// <para>
/// An entity that recovers from the database must flush first what it, or the one before it, has queued here.
/// </para>
/// </summary>
public sealed partial class WriteBehind : IAsyncDisposable
{
    private readonly IJournal _journal;
    private readonly ISnapshotStore _snapshots;
    private readonly IWriteBehindOwner _owner;
    private readonly WriteBehindOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<WriteBehind> _logger;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly WriteQueue _queue;
    private readonly List<Flush> _flushes = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private bool _suspended;

    /// <param name="random">Spreads retries.</param>
    public WriteBehind(
        IJournal journal, ISnapshotStore snapshots, IWriteBehindOwner owner, WriteBehindOptions options,
        TimeProvider time, ILogger<WriteBehind> logger, Random random)
    {
        _journal = journal;
        _snapshots = snapshots;
        _owner = owner;
        _options = options;
        _time = time;
        _logger = logger;
        _random = random;
        _queue = new WriteQueue(options);
        _loop = Task.Run(RunAsync);
    }

    public WriteBehindState State
    {
        get
        {
            lock (_gate)
                return ReadState();
        }
    }

    public int QueuedEvents
    {
        get
        {
            lock (_gate)
                return _queue.Events;
        }
    }

    /// <exception cref="ArgumentException">Breaks the rules on <see cref="EventBatch"/>.</exception>
    public EnqueueResult Append(EventBatch batch)
    {
        EventBatch.Check([batch]);
        EnqueueResult result;
        bool wake;
        lock (_gate)
        {
            // Otherwise the loop knows already when it has to write.
            wake = _queue.OldestEvents is null;
            result = _queue.Add(batch, _time.GetTimestamp());
            wake |= _queue.Events >= _options.GroupEvents;
        }
        if (wake)
            Wake();
        return result;
    }

    /// <param name="render">Called in the background, once per attempt to write, from state that doesn't change any more.</param>
    public EnqueueResult Save(string persistenceId, long epoch, long sequenceNumber, Func<SnapshotBody> render)
    {
        ArgumentNullException.ThrowIfNull(render);
        return Enqueue(persistenceId, epoch, sequenceNumber, render);
    }

    /// <summary>Deletes the entity's snapshots; its sequence number and epoch stay.</summary>
    public EnqueueResult Delete(string persistenceId, long epoch, long sequenceNumber) => Enqueue(persistenceId, epoch, sequenceNumber, render: null);

    /// <summary>Writes what is queued without waiting for company, and tries a database that failed once more at once.</summary>
    /// <param name="deadline">After which it is given up to wait, not to write.</param>
    public async Task<FlushResult> FlushAsync(IdRange ids, TimeSpan deadline, CancellationToken cancellationToken)
    {
        Flush flush;
        lock (_gate)
        {
            flush = new Flush(ids, _queue.LastTicket);
            _flushes.Add(flush);
            _failures = 0;
            _retryAt = null;
            EndFlushes();
        }
        Wake();
        try
        {
            await flush.Done.Task.WaitAsync(deadline, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Told by the result.
        }
        finally
        {
            lock (_gate)
                _flushes.Remove(flush);
        }
        lock (_gate)
        {
            var remaining = _queue.Entities.Count(flush.WaitsFor);
            return new FlushResult(remaining == 0, remaining);
        }
    }

    /// <summary>Forgets what these entities have queued, and that they were fenced: they belong to somebody else now.</summary>
    /// <param name="below">What was queued under this epoch or a higher one stays.</param>
    public void Discard(IdRange ids, long below)
    {
        lock (_gate)
        {
            _queue.Remove(ids, below);
            EndFlushes();
        }
    }

    /// <summary>Begins no write any more: this node must not write until <see cref="Resume"/>. Goes on taking them.</summary>
    public void Suspend()
    {
        lock (_gate)
            _suspended = true;
    }

    public void Resume()
    {
        lock (_gate)
            _suspended = false;
        Wake();
    }

    /// <summary>Ends at once; flush before.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
        lock (_gate)
        {
            foreach (var flush in _flushes)
                flush.Done.TrySetResult();
        }
    }

    private EnqueueResult Enqueue(string persistenceId, long epoch, long sequenceNumber, Func<SnapshotBody>? render)
    {
        SnapshotWrite.Check([new SnapshotWrite(persistenceId, epoch, sequenceNumber, null)]);
        EnqueueResult result;
        bool wake;
        lock (_gate)
        {
            wake = _queue.OldestSnapshot is null;
            result = _queue.Add(persistenceId, epoch, ticket => new PendingSnapshot(sequenceNumber, render, _time.GetTimestamp(), ticket));
        }
        if (wake)
            Wake();
        return result;
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private WriteBehindState ReadState()
    {
        var (snapshots, awaiting, fenced, oldest) = (0, 0, 0, long.MaxValue);
        foreach (var entity in _queue.Entities)
        {
            snapshots += entity.HasSnapshot ? 1 : 0;
            awaiting += entity.AwaitsSnapshot ? 1 : 0;
            fenced += entity.FencedBy is null ? 0 : 1;
            oldest = Math.Min(oldest, entity.OldestSince);
        }
        var age = oldest == long.MaxValue ? TimeSpan.Zero : _time.GetElapsedTime(oldest);
        return new WriteBehindState(
            _suspended, _queue.Events, snapshots, age, _failingSince, _lastError,
            _writtenEvents, _writtenSnapshots, _queue.DroppedEvents, awaiting, fenced);
    }

    private sealed record Flush(IdRange Ids, long Ticket)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool WaitsFor(EntityQueue entity) => entity.OldestTicket <= Ticket && Ids.Contains(entity.PersistenceId);
    }
}
