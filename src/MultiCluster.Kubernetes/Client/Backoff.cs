namespace MultiCluster.Kubernetes.Client;

/// <summary>Decorrelated jitter: each wait is drawn between the base and three times the last one, at most the cap.</summary>
internal sealed class Backoff(TimeSpan least, TimeSpan cap, Random random)
{
    private TimeSpan? _last;

    public TimeSpan Next()
    {
        var span = ((_last ?? least).TotalMilliseconds * 3) - least.TotalMilliseconds;
#pragma warning disable CA5394 // spreads load, guards nothing
        var drawn = least.TotalMilliseconds + (random.NextDouble() * span);
#pragma warning restore CA5394
        var next = TimeSpan.FromMilliseconds(Math.Min(drawn, cap.TotalMilliseconds));
        _last = next;
        return next;
    }

    public void Reset() => _last = null;
}
