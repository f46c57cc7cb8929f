using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Members;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

/// <summary>Writes the status of MemberClusters whose members are watched by this node. One that stops watching changes nothing.</summary>
public sealed partial class MemberStatusWriter(ReportSettings settings) : Actor
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // All of them go to one API server, the home cluster's.
    private readonly PendingWrites<MemberName, MemberClusterReport> _writes = new(new WritePace(TimeSpan.FromSeconds(10), PerMember: 4), static _ => default);
    private long _began;

    private TimeSpan Now => Context.System.TimeProvider.GetElapsedTime(_began);

    protected override ValueTask PreStartAsync()
    {
        _began = Context.System.TimeProvider.GetTimestamp();
        Context.Timers.StartPeriodic(Due.Instance, Interval, Due.Instance);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case StatusProtocol.MemberSeen seen:
                _writes.Want(seen.Member, seen.Report, seen.Permit);
                Write();
                break;
            case StatusProtocol.MemberReleased released:
                _writes.Drop(released.Member, released.Permit);
                break;
            case Due:
                Write();
                break;
            case Written written:
                OnWritten(written);
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    private void Write()
    {
        foreach (var (member, report) in _writes.Begin(Now))
        {
            var home = settings.Members.Members.Values.FirstOrDefault(static item => item.MemberClusters is not null);
            if (home is null || settings.Members.Find(member)?.HomeObject is not { } written)
            {
                _writes.Done(member, report, SinkOutcome.Gone, Now);
                continue;
            }

            Context.PipeToSelf(
                home.MemberClusters!.WriteAsync(written.Name, report, Context.Stopping),
                result => new Written(home.Name, member, report, result),
                failure => new Written(home.Name, member, report, new SinkResult(SinkOutcome.Failed, failure.Message)));
        }
    }

    private void OnWritten(Written written)
    {
        var (home, member, report, result) = written;
        _writes.Done(member, report, result.Outcome, Now);
        if (settings.Members.Writes.Note(home, "status of MemberClusters", member, result))
            LogFailed(settings.Logger, member, result.Message);
    }

    [LoggerMessage(1331, LogLevel.Warning, "Member {Member}: the status of its MemberCluster could not be written, tried again (others as well are said once): {Problem}")]
    private static partial void LogFailed(ILogger logger, MemberName member, string problem);

    private sealed record Written(MemberName Home, MemberName Member, MemberClusterReport Report, SinkResult Result);

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
