using MultiCluster.Actors;

namespace MultiCluster.TestKit.Actors;

/// <summary>
/// Runs mailboxes on the thread that calls <see cref="RunUntilIdle"/>, one at a time, the next one picked by a seeded generator: the
/// same seed gives the same interleaving. Awaits inside of handlers come back here too, through the synchronization context.
/// </summary>
public sealed class DeterministicDispatcher(int seed) : IDispatcher
{
    /// <summary>Steps after which actors that keep each other busy are called a livelock.</summary>
    public const int DefaultStepLimit = 1_000_000;

    private readonly Lock _gate = new();
    private readonly List<Action> _ready = [];
    private readonly Random _random = new(seed);

    public int Seed => seed;

    public int Ready
    {
        get
        {
            lock (_gate)
                return _ready.Count;
        }
    }

    public void Schedule(IThreadPoolWorkItem item) => Add(item.Execute);

    /// <returns>How many steps were run.</returns>
    /// <exception cref="InvalidOperationException">Not idle after <paramref name="stepLimit"/> steps.</exception>
    public int RunUntilIdle(int stepLimit = DefaultStepLimit)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Context(this));
        try
        {
            for (var steps = 0; steps < stepLimit; steps++)
            {
                if (Pick() is not { } step)
                    return steps;
                step();
            }
            throw new InvalidOperationException($"Seed {seed}: not idle after {stepLimit} steps, {Ready} ready.");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Add(Action step)
    {
        lock (_gate)
            _ready.Add(step);
    }

    private Action? Pick()
    {
        lock (_gate)
        {
            if (_ready.Count == 0)
                return null;
            var index = _random.Next(_ready.Count);
            var step = _ready[index];
            _ready[index] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            return step;
        }
    }

    private sealed class Context(DeterministicDispatcher dispatcher) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => dispatcher.Add(() => d(state));

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits on this thread.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
