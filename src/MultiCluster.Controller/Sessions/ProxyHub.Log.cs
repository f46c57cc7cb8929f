using Microsoft.Extensions.Logging;

namespace MultiCluster.Controller.Sessions;

public sealed partial class ProxyHub
{
    [LoggerMessage(1301, LogLevel.Warning, "Proxy {Proxy} has seen epoch {Seen}, this node only {Own}: is the database restored from a backup, or this node behind?")]
    private static partial void LogHigherEpoch(ILogger logger, string proxy, long seen, long own);
}
