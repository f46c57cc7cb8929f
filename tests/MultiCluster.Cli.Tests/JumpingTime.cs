namespace MultiCluster.Cli.Tests;

/// <summary>A clock that stands still until somebody waits, and is then at the end of the waiting.</summary>
internal sealed class JumpingTime(DateTimeOffset start) : TimeProvider
{
    private long elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Called at each waiting, before it ends.</summary>
    public Action? Waited { get; set; }

    /// <summary>Else waiting ends only when it is cancelled.</summary>
    public bool Fires { get; init; } = true;

    public override DateTimeOffset GetUtcNow() => start.AddTicks(GetTimestamp());

    public override long GetTimestamp() => Interlocked.Read(ref elapsed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Assert.Equal(Timeout.InfiniteTimeSpan, period);
        Interlocked.Add(ref elapsed, dueTime.Ticks);
        Waited?.Invoke();
        // Not here: who sets a timer doesn't expect it to fire before it has it.
        if (Fires)
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Fired();
    }

    private sealed class Fired : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
