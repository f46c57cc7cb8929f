namespace MultiCluster.TestKit.Time;

/// <summary>The clock's lock guards its state.</summary>
internal sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
{
    public bool IsSet { get; set; }

    public bool IsDisposed { get; set; }

    /// <summary>In ticks; zero fires once.</summary>
    public long Period { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        return clock.Set(this, dueTime, period);
    }

    public void Dispose() => clock.Dispose(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    public void Fire() => callback(state);

    private static void Check(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(name, time, "Not negative, or infinite.");
    }
}
