namespace MultiCluster.Actors;

/// <summary>
/// What an actor sees of the system. It belongs to one incarnation and to its handlers: used after that incarnation has ended it
/// throws, so that forgotten continuations are found and do no harm.
/// </summary>
public sealed class ActorContext
{
    private readonly ActorCell _cell;
    private readonly IncarnationToken _stopping = new();
    private Func<object, ValueTask> _behavior = static _ => default;
    private Queue<Envelope>? _stash;
    private Envelope _current;
    private volatile bool _ended;

    internal ActorContext(ActorCell cell)
    {
        _cell = cell;
        Timers = new TimerSet(this, cell);
        Watches = new WatchSet(this, cell);
    }

    public ActorSystem System => _cell.System;

    public IActorRef Self => _cell;

    /// <summary>Who sent the message being handled, or null if it has no sender or none is being handled.</summary>
    public IActorRef? Sender => _current.Sender;

    /// <summary>Null for a top-level actor's guardian only.</summary>
    public IActorRef? Parent => _cell.Parent;

    public IReadOnlyCollection<IActorRef> Children => _cell.Children.Snapshot();

    public TimerSet Timers { get; }

    /// <summary>Cancelled as soon as this actor is told to stop, or when this incarnation ends: for handlers that await something long.</summary>
    public CancellationToken Stopping => _stopping.Token;

    internal Func<object, ValueTask> Behavior => _behavior;

    internal WatchSet Watches { get; }

    public IActorRef? Child(string name) => _cell.Children.Find(name);

    /// <param name="name">Free again once <see cref="Terminated"/> of the last actor of that name has come. Null: the system names it.</param>
    /// <exception cref="InvalidActorNameException">The name is malformed or not free.</exception>
    public IActorRef ActorOf(Props props, string? name = null)
    {
        EnsureCurrent();
        return _cell.Children.Create(props, name, _cell.InheritedSuspensions);
    }

    /// <summary>Returns at once. The actor ends the message it is at, then its children stop, then itself.</summary>
    /// <param name="actor">This actor or a child of it.</param>
    public void Stop(IActorRef actor)
    {
        EnsureCurrent();
        if (actor is not ActorCell cell || (!ReferenceEquals(cell, _cell) && !ReferenceEquals(cell.Parent, _cell)))
            throw new ArgumentException($"{Self.Path} can stop itself and its children, not {actor.Path}; send it a PoisonPill.", nameof(actor));
        cell.RequestStop(null);
    }

    /// <summary>Asks for one <see cref="Terminated"/>, also if <paramref name="actor"/> is gone already. Ends with this incarnation.</summary>
    public void Watch(IActorRef actor)
    {
        EnsureCurrent();
        Watches.Watch(actor);
    }

    /// <summary>From here on no <see cref="Terminated"/> of <paramref name="actor"/> comes, even if it is in the mailbox.</summary>
    public void Unwatch(IActorRef actor)
    {
        EnsureCurrent();
        Watches.Unwatch(actor);
    }

    /// <summary>Answers the sender of the message being handled; a dead letter if there is none.</summary>
    public void Reply(object message)
    {
        EnsureCurrent();
        if (Sender is { } sender)
            sender.Tell(message, Self);
        else
            System.DeadLetters.Publish(new DeadLetter(DeadLetterReason.NoSender, Self, message, Self));
    }

    /// <summary>Replaces the handler until the next restart. There is no stack of earlier ones.</summary>
    public void Become(Func<object, ValueTask> handler)
    {
        EnsureCurrent();
        _behavior = handler;
    }

    /// <summary>
    /// Brings the outcome of <paramref name="task"/> back as a message. The mapping runs in this actor's turn, and not at all if this
    /// incarnation has ended by then.
    /// </summary>
    public void PipeToSelf<T>(Task<T> task, Func<T, object> ok, Func<Exception, object> failed)
    {
        EnsureCurrent();
#pragma warning disable VSTHRD002 // Called when the task has succeeded.
        PipedResult.Attach(this, _cell, task, () => ok(task.GetAwaiter().GetResult()), failed);
#pragma warning restore VSTHRD002
    }

    /// <inheritdoc cref="PipeToSelf{T}"/>
    public void PipeToSelf(Task task, Func<object> ok, Func<Exception, object> failed)
    {
        EnsureCurrent();
        PipedResult.Attach(this, _cell, task, ok, failed);
    }

    /// <summary>Sets the message being handled aside, with its sender. A restart puts it back before the rest; a stop makes it a dead letter.</summary>
    /// <returns>False if the stash is full: the message became a dead letter.</returns>
    public bool Stash()
    {
        EnsureCurrent();
        if (_current.Message is null)
            throw new InvalidOperationException($"{Self.Path} handles no message that it could stash.");
        _stash ??= new Queue<Envelope>();
        if (_stash.Count >= _cell.StashCapacity)
        {
            System.DeadLetters.Publish(new DeadLetter(DeadLetterReason.StashFull, Self, _current.Message, Sender));
            return false;
        }
        _stash.Enqueue(_current);
        return true;
    }

    /// <summary>Puts all stashed messages, in order, before those that wait. What is stashed from here on stays for the next call.</summary>
    public void UnstashAll()
    {
        EnsureCurrent();
        if (_stash is not null)
            _cell.Unstash(_stash);
    }

    internal void EnsureCurrent()
    {
        if (_ended)
            throw new InvalidOperationException($"This incarnation of {Self.Path} has ended: something it started still uses its context.");
    }

    internal void Unhandled(object message) =>
        System.DeadLetters.Publish(new DeadLetter(DeadLetterReason.Unhandled, Self, message, Sender));

    internal void Enter(in Envelope envelope) => _current = envelope;

    internal void Leave() => _current = default;

    internal void CancelStopping() => _stopping.Cancel();

    /// <returns>What was stashed.</returns>
    internal Queue<Envelope>? End()
    {
        _ended = true;
        _stopping.Cancel();
        Timers.Clear();
        Watches.Clear();
        return _stash;
    }
}
