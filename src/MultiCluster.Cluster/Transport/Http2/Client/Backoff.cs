namespace MultiCluster.Cluster.Transport.Http2.Client;

/// <summary>How long to wait before the next try: doubles up to a bound, between half of it and all of it at random.</summary>
public sealed class Backoff(TransportLimits limits, Random random)
{
    private int _failures;

    public void Reset() => _failures = 0;

    public TimeSpan Next()
    {
        var longest = Math.Min(limits.MaxBackoff.TotalMilliseconds, limits.MinBackoff.TotalMilliseconds * Math.Pow(2, _failures));
        _failures = Math.Min(_failures + 1, 30);
        return TimeSpan.FromMilliseconds(longest * (0.5 + random.NextDouble() / 2));
    }
}
