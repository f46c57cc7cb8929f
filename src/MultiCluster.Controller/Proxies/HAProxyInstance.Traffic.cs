using MultiCluster.Actors;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Proxies;

/// <summary>Watches what HAProxy finds of the endpoints that policies choose among, also without a controller, and tells of it.</summary>
public sealed partial class HAProxyInstance
{
    private static readonly TimeSpan HealthInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>A look takes no more than this part of the time, however many endpoints there are.</summary>
    private const int RestFactor = 10;

    private readonly List<IActorRef> _trafficAskers = [];
    private bool _healthIsDue;
    private bool _countedLast;
    private long _healthSeen;
    private TimeSpan _healthRest;

    private void HealthDue()
    {
        _state.Now = _time.GetElapsedTime(0);
        _state.Reconciler?.ForgetPolicies();
        _healthIsDue = _state is { Connection: not null, Reconciler: { } reconciler } && (reconciler.Desired.Steers.Count > 0 || reconciler.Desired.HasChecks) && _time.GetElapsedTime(_healthSeen) >= _healthRest;
    }

    private void OnGetTraffic()
    {
        if (Sender is { } asker)
            _trafficAskers.Add(asker);
    }

    /// <returns>Whether the lane to HAProxy is taken now.</returns>
    private bool Watch()
    {
        if (_trafficAskers.Count > 0 && _state.Connection is null)
            TellTraffic(ServerLoads.None, $"there is no HAProxy to ask: {_fault ?? _why ?? "it is not running"}");
        if (_healthIsDue && _state is { Connection: not null, Reconciler: { } reconciler })
        {
            _healthIsDue = false;
            var started = _time.GetTimestamp();
            var names = reconciler.Desired.CheckedNames.Where(reconciler.Actual.HasBackend).ToList();
            Run(_connection.HealthAsync(names, Context.Stopping), outcome => new Done.Watched(outcome, _time.GetElapsedTime(started)));
            return true;
        }

        // Who asks on and on must not keep changes out of the lane.
        _countedLast = _trafficAskers.Count > 0 && !_countedLast;
        if (_countedLast)
            Run(_connection.CountAsync(Context.Stopping), static loads => new Done.Counted(loads));
        return _countedLast;
    }

    private void OnWatched(Done.Watched watched)
    {
        _healthSeen = _time.GetTimestamp();
        _healthRest = watched.Took * RestFactor;
        _state.Now = _time.GetElapsedTime(0);
        if (watched.Outcome.IsOk)
            _state.Reconciler!.TakeHealth(watched.Outcome.Value!);
        else
            Lost(watched.Outcome.Error);
    }

    private void OnCounted(Outcome<ServerLoads> outcome)
    {
        if (outcome.IsOk)
            TellTraffic(outcome.Value!, null);
        else
            Lost(outcome.Error);
    }

    private void TellTraffic(ServerLoads loads, string? problem)
    {
        IReadOnlyList<BackendView> backends = _state.Reconciler is { } reconciler ? TrafficViews.Of(_settings.Name, reconciler.Desired, problem is null ? loads : null) : [];
        var answer = new ProxyProtocol.Traffic(_settings.Name, backends, loads.ByMember(), problem);
        foreach (var asker in _trafficAskers)
            asker.Tell(answer, Self);
        _trafficAskers.Clear();
    }
}
