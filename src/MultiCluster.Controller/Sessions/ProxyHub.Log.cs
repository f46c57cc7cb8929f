using Microsoft.Extensions.Logging;

namespace MultiCluster.Controller.Sessions;

public sealed partial class ProxyHub
{
    [LoggerMessage(1301, LogLevel.Warning, "Proxy {Proxy} has seen epoch {Seen}, this node only {Own}: is the database restored from a backup, or this node behind?")]
    private static partial void LogHigherEpoch(ILogger logger, string proxy, long seen, long own);

    [LoggerMessage(1302, LogLevel.Warning, "No other controller can be heard, although there are some: {Sessions} proxies are told to look for another, and served if they find none")]
    private static partial void LogCutOff(ILogger logger, int sessions);

    [LoggerMessage(1303, LogLevel.Information, "Another controller can be heard again")]
    private static partial void LogReached(ILogger logger);
}
