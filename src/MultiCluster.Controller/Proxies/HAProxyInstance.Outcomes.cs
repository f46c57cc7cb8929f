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
        _settings.Live.IsApplying = false;
        switch (done)
        {
            case Done.Executed executed:
                OnExecuted(executed);
                break;
            case Done.Read read:
                OnRead(read.Outcome);
                break;
            case Done.Inspected inspected:
                OnInspected(inspected.Outcome);
                break;
            case Done.Watched watched:
                OnWatched(watched);
                break;
            case Done.Counted counted:
                OnCounted(counted.Outcome);
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
        var settlement = _state.Reconciler!.Settle(executed.Plan, executed.Exchange.Replies, executed.Exchange.NotSent);
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
        foreach (var refusal in settlement.Doubts.Where(static refusal => !refusal.IsKnown).Take(5))
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
            LeaveOutPorts(opened.Outcome.Error!);
            return;
        }

        var result = opened.Outcome.Value;
        _counters.StartFileVersion = result.StartFileVersion ?? _counters.StartFileVersion;
        _state.OnOpened(result.Opened, opened.HadStartFile, opened.PoolSize);
        if (result.Opened is not { } connection)
            return;
        Restored();
        _settings.Opened();
        LogOpened(_logger, _settings.Name, connection.Adopted ? "adopted" : "started", connection.Running.Version.Text, connection.Running.WorkerPid);
        if (result.FellBack is { } trouble)
            OnFellBack(trouble);
    }

    /// <summary>HAProxy does not come up with the newest start file; the next reload would meet the same trouble.</summary>
    private void OnFellBack(string trouble)
    {
        trouble = _state.Explain(trouble);
        LogFellBack(_logger, _settings.Name, trouble);
        if (!LeaveOutPorts(trouble))
            BlockReload(trouble, isFileRefused: true);
    }

    private void OnReloaded(Done.Reloaded reloaded)
    {
        var (problem, _, opened) = reloaded.Attempt;
        if (problem is not null)
        {
            OnReloadFailed(reloaded.Reason, problem, reloaded.Attempt);
            return;
        }

        _counters.Reloaded(reloaded.Reason);
        _counters.StartFileVersion = reloaded.StartFileVersion;
        _reloadRetry = FirstReloadRetry;
        if (!_state.LacksPorts)
            _portRetry = FirstReloadRetry;
        if (opened is null)
        {
            Lost("HAProxy is gone after its reload");
            return;
        }

        Restored();
        _state.OnOpened(opened, hadStartFile: true, poolSizeOnDisk: 0);
        LogReloaded(_logger, _settings.Name, reloaded.Reason, opened.Running.WorkerPid);
    }

    private void OnReloadFailed(ReloadReason reason, string problem, ReloadAttempt attempt)
    {
        var (_, isFileRefused, opened) = attempt;
        problem = _state.Explain(problem);
        LogReloadFailed(_logger, _settings.Name, reason, problem);
        _counters.ReloadFailed(reason);
        if (!LeaveOutPorts(attempt.Words))
            BlockReload(problem, isFileRefused);
        if (opened is not null)
            _state.OnOpened(opened, hadStartFile: true, poolSizeOnDisk: 0);
        else if (!isFileRefused)
            Lost(problem);
    }

    /// <summary>One port that others have must not keep everything else from coming: the next reload does without it.</summary>
    private bool LeaveOutPorts(string words)
    {
        var isNews = _state.LeaveOutPorts(words);
        if (isNews)
        {
            Context.Timers.StartSingle(Tick.RetryPorts, _portRetry, Tick.RetryPorts);
            _portRetry = _portRetry * 2 < LongestReloadRetry ? _portRetry * 2 : LongestReloadRetry;
            StartFileDue();
        }

        return isNews;
    }

    private void RetryPorts()
    {
        _state.TryAllPorts(static (address, port) => FreePort.Is(address, port));
        if (_state.LacksPorts)
            Context.Timers.StartSingle(Tick.RetryPorts, _portRetry, Tick.RetryPorts);
        else
            StartFileDue();
    }

    private void BlockReload(string problem, bool isFileRefused)
    {
        _state.BlockReload(problem, isFileRefused);
        Context.Timers.StartSingle(Tick.RetryReload, _reloadRetry, Tick.RetryReload);
        _reloadRetry = _reloadRetry * 2 < LongestReloadRetry ? _reloadRetry * 2 : LongestReloadRetry;

        // The start file on disk is an earlier one again.
        _counters.StartFileVersion = null;
        StartFileDue();
    }

    /// <summary>What HAProxy is not given, once each.</summary>
    private void Announce()
    {
        if (_state.Reconciler is not { } reconciler)
            return;
        foreach (var (subject, reason) in reconciler.TakeNewRefusals())
            LogLeftOut(_logger, _settings.Name, RefusalViews.NameOf(subject, reconciler), reason);
        foreach (var (item, reason) in reconciler.Desired.TakeNewRefusals())
            LogLeftOut(_logger, _settings.Name, $"{item.Kind} {item.Name}", reason);
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
        if (_state.Connection is null || _state.Reconciler!.Desired.Version == _counters.StartFileVersion)
            return;
        _fileWaits = !_state.MayPublish;
        if (_fileWaits)
            return;
        if (_diskBusy)
        {
            StartFileDue();
            return;
        }

        if (_state.RenderRunning() is not { } file)
            return;
        _diskBusy = true;
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
        Health,
        RetryLater,
        RetryOpen,
        RetryReload,
        RetryPorts,
        StartFile,
    }

    private abstract record Done
    {
        public sealed record Executed(Plan Plan, Exchange Exchange) : Done;

        public sealed record Read(Outcome<Reading> Outcome) : Done;

        public sealed record Inspected(Outcome<Reading> Outcome) : Done;

        public sealed record Watched(Outcome<Dictionary<string, IReadOnlySet<string>>> Outcome, TimeSpan Took) : Done;

        public sealed record Counted(Outcome<ServerLoads> Outcome) : Done;

        public sealed record Opened(Outcome<OpenResult> Outcome, int PoolSize, bool HadStartFile) : Done;

        public sealed record Reloaded(ReloadReason Reason, ReloadAttempt Attempt, long StartFileVersion) : Done;

        public sealed record Published(long Version, Outcome<Publication> Outcome) : Done;

        public sealed record Failed(Exception Cause) : Done;
    }
}
