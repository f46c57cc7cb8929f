using System.Text;
using MultiCluster.Controller.Metrics.Traffic;
using MultiCluster.HAProxy.Runtime.Logs;

namespace MultiCluster.Controller.Metrics.Access;

/// <summary>
/// Counts of what the access log tells: how long requests took, by Service, and what became of them, by Ingress. Who has had no request for an hour is
/// forgotten, so that what comes and goes does not add up; of more than <see cref="MaxSeries"/> of either the rest is one.
/// </summary>
public sealed class AccessBook : IAccessObserver
{
    public const int MaxSeries = 20_000;

    private const int SwitchingProtocols = 101;

    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], Latencies> _services = Utf8Names.Map<Latencies>();
    private readonly Dictionary<byte[], Answers> _ingresses = Utf8Names.Map<Answers>();
    private readonly long[] _lost = new long[Enum.GetValues<LineLoss>().Length];
    private long _written;

    public long Written => Interlocked.Read(ref _written);

    public long Lost(LineLoss reason) => Interlocked.Read(ref _lost[(int)reason]);

    public void OnRequest(ReadOnlySpan<byte> ingress, ReadOnlySpan<byte> service, int status, long total)
    {
        lock (_lock)
        {
            if (!ingress.IsEmpty)
                Find(_ingresses, ingress, static name => new Answers(name)).Count(status);
            // How long a tunnel was open says nothing of who answers.
            if (!service.IsEmpty && total >= 0 && status != SwitchingProtocols)
                Find(_services, service, static name => new Latencies(name)).Count(total);
        }
    }

    public void OnWritten(long lines) => Interlocked.Add(ref _written, lines);

    public void OnLost(LineLoss reason, long lines) => Interlocked.Add(ref _lost[(int)reason], lines);

    /// <summary>Forgets whose turn it is, and shows the others, which go on counting.</summary>
    /// <param name="now">Of one clock in all calls.</param>
    internal (Latencies[] Services, Answers[] Ingresses) Show(TimeSpan now)
    {
        lock (_lock)
        {
            Forget(_services, now);
            Forget(_ingresses, now);
            return ([.. _services.Values], [.. _ingresses.Values]);
        }
    }

    private static T Find<T>(Dictionary<byte[], T> all, ReadOnlySpan<byte> name, Func<string, T> make)
        where T : Counted
    {
        var lookup = all.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(name, out var known))
            return known;
        if (all.Count >= MaxSeries)
            name = default;
        if (!lookup.TryGetValue(name, out known))
            lookup[name] = known = make(Encoding.UTF8.GetString(name));
        return known;
    }

    private static void Forget<T>(Dictionary<byte[], T> all, TimeSpan now)
        where T : Counted
    {
        foreach (var (name, counted) in all)
        {
            if (counted.IsOver(now, Memory))
                all.Remove(name);
        }
    }
}
