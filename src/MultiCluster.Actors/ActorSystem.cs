using Microsoft.Extensions.Logging;

namespace MultiCluster.Actors;

/// <summary>A tree of actors under one guardian, <c>/user</c>, with one clock and one dispatcher.</summary>
public sealed class ActorSystem : IAsyncDisposable
{
    private readonly ActorSystemOptions _options;
    private readonly ActorCell _guardian;
    private readonly CompletionWatch _end = new();
    private readonly long _started;

    public ActorSystem(string name, ActorSystemOptions? options = null)
    {
        _options = options ?? new ActorSystemOptions();
        Name = name;
        _started = TimeProvider.GetTimestamp();
        Logger = LoggerFactory.CreateLogger("MultiCluster.Actors");
        var guardian = Props.Create(static () => new Guardian()).WithSupervisor(_options.GuardianStrategy);
        _guardian = new ActorCell(this, null, ActorPath.Root("user"), guardian, suspensions: 0);
        // After the guardian: from here on a listener may look at the hierarchy.
        Metrics = new ActorMetrics(this);
        DeadLetters = new DeadLetters(Metrics, Logger);
        _guardian.Activate();
        _guardian.AddWatch(_end);
    }

    public string Name { get; }

    public TimeProvider TimeProvider => _options.TimeProvider;

    public ILoggerFactory LoggerFactory => _options.LoggerFactory;

    public DeadLetters DeadLetters { get; }

    /// <summary>Completes when the last actor has stopped.</summary>
    public Task Terminated => _end.Terminated;

    internal ILogger Logger { get; }

    internal ActorMetrics Metrics { get; }

    internal IDispatcher Dispatcher => _options.Dispatcher;

    internal Random Random => _options.Random;

    internal TimeSpan Elapsed => TimeProvider.GetElapsedTime(_started);

    /// <summary>A top-level actor; from any thread.</summary>
    /// <param name="name">Null: the system names it.</param>
    /// <exception cref="InvalidActorNameException">The name is malformed or not free.</exception>
    /// <exception cref="InvalidOperationException">The system is stopping.</exception>
    public IActorRef ActorOf(Props props, string? name = null) => _guardian.Children.Create(props, name, suspensions: 0);

    /// <summary>
    /// Stops an actor and waits until it, and all below it, has. An actor that awaits this for itself or for one above it waits
    /// in vain and gets the time-out.
    /// </summary>
    /// <exception cref="TimeoutException">It stops later, if the handler it is at ends.</exception>
    public async Task StopAsync(IActorRef actor, TimeSpan deadline, CancellationToken cancellation = default)
    {
        if (actor is not ActorCell cell || !ReferenceEquals(cell.System, this))
            throw new ArgumentException($"{actor.Path} is no actor of {Name}.", nameof(actor));
        var watch = new CompletionWatch();
        cell.AddWatch(watch);
        cell.RequestStop(null);
        try
        {
            await watch.Terminated.WaitAsync(deadline, TimeProvider, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{actor.Path} did not stop within {deadline}: it is {cell.State}.", e);
        }
        finally
        {
            cell.RemoveWatch(watch);
        }
    }

    /// <summary>Stops all actors, children before parents.</summary>
    /// <returns>The actors that had not stopped by the deadline; they stop when the handler they are at ends.</returns>
    public async Task<IReadOnlyList<ActorPath>> TerminateAsync(TimeSpan deadline)
    {
        _guardian.RequestStop(null);
        try
        {
            await Terminated.WaitAsync(deadline, TimeProvider);
            return [];
        }
        catch (TimeoutException)
        {
            List<ActorPath> left = [.. Hierarchy().Flatten().Select(n => n.Path).Where(p => p != _guardian.Path)];
            Logger.Abandoned(Name, left.Count, deadline, left.FirstOrDefault() ?? _guardian.Path);
            return left;
        }
        finally
        {
            Metrics.Dispose();
        }
    }

    /// <summary>A snapshot of the tree; each actor is seen at its own moment.</summary>
    public ActorNode Hierarchy() => _guardian.Snapshot();

    public async ValueTask DisposeAsync() => await TerminateAsync(_options.ShutdownDeadline);

    private sealed class Guardian : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            Unhandled(message);
            return default;
        }
    }
}
