using System.Globalization;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>Virtual time, one queue of events and one generator of random numbers: the same seed runs the same way.</summary>
internal sealed class SimWorld(int seed, bool tracing)
{
    /// <summary>Between two events; a quiet cluster takes some ten, a busy one some thousand.</summary>
    private const int MostSteps = 300_000;

    /// <summary>At one moment of virtual time.</summary>
    private const int MostEventsAtOnce = 100_000;

    private readonly PriorityQueue<Action, (long Due, long Order)> _events = new();
    private readonly List<string> _trace = [];
    private long _order;
    private long _atOnce;

    public int Seed => seed;

    public Random Random { get; } = new(seed);

    public DeterministicDispatcher Dispatcher { get; } = new(seed);

    /// <summary>Since the start.</summary>
    public TimeSpan Now { get; private set; }

    public long Events { get; private set; }

    public IReadOnlyList<string> Trace => _trace;

    public bool IsTracing => tracing;

    /// <summary>
    /// What went wrong first. Most is noticed inside of some actor's turn, where an exception would only make it restart.
    /// </summary>
    public string? Violation { get; private set; }

    public void Violate(string what)
    {
        Note($"VIOLATED: {what}");
        Violation ??= what;
    }

    public void Note(string what)
    {
        if (tracing)
            _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{Now.TotalSeconds,9:f4} {what}"));
    }

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, ((Now + delay).Ticks, _order++));

    /// <summary>A time between two others, all alike likely.</summary>
    public TimeSpan Between(double fromSeconds, double toSeconds) => TimeSpan.FromSeconds(fromSeconds + Random.NextDouble() * (toSeconds - fromSeconds));

    public bool Chance(double probability) => probability > 0 && Random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Random.Next(items.Count)];

    public void RunUntil(TimeSpan end)
    {
        Settle();
        ThrowIfViolated();
        while (_events.TryPeek(out _, out var next) && next.Due <= end.Ticks)
        {
            var action = _events.Dequeue();
            _atOnce = next.Due > Now.Ticks ? 0 : _atOnce + 1;
            if (_atOnce > MostEventsAtOnce)
                throw new InvariantException($"time stands still: more than {MostEventsAtOnce} events at {Now}");
            Now = TimeSpan.FromTicks(next.Due);
            Events++;
            action();
            Settle();
            ThrowIfViolated();
        }
        Now = end;
    }

    public void ThrowIfViolated()
    {
        if (Violation is not null)
            throw new InvariantException(Violation);
    }

    public void Settle()
    {
        if (Dispatcher.Ready == 0)
            return;
        try
        {
            Dispatcher.RunUntilIdle(MostSteps);
        }
        catch (InvalidOperationException e)
        {
            throw new InvariantException($"actors keep each other busy: {e.Message}");
        }
    }
}
