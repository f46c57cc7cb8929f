using Microsoft.Extensions.Logging;

namespace MultiCluster.Cluster.Transport.Http2.Tls;

public sealed partial class TransportTls
{
    [LoggerMessage(2441, LogLevel.Information, "Transport certificate {Subject}, valid until {NotAfter:u}: used for new connections")]
    private static partial void LogLoaded(ILogger logger, string subject, DateTimeOffset notAfter);

    [LoggerMessage(2442, LogLevel.Error, "Transport certificate not replaced, the one from before stays in use: {Reason}")]
    private static partial void LogNotReplaced(ILogger logger, string reason);

    [LoggerMessage(2443, LogLevel.Error, "Transport certificate {Subject} is valid from {NotBefore:u} to {NotAfter:u}, not now: peers will refuse it; renew it")]
    private static partial void LogNotValidNow(ILogger logger, string subject, DateTimeOffset notBefore, DateTimeOffset notAfter);

    [LoggerMessage(2444, LogLevel.Warning, "Connection from {Remote} refused (said once per address and kind): {Reason}")]
    private static partial void LogPeerRefused(ILogger logger, string remote, LinkError reason);
}
