using Microsoft.Extensions.Logging;

namespace MultiCluster.HAProxy.Runtime.Processes;

public sealed partial class HAProxyProcess
{
    [LoggerMessage(3201, LogLevel.Information, "Starting {Binary} with {Config}")]
    private static partial void LogStarting(ILogger logger, string binary, string config);

    [LoggerMessage(3202, LogLevel.Information, "HAProxy {Version} serves: master {MasterPid}, worker {WorkerPid}")]
    private static partial void LogStarted(ILogger logger, string version, int masterPid, int workerPid);

    [LoggerMessage(3203, LogLevel.Error, "HAProxy did not start with {Config}: {Reason}")]
    private static partial void LogStartFailed(ILogger logger, string config, string reason);

    [LoggerMessage(3204, LogLevel.Information, "Adopted the running HAProxy {Version}: master {MasterPid}, worker {WorkerPid}, {Reloads} reloads so far")]
    private static partial void LogAdopted(ILogger logger, string version, int masterPid, int workerPid, int reloads);

    [LoggerMessage(3205, LogLevel.Information, "Stopping HAProxy, master {MasterPid}, graceful: {Graceful}")]
    private static partial void LogStopping(ILogger logger, int masterPid, bool graceful);

    [LoggerMessage(3206, LogLevel.Warning, "HAProxy, master {MasterPid}, did not end within {Seconds} s: killing it")]
    private static partial void LogKilling(ILogger logger, int masterPid, double seconds);

    [LoggerMessage(3207, LogLevel.Error, "HAProxy refuses {Config}: {Reason}")]
    private static partial void LogInvalid(ILogger logger, string config, string reason);

    [LoggerMessage(3208, LogLevel.Warning, "{Problem}; going on without it")]
    private static partial void LogNoPidFile(ILogger logger, string problem);
}
