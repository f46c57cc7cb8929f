using Microsoft.Extensions.Logging;

namespace MultiCluster.Controller.Sessions;

internal sealed partial class ProxySession
{
    [LoggerMessage(1311, LogLevel.Information, "Proxy {Proxy}: agent {Incarnation} connected, {Peer}")]
    private static partial void LogBegan(ILogger logger, string proxy, string incarnation, string peer);

    [LoggerMessage(1312, LogLevel.Information, "Proxy {Proxy}: session ending: {Reason}")]
    private static partial void LogEnding(ILogger logger, string proxy, string reason);

    [LoggerMessage(1313, LogLevel.Debug, "Proxy {Proxy}: session ended")]
    private static partial void LogEnded(ILogger logger, string proxy);

    [LoggerMessage(1314, LogLevel.Warning, "An agent at {Peer} was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string peer, string reason);
}
