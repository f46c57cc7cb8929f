using Microsoft.Extensions.Logging;

namespace MultiCluster.Cluster.Transport.Http2.Server;

internal sealed partial class StreamAcceptor
{
    [LoggerMessage(2431, LogLevel.Warning, "Stream from {Peer} refused (said once per peer and kind): {Reason}")]
    private static partial void LogRefused(ILogger logger, string peer, LinkError reason);

    [LoggerMessage(2432, LogLevel.Error, "Stream from {Peer} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string peer);
}
