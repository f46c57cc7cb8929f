using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.State;

namespace MultiCluster.Controller.Proxies;

/// <summary>What came of the work under way.</summary>
public sealed partial class HAProxyInstance
{
    private void OnDone(Done done)
    {
        if (done is Done.Published published)
        {
            _diskBusy = false;
            OnPublished(published);
            return;
        }

        _runtimeBusy = false;
        _diskBusy = _diskBusy && !_bothLanes;
        _bothLanes = false;
        _reloading = false;
        switch (done)
        {
            case Done.Executed executed:
                OnExecuted(executed);
                break;
            case Done.Read read:
                OnRead(read.Outcome);
                break;
            case Done.Opened opened:
                OnOpened(opened);
                break;
            case Done.Reloaded reloaded:
                OnReloaded(reloaded);
                break;
            case Done.Failed failed:
                Lost(failed.Cause.Message);
                break;
        }
    }

    private void OnExecuted(Done.Executed executed)
    {
        var settlement = _state.Reconciler!.Settle(executed.Plan, executed.Replies);
        LogApplied(_logger, _settings.Name, executed.Plan.Commands.Length, _state.Reconciler.Desired.Version);
        _later.UnionWith(settlement.Later);
        if (_later.Count > 0 && !Context.Timers.IsActive(Tick.RetryLater))
        {
            _laterRetry = settlement.Later.IsEmpty ? FirstRetry : Doubled(_laterRetry);
            Context.Timers.StartSingle(Tick.RetryLater, _laterRetry, Tick.RetryLater);
        }
        else if (_later.Count == 0)
        {
            _laterRetry = FirstRetry;
        }

        if (settlement.Doubts.IsEmpty)
            return;
        _counters.CommandsRefused += settlement.Doubts.Length;
        foreach (var refusal in settlement.Doubts.Take(5))
            LogRefused(_logger, _settings.Name, refusal.Command.Line, refusal.Reply.Trim());
        _state.Doubt();
    }

    private void OnRead(Outcome<Reading> outcome)
    {
        if (!outcome.IsOk)
        {
            Lost(outcome.Error);
            return;
        }

        if (outcome.Value.Info.Pid != _state.Connection!.Running.WorkerPid)
        {
            Lost($"another worker answers: {outcome.Value.Info.Pid}");
            return;
        }

        _state.OnRead(outcome.Value);
    }

    private void OnOpened(Done.Opened opened)
    {
        if (!opened.Outcome.IsOk)
        {
            RetryOpen(opened.Outcome.Error!);
            if (_state.Reconciler is null)
                _state.OnOpened(null, opened.HadStartFile, opened.PoolSize);
            return;
        }

        if (opened.StartFileVersion is { } version)
            _counters.StartFileVersion = version;
        _state.OnOpened(opened.Outcome.Value.Opened, opened.HadStartFile, opened.PoolSize);
        if (opened.Outcome.Value.Opened is not { } connection)
            return;
        Restored();
        LogOpened(_logger, _settings.Name, connection.Adopted ? "adopted" : "started", connection.Running.Version.Text, connection.Running.WorkerPid);
    }

    private void OnReloaded(Done.Reloaded reloaded)
    {
        if (!reloaded.Outcome.IsOk)
        {
            LogReloadFailed(_logger, _settings.Name, reloaded.Reason, reloaded.Outcome.Error);
            _state.ReloadBlocked = true;
            Context.Timers.StartSingle(Tick.RetryReload, _reloadRetry, Tick.RetryReload);
            _reloadRetry = _reloadRetry * 2 < LongestReloadRetry ? _reloadRetry * 2 : LongestReloadRetry;
            RetryOpen(reloaded.Outcome.Error);
            _state.OnLost();
            return;
        }

        _counters.Reloaded(reloaded.Reason);
        _reloadRetry = FirstReloadRetry;
        if (reloaded.StartFileVersion is { } version)
            _counters.StartFileVersion = version;
        if (reloaded.Outcome.Value.Opened is not { } connection)
        {
            Lost("HAProxy is gone after its reload");
            return;
        }

        Restored();
        _state.OnOpened(connection, hadStartFile: true, poolSizeOnDisk: 0);
        LogReloaded(_logger, _settings.Name, reloaded.Reason, connection.Running.WorkerPid);
    }

    private void Lost(string reason)
    {
        LogLost(_logger, _settings.Name, reason);
        _state.OnLost();
        RetryOpen(reason);
    }

    private void RetryOpen(string reason)
    {
        _fault = reason;
        _opensLater = true;
        LogRetrying(_logger, _settings.Name, _openRetry.TotalMilliseconds, reason);
        Context.Timers.StartSingle(Tick.RetryOpen, _openRetry, Tick.RetryOpen);
        _openRetry = Doubled(_openRetry);
    }

    private void Restored()
    {
        _fault = null;
        _openRetry = FirstRetry;
    }

    private static TimeSpan Doubled(TimeSpan delay) => delay * 2 < LongestRetry ? delay * 2 : LongestRetry;

    /// <summary>Not restarted by news while it runs: under constant change the file is still at most one delay behind.</summary>
    private void StartFileDue()
    {
        if (!Context.Timers.IsActive(Tick.StartFile))
            Context.Timers.StartSingle(Tick.StartFile, _settings.StartFileDelay, Tick.StartFile);
    }

    private void WriteStartFile()
    {
        if (!_state.MayPublish || _state.Connection is null || _state.Reconciler!.Desired.Version == _counters.StartFileVersion)
            return;
        if (_diskBusy)
        {
            StartFileDue();
            return;
        }

        _diskBusy = true;
        var file = _state.Render();
        var work = PublishAsync(file);
        _diskWork = work;
        Context.PipeToSelf(
            work,
            outcome => new Done.Published(file.Version, outcome),
            failure => new Done.Published(file.Version, new Failure(failure.Message)));
    }

    private void OnPublished(Done.Published published)
    {
        if (published.Outcome.IsOk)
        {
            _counters.StartFileVersion = published.Version;
            LogStartFile(_logger, _settings.Name, published.Version);
            return;
        }

        LogStartFileFailed(_logger, _settings.Name, published.Outcome.Error);
        StartFileDue();
    }

    private enum Tick
    {
        Verify,
        Liveness,
        RetryLater,
        RetryOpen,
        RetryReload,
        StartFile,
    }

    private abstract record Done
    {
        public sealed record Executed(Plan Plan, string[] Replies) : Done;

        public sealed record Read(Outcome<Reading> Outcome) : Done;

        public sealed record Opened(Outcome<OpenResult> Outcome, int PoolSize, bool HadStartFile, long? StartFileVersion) : Done;

        public sealed record Reloaded(ReloadReason Reason, Outcome<OpenResult> Outcome, long? StartFileVersion) : Done;

        public sealed record Published(long Version, Outcome<Publication> Outcome) : Done;

        public sealed record Failed(Exception Cause) : Done;
    }
}
