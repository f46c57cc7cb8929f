using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Routing;

/// <summary>How far the table can be relied on.</summary>
public sealed partial class RouteTable
{
    /// <summary>All of the member's objects are known, and what follows from them is in the table.</summary>
    private void OnSynced(MemberName member)
    {
        ApplyPending();
        if (_missing.Remove(member) && !_readiness.IsComplete)
            SetReadiness(_readiness with { Missing = [.. _missing] });
    }

    /// <param name="ready">All is here that could be known.</param>
    /// <param name="whole">All is here, so that what is not does not exist.</param>
    private void OnCompleteness(bool ready, bool whole)
    {
        ApplyPending();
        if (whole)
            SetReadiness(_readiness with { Missing = [] });
        else if (ready && !_readiness.IsComplete)
            SetReadiness(_readiness with { GaveUpWaiting = true });
    }

    private void SetReadiness(Readiness readiness)
    {
        if (readiness == _readiness)
            return;
        _readiness = readiness;
        foreach (var subscriber in settings.Audience.Subscribers.Concat(settings.Audience.Hubs))
            subscriber.Tell(new RouteTableProtocol.ReadinessChanged(readiness), Self);
    }
}
