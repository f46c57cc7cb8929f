using Microsoft.Extensions.Logging;

namespace MultiCluster.HAProxy.Runtime.State;

public sealed partial class StateDirectory
{
    [LoggerMessage(3301, LogLevel.Debug, "Start files in {Directory}: {Written} files written, {Linked} taken over")]
    private static partial void LogWritten(ILogger logger, string directory, int written, int linked);

    [LoggerMessage(3302, LogLevel.Error, "Could not publish {Directory}, the start files before stay: {Reason}")]
    private static partial void LogNotPublished(ILogger logger, string directory, string reason);

    [LoggerMessage(3303, LogLevel.Warning, "Could not remove the old start files in {Directory}: {Reason}")]
    private static partial void LogNotRemoved(ILogger logger, string directory, string reason);

    [LoggerMessage(3304, LogLevel.Warning, "Could not mark {Directory} as what HAProxy started from: {Reason}")]
    private static partial void LogNotMarked(ILogger logger, string directory, string reason);

    [LoggerMessage(3305, LogLevel.Warning, "Could not write our process id to the state directory {Directory}, going on without: {Reason}")]
    private static partial void LogNoOwner(ILogger logger, string directory, string reason);
}
