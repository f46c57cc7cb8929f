using Microsoft.Extensions.Logging;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Discovery;

public sealed partial class MemberDiscovery
{
    private void Log(DiscoveryEvent discoveryEvent)
    {
        switch (discoveryEvent)
        {
            case DiscoveryEvent.Added added:
                LogAdded(added.Member.Name, added.Member.Origin, added.Member.KubeConfig.Server);
                break;
            case DiscoveryEvent.Changed changed:
                LogChanged(changed.Member.Name, changed.Member.Origin);
                break;
            case DiscoveryEvent.Removed removed:
                LogRemoved(removed.Name);
                break;
            case DiscoveryEvent.Problems problems:
                foreach (var problem in problems.Items)
                    LogProblem(problem);
                break;
            case DiscoveryEvent.Settled:
                LogSettled();
                break;
            case DiscoveryEvent.Whole:
                LogWhole();
                break;
        }
    }

    [LoggerMessage(3030, LogLevel.Information, "Member {Member}: named by {Origin}, at {Server}")]
    private partial void LogAdded(MemberName member, string origin, Uri server);

    [LoggerMessage(3031, LogLevel.Information, "Member {Member}: changed by {Origin}")]
    private partial void LogChanged(MemberName member, string origin);

    [LoggerMessage(3032, LogLevel.Warning, "Member {Member}: no object names it any more")]
    private partial void LogRemoved(MemberName member);

    [LoggerMessage(3033, LogLevel.Warning, "Discovery of members: {Problem}")]
    private partial void LogProblem(DiscoveryProblem problem);

    [LoggerMessage(3034, LogLevel.Information, "Discovery of members: every source has been read or has failed")]
    private partial void LogSettled();

    [LoggerMessage(3035, LogLevel.Information, "Discovery of members: every source has been read")]
    private partial void LogWhole();
}
