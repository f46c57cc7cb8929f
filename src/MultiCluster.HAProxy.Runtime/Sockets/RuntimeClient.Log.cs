using Microsoft.Extensions.Logging;

namespace MultiCluster.HAProxy.Runtime.Sockets;

public sealed partial class RuntimeClient
{
    [LoggerMessage(3501, LogLevel.Warning, "Connection to HAProxy's worker socket {Socket} given up ({Fault}): it {What}")]
    private static partial void LogBroken(ILogger logger, string socket, RuntimeFault fault, string what);
}
