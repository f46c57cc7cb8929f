using Microsoft.Extensions.Logging;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Routing;

public sealed partial class RouteTable
{
    [LoggerMessage(1101, LogLevel.Information, "Ingress {Ingress}: {Count} conflicts with other ingresses")]
    private static partial void LogConflicts(ILogger logger, ObjectKey ingress, int count);

    [LoggerMessage(1102, LogLevel.Warning, "Members {Members} could not be read whole in {Seconds} s: going on without them; nothing that HAProxy holds is removed until they are")]
    private static partial void LogGaveUp(ILogger logger, string members, double seconds);
}
