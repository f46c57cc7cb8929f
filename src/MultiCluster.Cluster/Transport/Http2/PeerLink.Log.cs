using Microsoft.Extensions.Logging;

namespace MultiCluster.Cluster.Transport.Http2;

internal sealed partial class PeerLink
{
    [LoggerMessage(2411, LogLevel.Information, "Peer {Peer} at {Address}: connected, protocol {Version}")]
    private static partial void LogUp(ILogger logger, NodeId peer, string address, int version);

    [LoggerMessage(2412, LogLevel.Information, "Peer {Peer} at {Address}: disconnected ({Reason})")]
    private static partial void LogDown(ILogger logger, NodeId peer, string address, LinkError reason);

    [LoggerMessage(2413, LogLevel.Warning, "Peer {Peer} at {Address}: no connection, trying on (said once per kind): {Reason}")]
    private static partial void LogFailing(ILogger logger, NodeId peer, string address, LinkError reason);

    [LoggerMessage(2414, LogLevel.Error, "Peer {Peer}: message dropped, {Type} has no encoding")]
    private static partial void LogNoEncoding(ILogger logger, NodeId peer, string type);

    [LoggerMessage(2415, LogLevel.Error, "Peer {Peer}: {Type} dropped, or entries of it: above the largest frame of {Limit} bytes")]
    private static partial void LogTooLarge(ILogger logger, NodeId peer, string type, int limit);

    [LoggerMessage(2417, LogLevel.Warning, "Peer {Peer} at {Address}: does not keep up, as much waits as may ({Messages} messages, {Bytes} bytes); more is not taken until it reads (said once per connection)")]
    private static partial void LogFull(ILogger logger, NodeId peer, string address, int messages, long bytes);

    [LoggerMessage(2416, LogLevel.Error, "Peer {Peer}: the link failed and starts anew")]
    private static partial void LogBug(ILogger logger, Exception exception, NodeId peer);
}
