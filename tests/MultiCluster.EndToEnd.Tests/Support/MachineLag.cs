namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>By how much this machine is late with what is due, while it is looked at: what is timed here may be as late.</summary>
internal sealed class MachineLag : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task<TimeSpan> _looking;

    private MachineLag() => _looking = Task.Run(LookAsync);

    public static MachineLag Start() => new();

    /// <returns>All that it was late by, in sum.</returns>
    public async Task<TimeSpan> StopAsync()
    {
        await _stop.CancelAsync();
        return await _looking;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task<TimeSpan> LookAsync()
    {
        var late = TimeSpan.Zero;
        while (!_stop.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            await Task.Delay(Interval, TimeProvider.System);
            var over = TimeProvider.System.GetElapsedTime(began) - Interval;

            // What timers are late by on an idle machine is nothing to make up for.
            if (over > Interval)
                late += over;
        }

        return late;
    }
}
