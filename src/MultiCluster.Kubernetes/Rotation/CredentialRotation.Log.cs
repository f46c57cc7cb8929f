using Microsoft.Extensions.Logging;

namespace MultiCluster.Kubernetes.Rotation;

internal sealed partial class CredentialRotation
{
    [LoggerMessage(3020, LogLevel.Information, "Member {Member}: reading {Server} with new credentials (another server: {IsAnother})")]
    private partial void LogRotated(string member, Uri server, bool isAnother);

    [LoggerMessage(3021, LogLevel.Warning, "Member {Member}: {Problem}")]
    private partial void LogRefused(string member, string problem);

    [LoggerMessage(3023, LogLevel.Error, "Member {Member}: new credentials could not be tried")]
    private partial void LogProbeFailed(string member, Exception failure);

    [LoggerMessage(3022, LogLevel.Warning, "Member {Member} can't be read yet: {Problem}")]
    private partial void LogNoCredentials(string member, string problem);
}
