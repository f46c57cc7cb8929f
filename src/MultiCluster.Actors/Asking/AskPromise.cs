namespace MultiCluster.Actors;

/// <summary>
/// The sender of one ask. Nothing lists it: it is reachable from its timer, its cancellation and its watch, and completing it,
/// which happens once, gives up all three.
/// </summary>
internal abstract class AskPromise : WatchHandle, IActorRef
{
    private static readonly ActorPath AskPath = ActorPath.Root("temp").Child("ask");

    public ActorPath Path => AskPath;

    public abstract void Tell(object message, IActorRef? sender = null);

    public abstract void Fail(Exception cause);

    public abstract void Undelivered(IActorRef target, DeadLetterReason reason);
}

internal sealed class AskPromise<T>(IWatchable target, string asked, TimeSpan timeout) : AskPromise
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private CancellationTokenRegistration _cancellation;

    public Task<T> Completion => _completion.Task;

    public void Start(object message, CancellationToken cancellation)
    {
        _timer = target.System.TimeProvider.CreateTimer(static p => ((AskPromise<T>)p!).TimeOut(), this, timeout, Timeout.InfiniteTimeSpan);
        _cancellation = cancellation.UnsafeRegister(static (p, token) => ((AskPromise<T>)p!).Cancel(token), this);
        target.AddWatch(this);
        if (!_completion.Task.IsCompleted)
            target.Tell(message, this);
        // Completed while the fields were being set: whoever did that may have seen them empty.
        if (_completion.Task.IsCompleted)
            Release();
    }

    public override void Tell(object message, IActorRef? sender = null)
    {
        var taken = message switch
        {
            Status.Failure failure => _completion.TrySetException(failure.Cause),
            T reply => _completion.TrySetResult(reply),
            _ => _completion.TrySetException(new InvalidCastException(
                $"{target.Path} answered {asked} with {message.GetType().Name}, not {typeof(T).Name}.")),
        };
        if (taken)
            Release();
        else
            target.System.DeadLetters.Publish(new DeadLetter(DeadLetterReason.LateReply, this, message, sender));
    }

    public override void Fail(Exception cause)
    {
        if (_completion.TrySetException(cause))
            Release();
    }

    public override void Undelivered(IActorRef target, DeadLetterReason reason) => Fail(new UndeliverableException(target.Path, reason, null));

    public override void TargetTerminated(IActorRef target, Exception? cause) =>
        Fail(new UndeliverableException(target.Path, DeadLetterReason.Terminated, cause));

    private void TimeOut() => Fail(new AskTimeoutException(target.Path, asked, timeout));

    private void Cancel(CancellationToken token)
    {
        if (_completion.TrySetCanceled(token))
            Release();
    }

    private void Release()
    {
        _timer?.Dispose();
        // Waits for nothing: the registration may be what runs just now.
        _cancellation.Unregister();
        target.RemoveWatch(this);
    }
}
