using MultiCluster.Actors;
using MultiCluster.TestKit.Time;

namespace MultiCluster.TestKit.Actors;

/// <summary>An actor system whose time and threads belong to the test: nothing happens between <see cref="Run"/> and <see cref="Advance"/>.</summary>
public sealed class DeterministicSystem : IAsyncDisposable
{
    public DeterministicSystem(int seed = 1, Func<ActorSystemOptions, ActorSystemOptions>? configure = null)
    {
        Dispatcher = new DeterministicDispatcher(seed);
        var options = new ActorSystemOptions { TimeProvider = Time, Dispatcher = Dispatcher, Random = new Random(seed) };
        System = new ActorSystem("test", configure is null ? options : configure(options));
    }

    public ManualTimeProvider Time { get; } = new();

    public DeterministicDispatcher Dispatcher { get; }

    public ActorSystem System { get; }

    public IActorRef ActorOf(Props props, string? name = null) => System.ActorOf(props, name);

    /// <summary>A probe that is running, so that only what the test causes is left to do.</summary>
    public TestProbe Probe(string? name = null)
    {
        var probe = new TestProbe(System, name);
        Run();
        return probe;
    }

    /// <summary>Until no actor has anything to do at this moment.</summary>
    public void Run() => Dispatcher.RunUntilIdle();

    /// <summary>Runs, then goes from timer to timer, running at each, so that what a tick causes happens before the next.</summary>
    public void Advance(TimeSpan by)
    {
        Run();
        while (Time.UntilNextTimer is { } next && next <= by)
        {
            Time.Advance(next);
            by -= next;
            Run();
        }
        Time.Advance(by);
        Run();
    }

    /// <summary>Stops all actors; one that hangs in a handler is left behind.</summary>
    public async ValueTask DisposeAsync()
    {
        var end = System.TerminateAsync(TimeSpan.FromSeconds(1));
        Run();
        Time.Advance(TimeSpan.FromSeconds(1));
        await end;
    }
}
