using Microsoft.Extensions.Logging;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Manifests;

internal sealed partial class FolderReader
{
    [LoggerMessage(3101, LogLevel.Information, "Member {Member}: read {Files} manifests of {Folder}")]
    private partial void LogListed(MemberName member, string folder, int files);

    [LoggerMessage(3102, LogLevel.Warning, "Member {Member}: {Reason}; what is known stays")]
    private partial void LogLost(MemberName member, string reason);

    [LoggerMessage(3103, LogLevel.Warning, "Member {Member}: {Problem}")]
    private partial void LogProblem(MemberName member, FolderProblem problem);

    [LoggerMessage(3104, LogLevel.Information, "Member {Member}: solved: {Problem}")]
    private partial void LogSolved(MemberName member, FolderProblem problem);
}
