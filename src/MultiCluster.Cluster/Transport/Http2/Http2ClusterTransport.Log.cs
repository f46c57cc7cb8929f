using Microsoft.Extensions.Logging;

namespace MultiCluster.Cluster.Transport.Http2;

public sealed partial class Http2ClusterTransport
{
    [LoggerMessage(2401, LogLevel.Warning, "Message of {Peer} dropped, not known to this build (said once per kind): {What}")]
    private static partial void LogUnreadable(ILogger logger, string peer, string what);

    [LoggerMessage(2402, LogLevel.Warning, "Stream of {Peer} ended (said once per peer and kind): {Reason}")]
    private static partial void LogBroken(ILogger logger, string peer, LinkError reason);
}
