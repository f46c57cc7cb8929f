using Microsoft.Extensions.Logging;

namespace MultiCluster.Controller.Sessions;

public sealed partial class ProxyAgent
{
    [LoggerMessage(1321, LogLevel.Information, "Proxy {Proxy}: connected with controller {Address}, node {Node}")]
    private static partial void LogConnected(ILogger logger, string proxy, string address, string node);

    [LoggerMessage(1322, LogLevel.Warning, "Proxy {Proxy}: no controller ({Reason}), HAProxy keeps what it has; next try in {Milliseconds:0} ms")]
    private static partial void LogNotConnected(ILogger logger, string proxy, string reason, double milliseconds);
}
