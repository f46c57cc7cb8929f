namespace MultiCluster.Actors;

/// <summary>The outcome of a task on its way back to the incarnation that started it.</summary>
internal sealed class PipedResult : SelfMessage
{
    private readonly Task _task;
    private readonly Func<object> _ok;
    private readonly Func<Exception, object> _failed;
    private object? _opened;

    private PipedResult(ActorContext owner, Task task, Func<object> ok, Func<Exception, object> failed)
        : base(owner)
    {
        _task = task;
        _ok = ok;
        _failed = failed;
    }

    public override DeadLetterReason StaleReason => DeadLetterReason.StaleResult;

    public static void Attach(ActorContext owner, ActorCell cell, Task task, Func<object> ok, Func<Exception, object> failed)
    {
        var result = new PipedResult(owner, task, ok, failed);
        task.GetAwaiter().UnsafeOnCompleted(() =>
        {
            // Observed here, since a stale result is never opened.
            _ = task.Exception;
            cell.TellSelf(result);
        });
    }

    // Opened again if it was stashed.
    public override object? Open() => _opened ??= Map();

    private object Map()
    {
        if (_task.IsCompletedSuccessfully)
            return _ok();
        return _failed(_task.Exception?.InnerException ?? new TaskCanceledException(_task));
    }
}
