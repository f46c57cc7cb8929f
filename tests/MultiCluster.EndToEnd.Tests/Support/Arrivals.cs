using System.Collections.Concurrent;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>A request as a pod got it.</summary>
internal sealed record Arrival(string Method, string Host, string Target, string Service)
{
    public override string ToString() => $"{Method} {Host}{Target} at {Service}";
}

/// <summary>Every request that reaches a pod of a farm, whoever sent it and whatever became of the answer.</summary>
internal sealed class Arrivals : IDisposable
{
    private readonly ConcurrentQueue<Arrival> _seen = new();
    private readonly EchoPods _pods;

    private Arrivals(EchoPods pods) => _pods = pods;

    public IReadOnlyCollection<Arrival> Seen => _seen;

    public static Arrivals Watch(EchoPods pods)
    {
        var arrivals = new Arrivals(pods);
        pods.Arrived += arrivals._seen.Enqueue;
        return arrivals;
    }

    /// <summary>What came since the last call.</summary>
    public IReadOnlyList<Arrival> Take()
    {
        var taken = new List<Arrival>();
        while (_seen.TryDequeue(out var arrival))
            taken.Add(arrival);
        return taken;
    }

    public void Dispose() => _pods.Arrived -= _seen.Enqueue;
}
