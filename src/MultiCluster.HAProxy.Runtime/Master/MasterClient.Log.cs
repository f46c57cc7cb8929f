using Microsoft.Extensions.Logging;

namespace MultiCluster.HAProxy.Runtime.Master;

public sealed partial class MasterClient
{
    [LoggerMessage(3511, LogLevel.Information, "HAProxy behind {Socket} reloaded, the worker is now {WorkerPid}")]
    private static partial void LogReloaded(ILogger logger, string socket, string workerPid);

    [LoggerMessage(3512, LogLevel.Error, "HAProxy behind {Socket} refused to reload and goes on as before: {Reason}")]
    private static partial void LogReloadRefused(ILogger logger, string socket, string reason);

    [LoggerMessage(3513, LogLevel.Error, "A reload of HAProxy behind {Socket} has an unknown outcome: {Reason}")]
    private static partial void LogReloadUnknown(ILogger logger, string socket, string reason);
}
