using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Replication;

/// <param name="Elapsed">Time since the node started, monotonic.</param>
/// <param name="Jitter">At least zero, below one.</param>
internal sealed record ReplicatorSettings(
    ClusterOptions Options, ClusterLinks Links, IActorRef Daemon, Func<TimeSpan> Elapsed, Func<double> Jitter, ILogger Logger);

internal sealed partial class TableReplicator
{
    [LoggerMessage(2201, LogLevel.Warning, "{Key}: not published under epoch {Epoch}, epoch {Highest} has been seen; the shard is claimed anew if it is still ours")]
    private static partial void LogOutranked(ILogger logger, string key, long epoch, long highest);

    [LoggerMessage(2202, LogLevel.Debug, "{Count} tombstones collected")]
    private static partial void LogCollected(ILogger logger, int count);
}
