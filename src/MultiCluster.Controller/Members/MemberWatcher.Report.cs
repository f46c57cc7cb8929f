using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Metrics;
using MultiCluster.Controller.Status;

namespace MultiCluster.Controller.Members;

/// <summary>What is written to the MemberCluster that registered the member.</summary>
public sealed partial class MemberWatcher
{
    private MemberClusterReport? _report;

    private WritePermit Permit => new(_start.Gate, _start.Shard, _start.Epoch);

    private void Report()
    {
        _settings.Metrics?.Saw(_member.Name, new MemberFacts(_staleness.Behind(Now), _staleness.IsStale, _counts.Ingresses, _counts.Services, _counts.Endpoints));
        if (_settings.Reports is not { } reports || _member.HomeObject is not { } home)
            return;
        var report = MemberClusterReport.Of(
            Status(), _staleness.IsStale ? ReasonOf() : null, home.Generation, _report, Context.System.TimeProvider.GetUtcNow());
        if (report == _report)
            return;
        _report = report;
        reports.Tell(new StatusProtocol.MemberSeen(_member.Name, report, Permit), Self);
    }

    private void Release()
    {
        _settings.Metrics?.Forget(_member.Name);
        if (_report is not null)
            _settings.Reports?.Tell(new StatusProtocol.MemberReleased(_member.Name, Permit), Self);
    }
}
