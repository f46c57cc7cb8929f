using MultiCluster.Controller.Sessions;
using MultiCluster.HAProxy.Planning;

namespace MultiCluster.Controller.Proxies;

/// <summary>What is counted, and who hears how far HAProxy is.</summary>
public sealed partial class HAProxyInstance
{
    private long? _verified;

    /// <summary>What is found to be otherwise, with nothing due, somebody else has changed.</summary>
    private void Verify()
    {
        _verified = _state.Reconciler is { HasPending: false } reconciler ? reconciler.Desired.Version : null;
        _state.Doubt();
    }

    private void Count(Plan plan)
    {
        _settings.Live.IsApplying = true;
        _counters.CommandsSent += plan.Commands.Length;
        if (_verified == _state.Reconciler!.Desired.Version)
            _counters.DriftRepaired += plan.Commands.Length;
        _verified = null;
    }

    /// <summary>A route table in this process has no use for it; an agent tells its controller.</summary>
    private void ReportApplied()
    {
        _verified = null;
        if (_reported == _state.AppliedVersion)
            return;
        _reported = _state.AppliedVersion;
        _settings.Live.Count(_state);
        _settings.Applied(_settings.Name, _reported);
        if (_reportsApplied)
            _table.Tell(new SessionProtocol.VersionApplied(_reported), Self);
    }
}
