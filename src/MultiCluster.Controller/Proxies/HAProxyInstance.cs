using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.State;

namespace MultiCluster.Controller.Proxies;

/// <summary>
/// The only writer of one HAProxy. Two lanes, each with at most one thing under way: the Runtime API (open, read, commands,
/// reload), and the disk (start file). A start or reload takes both. What arrives meanwhile is gathered and goes out as one
/// plan.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStopAsync.")]
public sealed partial class HAProxyInstance : Actor
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstReloadRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestReloadRetry = TimeSpan.FromMinutes(2);

    /// <summary>How long a HAProxy may be dead before we notice with nothing to send; a look at two process ids.</summary>
    private static readonly TimeSpan LivenessInterval = TimeSpan.FromMilliseconds(200);

    private readonly ProxySettings _settings;
    private readonly IActorRef _table;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ProxyState _state;
    private readonly ProxyCounters _counters = new();
    private readonly ProxyConnection _connection;
    private readonly HashSet<Subject> _later = [];
    private Task _runtimeWork = Task.CompletedTask;
    private Task _diskWork = Task.CompletedTask;
    private readonly bool _reportsApplied;
    private long _reported;
    private bool _subscribed;
    private bool _runtimeBusy;
    /// <summary>A start file was due while HAProxy had, or might have had, more than it would have said.</summary>
    private bool _fileWaits;
    private bool _diskBusy;
    private bool _bothLanes;
    private bool _reloading;
    private bool _opensLater;
    private TimeSpan _openRetry = FirstRetry;
    private TimeSpan _reloadRetry = FirstReloadRetry;
    private TimeSpan _laterRetry = FirstRetry;
    private TimeSpan _portRetry = FirstReloadRetry;
    private string? _why = "starting";
    private string? _fault;

    /// <param name="table">A route table, or the agent that takes its place beside a remote proxy.</param>
    /// <param name="reportsApplied">Whether it wants to know what HAProxy holds.</param>
    public HAProxyInstance(ProxySettings settings, IActorRef table, TimeProvider time, bool reportsApplied = false)
    {
        _reportsApplied = reportsApplied;
        _settings = settings;
        _table = table;
        _logger = settings.Loggers.CreateLogger<HAProxyInstance>();
        _state = new ProxyState(settings);
        _time = time;
        _connection = new ProxyConnection(settings, time);
    }

    protected override ValueTask PreStartAsync()
    {
        _settings.Live.Begin(_counters, _time);
        _table.Tell(new RouteTableProtocol.Subscribe(), Self);
        Context.Timers.StartPeriodic(Tick.Liveness, LivenessInterval, Tick.Liveness);
        Context.Timers.StartPeriodic(Tick.Health, HealthInterval, Tick.Health);
        Context.Timers.StartPeriodic(Tick.Verify, _settings.VerifyInterval, Tick.Verify);
        return default;
    }

    /// <summary>What is under way ends first, so that no HAProxy is started and no file written after the stop.</summary>
    protected override async ValueTask PostStopAsync()
    {
        await Task.WhenAll(_runtimeWork, _diskWork).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connection.DisposeAsync();
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case RouteTableProtocol.Changed changed:
                _state.Take(changed.Delta);
                StartFileDue();
                break;
            case RouteTableProtocol.Snapshot when _subscribed:
                // What was removed in between is in no delta; a new incarnation adopts HAProxy and compares all.
                throw new InvalidOperationException("the route table started anew");
            case RouteTableProtocol.Snapshot snapshot:
                _subscribed = true;
                _state.OnSnapshot(snapshot.Table, snapshot.Readiness);
                StartFileDue();
                break;
            case RouteTableProtocol.ReadinessChanged changed:
                _state.OnReadiness(changed.Readiness);
                StartFileDue();
                break;
            case Tick tick:
                OnTick(tick);
                break;
            case Done done:
                OnDone(done);
                break;
            default:
                Answer(message);
                break;
        }

        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        Proceed();
        _settings.Live.Show(_state);
        Announce();
        return default;
    }

    private void OnTick(Tick tick)
    {
        switch (tick)
        {
            case Tick.Verify:
                _state.Reconciler?.Forgive();
                Verify();
                break;
            case Tick.Liveness:
                if (!_runtimeBusy && _state.Connection is { } connection && !connection.IsAlive)
                    Lost($"HAProxy (master {connection.Running.MasterPid}, worker {connection.Running.WorkerPid}) is gone");
                break;
            case Tick.Health:
                HealthDue();
                break;
            case Tick.RetryLater:
                _state.Reconciler!.Touch(_later);
                _later.Clear();
                break;
            case Tick.RetryOpen:
                _opensLater = false;
                break;
            case Tick.RetryReload:
                _state.AllowReload();
                StartFileDue();
                break;
            case Tick.RetryPorts:
                RetryPorts();
                break;
            case Tick.StartFile:
                WriteStartFile();
                break;
        }
    }

    private void Proceed()
    {
        if (_runtimeBusy || Inspect() || Watch() || _opensLater)
            return;
        if (_diskBusy && _state.Connection is null)
            return;
        var step = _state.Decide();
        switch (step)
        {
            case NextStep.Idle idle:
                _why = idle.Why;
                ReportApplied();
                if (_fileWaits)
                    WriteStartFile();
                break;
            case NextStep.Read:
                _counters.Resyncs++;
                Run(_connection.ReadAsync(Context.Stopping), static reading => new Done.Read(reading));
                break;
            case NextStep.Execute execute:
                Count(execute.Plan);
                Run(_connection.ExecuteAsync(execute.Plan, Context.Stopping), exchange => new Done.Executed(execute.Plan, exchange));
                break;
            case NextStep.Open open:
                TakeBothLanes();
                if (open.Publish)
                    _state.PrepareReload();
                Run(OpenAsync(open.Publish ? _state.Render() : null), static outcome => outcome);
                break;
            case NextStep.Reload reload when !_diskBusy:
                LogReloading(_logger, _settings.Name, reload.Reason);
                _state.PrepareReload();
                _reloading = true;
                TakeBothLanes();
                Run(ReloadAsync(reload.Reason, _state.Render()), static outcome => outcome);
                break;
        }
    }

    private void TakeBothLanes() => _diskBusy = _bothLanes = true;

    private void Run<T>(Task<T> work, Func<T, Done> done)
    {
        _runtimeBusy = true;
        _runtimeWork = work;
        Context.PipeToSelf(work, done, static failure => new Done.Failed(failure));
    }

    private async Task<Done> OpenAsync(HAProxy.Program.StartFile? fresh)
    {
        var hadStartFile = _settings.State.HasCurrent;
        var poolSize = StartFileWriter.ReadMetadata(_settings.State)?.PoolSize ?? 0;
        return new Done.Opened(await _connection.OpenAsync(fresh, Context.Stopping), poolSize, hadStartFile);
    }

    private async Task<Done> ReloadAsync(ReloadReason reason, HAProxy.Program.StartFile file) =>
        new Done.Reloaded(reason, await _connection.ReloadAsync(file, Context.Stopping), file.Version);

    private Task<Outcome<Publication>> PublishAsync(HAProxy.Program.StartFile file) =>
        Task.Run(() => StartFileWriter.Publish(_settings.State, file), Context.Stopping);
}
