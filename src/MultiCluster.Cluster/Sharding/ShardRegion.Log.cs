using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Sharding;

/// <param name="NextStart">Grows with every call on this node.</param>
internal sealed record RegionSettings(
    ClusterOptions Options,
    ClusterLinks Links,
    IActorRef Daemon,
    IActorRef Table,
    IEntityFactory Entities,
    IShardJournal Journal,
    WriteGate Gate,
    IClusterObserver Observer,
    Func<TimeSpan> Elapsed,
    Func<long> NextStart,
    ILogger Logger);

internal sealed partial class ShardRegion
{
    [LoggerMessage(2101, LogLevel.Information, "Shard {Shard}: epoch {Epoch} is being given away")]
    private static partial void LogHandOff(ILogger logger, int shard, long epoch);

    [LoggerMessage(2102, LogLevel.Warning, "Shard {Shard}: epoch {Epoch} did not stop within {Limit}; it is given away all the same, what still runs is outranked")]
    private static partial void LogStopOverdue(ILogger logger, int shard, long epoch, TimeSpan limit);

    [LoggerMessage(2103, LogLevel.Warning, "Shard {Shard} has no reachable owner and {Capacity} messages wait: the newest are dropped")]
    private static partial void LogBufferFull(ILogger logger, int shard, int capacity);
}
