namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>A machine's clock: set wrong by <paramref name="skew"/>, and running at <paramref name="rate"/> times the true speed.</summary>
internal sealed class SimClock(SimWorld world, SimLife life, double rate, TimeSpan skew) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => Start + skew + TimeSpan.FromTicks(GetTimestamp());

    public override long GetTimestamp() => (long)(world.Now.Ticks * rate);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long _generation;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _generation++;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Arm(dueTime);
            return true;
        }

        public void Dispose() => _generation++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Arm(TimeSpan due)
        {
            var generation = _generation;
            clock.World.After(due / clock.Rate, () => clock.Life.Post(() =>
            {
                if (generation != _generation)
                    return;
                if (_period > TimeSpan.Zero)
                    Arm(_period);
                callback(state);
            }));
        }
    }

    private SimWorld World => world;

    private SimLife Life => life;

    private double Rate => rate;
}
