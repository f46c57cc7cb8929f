namespace MultiCluster.TestKit.Time;

/// <summary>
/// A clock that stands still until <see cref="Advance"/> moves it. Timers fire on the thread that advances, in order of their due
/// time, those due together in the order in which they were set, with the clock at the due time. From any thread.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<ManualTimer, (long Due, long Order)> _due = new();
    private readonly DateTimeOffset _start;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _elapsed;
    private long _order;
    private int _active;

    public ManualTimeProvider(DateTimeOffset? start = null) => _start = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timers that are set to fire.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
                return _active;
        }
    }

    /// <summary>How long until the next timer fires, or null if none is set.</summary>
    public TimeSpan? UntilNextTimer
    {
        get
        {
            lock (_gate)
                return NextDue() is { } due ? TimeSpan.FromTicks(Math.Max(0, due - _elapsed)) : null;
        }
    }

    public override DateTimeOffset GetUtcNow() => _start + TimeSpan.FromTicks(GetTimestamp());

    public override long GetTimestamp()
    {
        lock (_gate)
            return _elapsed;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what falls due on the way, periodic timers as often as they do.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long target;
        lock (_gate)
            target = _elapsed + by.Ticks;
        while (TakeDue(target) is { } timer)
            timer.Fire();
    }

    /// <summary>
    /// Completes when at least <paramref name="count"/> timers are set: what a test awaits before it advances a clock on which other threads set timers.
    /// </summary>
    /// <param name="deadline">Of real time.</param>
    /// <exception cref="TimeoutException">Fewer were set by the deadline.</exception>
    public async Task WaitForTimersAsync(int count, TimeSpan deadline)
    {
        using var expiry = new CancellationTokenSource(deadline);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_active >= count)
                    return;
                changed = _changed.Task;
            }
            try
            {
                await changed.WaitAsync(expiry.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"Expected {count} timers to be set within {deadline}; there are {ActiveTimers}.", e);
            }
        }
    }

    internal bool Set(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (timer.IsDisposed)
                return false;
            Unset(timer);
            timer.Period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Enqueue(timer, _elapsed + dueTime.Ticks);
            return true;
        }
    }

    internal void Dispose(ManualTimer timer)
    {
        lock (_gate)
        {
            timer.IsDisposed = true;
            Unset(timer);
        }
    }

    private ManualTimer? TakeDue(long target)
    {
        lock (_gate)
        {
            if (NextDue() is not { } due || due > target)
            {
                _elapsed = Math.Max(_elapsed, target);
                return null;
            }
            var timer = _due.Peek();
            Unset(timer);
            _elapsed = Math.Max(_elapsed, due);
            if (timer.Period > 0)
                Enqueue(timer, due + timer.Period);
            return timer;
        }
    }

    private void Enqueue(ManualTimer timer, long due)
    {
        timer.IsSet = true;
        _due.Enqueue(timer, (due, _order++));
        _active++;
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Unset(ManualTimer timer)
    {
        if (!timer.IsSet)
            return;
        timer.IsSet = false;
        _active--;
        if (_due.Count > 0 && ReferenceEquals(_due.Peek(), timer))
            _due.Dequeue();
        else
            _due.Remove(timer, out _, out _);
    }

    private long? NextDue() => _due.TryPeek(out _, out var priority) ? priority.Due : null;
}
