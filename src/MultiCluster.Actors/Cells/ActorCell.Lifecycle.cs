namespace MultiCluster.Actors;

internal sealed partial class ActorCell
{
    /// <summary>Never throws: what could is caught where its outcome is defined.</summary>
    public async ValueTask HandleAsync(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case SystemMessage.Start:
                    await StartAsync();
                    break;
                case SystemMessage.Suspend:
                    _mailbox.Suspend();
                    Children.TellAll(message);
                    break;
                case SystemMessage.Resume:
                    _mailbox.Resume();
                    Children.TellAll(message);
                    break;
                case SystemMessage.Failed failed:
                    HandleFailed(failed);
                    break;
                case SystemMessage.ResumeFailed resume:
                    ResumeFailed(resume);
                    break;
                case SystemMessage.Restart restart:
                    await RestartAsync(restart);
                    break;
                case SystemMessage.BackoffElapsed elapsed:
                    await HandleBackoffElapsedAsync(elapsed);
                    break;
                case SystemMessage.Stop stop:
                    await BeginStopAsync(stop.Cause);
                    break;
                case SystemMessage.ChildTerminated:
                    await HandleChildTerminatedAsync();
                    break;
                case SystemMessage.Watch watch:
                    _watchers.Add(watch.Handle);
                    break;
                case SystemMessage.Unwatch unwatch:
                    _watchers.Remove(unwatch.Handle);
                    break;
            }
        }
        catch (Exception e)
        {
            System.Logger.CellFault(e, Path, message.GetType().Name);
        }
    }

    private async ValueTask StartAsync()
    {
        try
        {
            await Create().RunPreStartAsync();
            _state = ActorState.Running;
        }
        catch (Exception e)
        {
            Fail(e, null);
        }
    }

    private Actor Create()
    {
        var context = new ActorContext(this);
        _context = context;
        if (_stopRequested)
            context.CancelStopping();
        var actor = _props.Factory();
        actor.Attach(context);
        context.Become(actor.RunReceiveAsync);
        _actor = actor;
        return actor;
    }

    private async ValueTask RestartAsync(SystemMessage.Restart verdict)
    {
        if (!_failed || verdict.Incarnation != _incarnation || _state == ActorState.Stopping)
            return;
        _state = ActorState.Restarting;
        if (_actor is { } actor)
            await RunHookAsync(actor, "PreRestartAsync", a => a.RunPreRestartAsync(_failure!, _failedAt));
        if (_context?.End() is { } stash)
            _mailbox.Prepend(stash);
        _context = null;
        _actor = null;
        _failedAt = null;
        _incarnation++;
        _mailbox.ForgetBatch();
        Children.StopAll();
        StartBackoff(verdict.Backoff);
        await RecreateIfReadyAsync();
    }

    private void StartBackoff(TimeSpan delay)
    {
        if (delay == TimeSpan.Zero)
            return;
        var elapsed = new SystemMessage.BackoffElapsed(_incarnation);
        _backoff = System.TimeProvider.CreateTimer(_ => TellSystem(elapsed), null, delay, Timeout.InfiniteTimeSpan);
    }

    private ValueTask HandleBackoffElapsedAsync(SystemMessage.BackoffElapsed elapsed)
    {
        if (elapsed.Incarnation != _incarnation || _state != ActorState.Restarting)
            return default;
        _backoff?.Dispose();
        _backoff = null;
        return RecreateIfReadyAsync();
    }

    private ValueTask HandleChildTerminatedAsync() => _state switch
    {
        ActorState.Restarting => RecreateIfReadyAsync(),
        ActorState.Stopping when Children.IsEmpty => FinishStopAsync(),
        _ => default,
    };

    /// <summary>The next incarnation waits for the children of the last one and for the back-off.</summary>
    private async ValueTask RecreateIfReadyAsync()
    {
        if (_backoff is not null || !Children.IsEmpty)
            return;
        try
        {
            await Create().RunPostRestartAsync(_failure!);
            _failed = false;
            _failure = null;
            _state = ActorState.Running;
            _mailbox.Resume();
            System.Metrics.Restarted(_props.Type);
        }
        catch (Exception e)
        {
            Fail(e, null);
        }
    }

    private ValueTask BeginStopAsync(Exception? cause)
    {
        if (_state == ActorState.Stopping)
            return default;
        _state = ActorState.Stopping;
        _terminationCause = cause;
        _mailbox.Suspend();
        _backoff?.Dispose();
        Children.Close();
        Children.StopAll();
        return Children.IsEmpty ? FinishStopAsync() : default;
    }

    private async ValueTask FinishStopAsync()
    {
        if (_actor is { } actor)
            await RunHookAsync(actor, "PostStopAsync", static a => a.RunPostStopAsync());
        var stash = _context?.End();
        _context = null;
        _actor = null;
        _state = ActorState.Stopped;
        var (user, system) = _mailbox.Close();
        // The name is free before anyone hears that it is.
        Parent?.Children.Remove(this, _terminationCause);
        foreach (var envelope in stash ?? [])
            Bury(envelope);
        foreach (var envelope in user)
            Bury(envelope);
        foreach (var message in system)
            Settle(message);
        foreach (var watcher in _watchers)
            watcher.TargetTerminated(this, _terminationCause);
        _watchers.Clear();
        Parent?.TellSystem(SystemMessage.ChildTerminated.Instance);
    }

    private void Settle(SystemMessage message)
    {
        if (message is SystemMessage.Watch watch)
            _watchers.Add(watch.Handle);
        else if (message is SystemMessage.Unwatch unwatch)
            _watchers.Remove(unwatch.Handle);
    }

    private void Bury(in Envelope envelope) =>
        System.DeadLetters.Publish(new DeadLetter(WhyBuried(envelope.Message), this, envelope.Message, envelope.Sender));

    private async ValueTask RunHookAsync(Actor actor, string hook, Func<Actor, ValueTask> run)
    {
        try
        {
            await run(actor);
        }
        catch (Exception e)
        {
            System.Logger.HookFailed(e, Path, hook);
        }
    }
}
