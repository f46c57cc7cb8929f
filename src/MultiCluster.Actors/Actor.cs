namespace MultiCluster.Actors;

/// <summary>
/// One handler runs at a time, its awaits included, so fields need no lock. An instance is one incarnation: a restart makes a new one
/// with the same <see cref="IActorRef"/> and mailbox.
/// </summary>
public abstract class Actor
{
    private ActorContext? _context;

    /// <summary>Valid from <see cref="PreStartAsync"/> until this incarnation ends, not in the constructor.</summary>
    protected ActorContext Context =>
        _context ?? throw new InvalidOperationException($"{GetType().Name} has no context before PreStartAsync.");

    protected IActorRef Self => Context.Self;

    protected IActorRef? Sender => Context.Sender;

    /// <summary>An exception out of here is a failure, also an <see cref="OperationCanceledException"/>: the parent's supervisor decides.</summary>
    protected abstract ValueTask ReceiveAsync(object message);

    /// <summary>A failure here is supervised like one in a handler, except that Resume means Restart.</summary>
    protected virtual ValueTask PreStartAsync() => default;

    /// <summary>Called once per incarnation that began to start. A failure is logged; the actor stops all the same.</summary>
    protected virtual ValueTask PostStopAsync() => default;

    /// <summary>Last call on the failed instance, before its children stop. A failure is logged; the restart goes on.</summary>
    /// <param name="cause">What the supervisor answered with a restart.</param>
    /// <param name="message">The message at which it failed, which is not delivered again; null outside of a handler.</param>
    protected virtual ValueTask PreRestartAsync(Exception cause, object? message) => PostStopAsync();

    /// <summary>First call on the new instance. A failure counts against the restart budget like any other.</summary>
    protected virtual ValueTask PostRestartAsync(Exception cause) => PreStartAsync();

    /// <summary>
    /// Called when a run of the mailbox ends after at least one message: queue empty or throughput reached. For work that is
    /// worth doing once for everything received. Not called while suspended, nor once the actor is stopping.
    /// </summary>
    protected virtual ValueTask AfterBatchAsync() => default;

    /// <summary>Makes a message that this actor has no use for visible as a dead letter.</summary>
    protected void Unhandled(object message) => Context.Unhandled(message);

    internal ValueTask RunReceiveAsync(object message) => ReceiveAsync(message);

    internal ValueTask RunPreStartAsync() => PreStartAsync();

    internal ValueTask RunPostStopAsync() => PostStopAsync();

    internal ValueTask RunPreRestartAsync(Exception cause, object? message) => PreRestartAsync(cause, message);

    internal ValueTask RunPostRestartAsync(Exception cause) => PostRestartAsync(cause);

    internal ValueTask RunAfterBatchAsync() => AfterBatchAsync();

    internal void Attach(ActorContext context)
    {
        if (_context is not null)
            throw new InvalidOperationException($"The factory of {context.Self.Path} returned an instance of {GetType().Name} that already is an actor.");
        _context = context;
    }
}
