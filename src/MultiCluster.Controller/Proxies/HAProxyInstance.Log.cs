using Microsoft.Extensions.Logging;
using MultiCluster.HAProxy.Planning;

namespace MultiCluster.Controller.Proxies;

public sealed partial class HAProxyInstance
{
    [LoggerMessage(1201, LogLevel.Information, "Proxy {Proxy}: {How} HAProxy {Version}, worker {WorkerPid}")]
    private static partial void LogOpened(ILogger logger, string proxy, string how, string version, int workerPid);

    [LoggerMessage(1202, LogLevel.Debug, "Proxy {Proxy}: {Count} commands, now at version {Version}")]
    private static partial void LogApplied(ILogger logger, string proxy, int count, long version);

    [LoggerMessage(1203, LogLevel.Warning, "Proxy {Proxy}: HAProxy refused \"{Command}\": {Reply}")]
    private static partial void LogRefused(ILogger logger, string proxy, string command, string reply);

    [LoggerMessage(1204, LogLevel.Warning, "Proxy {Proxy}: reloading HAProxy, reason {Reason}")]
    private static partial void LogReloading(ILogger logger, string proxy, ReloadReason reason);

    [LoggerMessage(1205, LogLevel.Information, "Proxy {Proxy}: reloaded, reason {Reason}, worker {WorkerPid}")]
    private static partial void LogReloaded(ILogger logger, string proxy, ReloadReason reason, int workerPid);

    [LoggerMessage(1206, LogLevel.Error, "Proxy {Proxy}: reload for {Reason} failed: {Problem}")]
    private static partial void LogReloadFailed(ILogger logger, string proxy, ReloadReason reason, string problem);

    [LoggerMessage(1207, LogLevel.Warning, "Proxy {Proxy}: lost HAProxy: {Problem}")]
    private static partial void LogLost(ILogger logger, string proxy, string problem);

    [LoggerMessage(1208, LogLevel.Warning, "Proxy {Proxy}: opening HAProxy again in {Milliseconds} ms: {Problem}")]
    private static partial void LogRetrying(ILogger logger, string proxy, double milliseconds, string problem);

    [LoggerMessage(1209, LogLevel.Debug, "Proxy {Proxy}: start file at version {Version}")]
    private static partial void LogStartFile(ILogger logger, string proxy, long version);

    [LoggerMessage(1210, LogLevel.Error, "Proxy {Proxy}: the start file could not be written, the one before stays: {Problem}")]
    private static partial void LogStartFileFailed(ILogger logger, string proxy, string problem);

    [LoggerMessage(1211, LogLevel.Warning, "Proxy {Proxy}: left out {Item}: {Reason}")]
    private static partial void LogLeftOut(ILogger logger, string proxy, string item, string reason);

    [LoggerMessage(1212, LogLevel.Error, "Proxy {Proxy}: HAProxy does not come up with the newest start file and was started from an earlier one: {Problem}")]
    private static partial void LogFellBack(ILogger logger, string proxy, string problem);

    [LoggerMessage(1213, LogLevel.Warning, "Proxy {Proxy}: {Problem}; going on without it")]
    internal static partial void LogNoPidFile(ILogger logger, string proxy, string problem);

    [LoggerMessage(1214, LogLevel.Warning, "Proxy {Proxy}: accounts with hashes of crypt(3) get in nowhere: {Problem}")]
    internal static partial void LogNoPasswords(ILogger logger, string proxy, string problem);

    [LoggerMessage(1217, LogLevel.Warning, "Proxy {Proxy}: no request is mirrored: {Problem}")]
    internal static partial void LogNoCopies(ILogger logger, string proxy, string problem);

    [LoggerMessage(1218, LogLevel.Warning, "Proxy {Proxy}: no access log: {Problem}")]
    internal static partial void LogNoLines(ILogger logger, string proxy, string problem);
}
