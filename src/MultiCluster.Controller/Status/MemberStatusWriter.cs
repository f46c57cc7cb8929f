using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Members;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

/// <summary>
/// Writes the status of MemberClusters whose members are watched by this node. One that stops watching changes nothing. All of them go to
/// one API server, the home cluster's.
/// </summary>
public sealed partial class MemberStatusWriter(ReportSettings settings)
    : PacedWriter<MemberName, MemberClusterReport>(
        new WritePace(TimeSpan.FromSeconds(10), PerMember: 4), settings.Members.Writes, "status of MemberClusters", static _ => default)
{
    private MemberRegistration? Home => settings.Members.Members.Values.FirstOrDefault(static item => item.MemberClusters is not null);

    protected override void Handle(object message)
    {
        switch (message)
        {
            case StatusProtocol.MemberSeen seen:
                Want(seen.Member, seen.Report, seen.Permit);
                break;
            case StatusProtocol.MemberReleased released:
                Drop(released.Member, released.Permit);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override MemberName TakerOf(MemberName key) => Home?.Name ?? default;

    protected override Task<SinkResult> WriteAsync(MemberName key, MemberClusterReport what) =>
        settings.Members.Find(key)?.HomeObject is { } written && Home is { } home ? home.MemberClusters!.WriteAsync(written.Name, what, Context.Stopping) : NoTaker;

    protected override void LogFailed(MemberName key, MemberName member, string problem) => LogFailed(settings.Logger, key, problem);

    [LoggerMessage(1331, LogLevel.Warning, "Member {Member}: the status of its MemberCluster could not be written, tried again (others as well are said once): {Problem}")]
    private static partial void LogFailed(ILogger logger, MemberName member, string problem);
}
