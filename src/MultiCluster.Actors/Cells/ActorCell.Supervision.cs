namespace MultiCluster.Actors;

internal sealed partial class ActorCell
{
    /// <summary>
    /// Suspends this actor and all below it, and asks the parent. Exactly one verdict answers, to the same incarnation: resume takes
    /// back the suspensions, restart and stop end the children that hold them.
    /// </summary>
    private void Fail(Exception cause, object? message)
    {
        var started = _state == ActorState.Running;
        if (!_failed)
            _mailbox.Suspend();
        _failed = true;
        _failure = cause;
        _failedAt = message;
        _state = ActorState.Failed;
        Children.TellAll(SystemMessage.Suspend.Instance);
        if (Parent is { } parent)
            parent.TellSystem(new SystemMessage.Failed(this, cause, _incarnation, started));
        else
            RequestStop(cause);
    }

    private void ResumeFailed(SystemMessage.ResumeFailed verdict)
    {
        if (!_failed || verdict.Incarnation != _incarnation || _state != ActorState.Failed)
            return;
        _failed = false;
        _failure = null;
        _failedAt = null;
        _state = ActorState.Running;
        _mailbox.Resume();
        Children.TellAll(SystemMessage.Resume.Instance);
    }

    private void HandleFailed(SystemMessage.Failed failed)
    {
        // The children of a stopping or restarting parent are stopping too.
        if (_state is ActorState.Stopping or ActorState.Restarting || !Children.Contains(failed.Child))
            return;
        var directive = Decide(failed);
        if (directive == Directive.Escalate && Parent is null)
        {
            System.Logger.EscalatedAtTop(failed.Cause, failed.Child.Path);
            directive = Directive.Stop;
        }
        if (directive == Directive.Escalate)
        {
            Escalate(failed);
            return;
        }
        Answer(failed, directive);
    }

    private Directive Decide(SystemMessage.Failed failed)
    {
        try
        {
            return _props.Supervisor.Decider(failed.Cause);
        }
        catch (Exception e)
        {
            System.Logger.DeciderFailed(e, Path, failed.Child.Path);
            return Directive.Stop;
        }
    }

    private void Answer(SystemMessage.Failed failed, Directive directive)
    {
        if (directive == Directive.Resume && failed.Started)
        {
            System.Logger.Resumed(failed.Cause, failed.Child.Path);
            failed.Child.TellSystem(new SystemMessage.ResumeFailed(failed.Incarnation));
            return;
        }
        if (directive == Directive.Stop)
        {
            System.Logger.StoppedBySupervisor(failed.Cause, failed.Child.Path);
            failed.Child.RequestStop(failed.Cause);
            return;
        }
        if (failed.Child.History.Next(_props.Supervisor, System.Elapsed, System.Random.NextDouble()) is not { } backoff)
        {
            System.Logger.Quarantined(failed.Cause, failed.Child.Path, _props.Supervisor.MaxRestarts, _props.Supervisor.Window);
            failed.Child.RequestStop(failed.Cause);
            return;
        }
        System.Logger.Restarting(failed.Cause, failed.Child.Path, backoff);
        failed.Child.TellSystem(new SystemMessage.Restart(failed.Incarnation, backoff));
    }

    /// <summary>
    /// The child's suspension becomes ours: we suspend all children first, then let the child go on, so that it stays suspended until
    /// our own verdict. One that never started has nothing to go on with; it comes back by restart.
    /// </summary>
    private void Escalate(SystemMessage.Failed failed)
    {
        System.Logger.Escalated(failed.Cause, failed.Child.Path, Path);
        if (_state != ActorState.Failed)
            Fail(failed.Cause, null);
        Answer(failed, Directive.Resume);
    }
}
