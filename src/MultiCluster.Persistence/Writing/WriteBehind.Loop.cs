namespace MultiCluster.Persistence.Writing;

public sealed partial class WriteBehind
{
    private readonly List<Action> _news = [];
    private long? _retryAt;
    private int _failures;
    private int _alone;
    private DateTimeOffset? _failingSince;
    private string? _lastError;
    private long _writtenEvents;
    private long _writtenSnapshots;

    private async Task RunAsync()
    {
        await using var timer = _time.CreateTimer(static self => ((WriteBehind)self!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                var due = UntilDue();
                if (due == TimeSpan.Zero)
                {
                    await WriteOnceAsync();
                    continue;
                }
                timer.Change(due ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                await _wake.Reader.ReadAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>Zero: write now; null: only when something changes.</summary>
    private TimeSpan? UntilDue()
    {
        lock (_gate)
        {
            if (_suspended)
                return null;
            var now = _time.GetTimestamp();
            var (events, snapshots) = (_queue.OldestEvents, _queue.OldestSnapshot);
            if (events is null && snapshots is null)
                return null;
            if (_retryAt is { } retryAt)
                return Until(retryAt, now);
            if (_flushes.Count > 0 || _queue.Events >= _options.GroupEvents)
                return TimeSpan.Zero;
            var byEvents = events is { } e ? Until(After(e, _options.EventDelay), now) : TimeSpan.MaxValue;
            var bySnapshots = snapshots is { } s ? Until(After(s, _options.SnapshotDelay), now) : TimeSpan.MaxValue;
            return byEvents < bySnapshots ? byEvents : bySnapshots;
        }
    }

    private TimeSpan Until(long timestamp, long now) => timestamp <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, timestamp);

    private long After(long timestamp, TimeSpan delay) => timestamp + (long)(delay.TotalSeconds * _time.TimestampFrequency);

    private async Task WriteOnceAsync()
    {
        lock (_gate)
            _retryAt = null;
        try
        {
            if (await WriteEventsAsync())
                await WriteSnapshotsAsync();
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            // A bug of ours must not end all writing unnoticed.
            lock (_gate)
                Failed(e);
        }
        lock (_gate)
            EndFlushes();
        // Without the lock: the owner may call back.
        foreach (var tell in _news)
            Tell(tell);
        _news.Clear();
    }

    private void Tell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception e)
        {
            LogOwnerFailed(e);
        }
    }

    private void EndFlushes()
    {
        foreach (var flush in _flushes)
        {
            if (!_queue.Entities.Any(flush.WaitsFor))
                flush.Done.TrySetResult();
        }
        _flushes.RemoveAll(static flush => flush.Done.Task.IsCompleted);
    }

    /// <summary>Of a commit; under the lock.</summary>
    private void Succeeded()
    {
        if (_failingSince is { } since)
            LogRecovered(_time.GetUtcNow() - since, _queue.Events);
        _failingSince = null;
        _failures = 0;
        _alone = Math.Max(0, _alone - 1);
    }

    /// <summary>Of a commit; under the lock.</summary>
    private void Failed(Exception e)
    {
        _lastError = e.Message;
        _failingSince ??= _time.GetUtcNow();
        var longest = Math.Min(_options.BackoffCap.TotalSeconds, _options.BackoffBase.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 30)));
#pragma warning disable CA5394 // spreads load, guards nothing
        var wait = TimeSpan.FromSeconds(longest * (0.5 + (0.5 * _random.NextDouble())));
#pragma warning restore CA5394
        _retryAt = After(_time.GetTimestamp(), wait);
        LogFailed(e.Message, _queue.Events, wait.TotalSeconds);
    }
}
