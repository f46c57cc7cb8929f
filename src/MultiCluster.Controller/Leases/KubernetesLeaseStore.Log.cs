using Microsoft.Extensions.Logging;

namespace MultiCluster.Controller.Leases;

public sealed partial class KubernetesLeaseStore
{
    [LoggerMessage(1631, LogLevel.Warning, "Leases: {Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);

    [LoggerMessage(1632, LogLevel.Warning, "Leases: {Lease} had lost its labels, without which nobody sees it; they are put back")]
    private static partial void LogRelabelled(ILogger logger, string lease);
}
