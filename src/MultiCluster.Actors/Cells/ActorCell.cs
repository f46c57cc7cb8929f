namespace MultiCluster.Actors;

/// <summary>
/// What stays of an actor over its incarnations: path, mailbox, children, watchers. Fields are touched in its own run of the mailbox
/// only, except where volatile says that others look.
/// </summary>
internal sealed partial class ActorCell : IWatchable
{
    private readonly Props _props;
    private readonly Mailbox _mailbox;
    private readonly HashSet<WatchHandle> _watchers = [];
    private volatile ActorState _state = ActorState.Starting;
    private volatile ActorContext? _context;
    private volatile bool _stopRequested;
    private volatile Exception? _terminationCause;
    private volatile int _incarnation;
    private Actor? _actor;
    private bool _failed;
    private object? _failedAt;
    private Exception? _failure;
    private ITimer? _backoff;

    public ActorCell(ActorSystem system, ActorCell? parent, ActorPath path, Props props, int suspensions)
    {
        System = system;
        Parent = parent;
        Path = path;
        _props = props;
        Children = new ChildSet(this);
        _mailbox = new Mailbox(this, props.Mailbox, system.Dispatcher, suspensions);
    }

    public ActorSystem System { get; }

    public ActorCell? Parent { get; }

    public ActorPath Path { get; }

    public ChildSet Children { get; }

    /// <summary>Belongs to the parent's run.</summary>
    public RestartHistory History { get; } = new();

    public ActorState State => _state;

    public int StashCapacity => _props.StashCapacity;

    /// <summary>Suspensions that a new child shares: all but the one for this actor's own failure, whose verdict goes to present children.</summary>
    public int InheritedSuspensions => _mailbox.Suspensions - (_failed ? 1 : 0);

    public void Activate() => _mailbox.Activate();

    public void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        Post(new Envelope(message, sender));
    }

    public void TellSelf(SelfMessage message) => Post(new Envelope(message, null));

    public void TellSystem(SystemMessage message) => _mailbox.PostSystem(message);

    public void RequestStop(Exception? cause)
    {
        _stopRequested = true;
        _context?.CancelStopping();
        _mailbox.PostSystem(new SystemMessage.Stop(cause));
    }

    public void AddWatch(WatchHandle handle)
    {
        if (!_mailbox.PostSystem(new SystemMessage.Watch(handle)))
            handle.TargetTerminated(this, _terminationCause);
    }

    public void RemoveWatch(WatchHandle handle) => _mailbox.PostSystem(new SystemMessage.Unwatch(handle));

    public void Unstash(Queue<Envelope> stashed) => _mailbox.Prepend(stashed);

    public ActorNode Snapshot() =>
        new(Path, _props.Type, _state, _mailbox.Depth, _incarnation, null, Children.SnapshotNodes());

    public ActorNode QuarantinedNode(Exception cause) =>
        new(Path, _props.Type, ActorState.Quarantined, 0, _incarnation, $"{cause.GetType().Name}: {cause.Message}", []);

    public override string ToString() => Path.ToString();

    /// <summary>Handles one user message. Never throws.</summary>
    public async ValueTask HandleAsync(Envelope envelope)
    {
        var context = _context!;
        var message = envelope.Message;
        try
        {
            if (message is SelfMessage own)
            {
                var opened = ReferenceEquals(own.Owner, context) ? own.Open() : null;
                if (opened is null)
                {
                    System.DeadLetters.Publish(new DeadLetter(own.StaleReason, this, own, null));
                    return;
                }
                message = opened;
            }
            if (message is PoisonPill)
            {
                RequestStop(null);
                return;
            }
            context.Enter(envelope);
            await context.Behavior(message);
        }
        catch (Exception e)
        {
            Fail(e, message);
            (envelope.Sender as AskPromise)?.Fail(e);
        }
        finally
        {
            context.Leave();
        }
    }

    /// <summary>Never throws.</summary>
    public async ValueTask EndBatchAsync()
    {
        try
        {
            await _actor!.RunAfterBatchAsync();
        }
        catch (Exception e)
        {
            Fail(e, null);
        }
    }

    private void Post(in Envelope envelope)
    {
        var result = _mailbox.Post(envelope);
        if (result == PostResult.Accepted)
            return;
        var reason = result == PostResult.Full ? DeadLetterReason.MailboxFull : WhyBuried(envelope.Message);
        System.DeadLetters.Publish(new DeadLetter(reason, this, envelope.Message, envelope.Sender));
    }

    /// <summary>What an actor had caused itself is void with it; only what others sent is undelivered.</summary>
    private static DeadLetterReason WhyBuried(object message) => (message as SelfMessage)?.StaleReason ?? DeadLetterReason.Terminated;
}
