using Microsoft.Extensions.Logging;

namespace MultiCluster.HAProxy.Runtime.State;

public sealed partial class StateDirectory
{
    [LoggerMessage(3301, LogLevel.Debug, "Published {Directory}: {Written} files written, {Linked} taken over")]
    private static partial void LogPublished(ILogger logger, string directory, int written, int linked);

    [LoggerMessage(3302, LogLevel.Error, "Could not publish {Directory}, the start files before stay: {Reason}")]
    private static partial void LogNotPublished(ILogger logger, string directory, string reason);

    [LoggerMessage(3303, LogLevel.Warning, "Could not remove the old start files in {Directory}: {Reason}")]
    private static partial void LogNotRemoved(ILogger logger, string directory, string reason);
}
