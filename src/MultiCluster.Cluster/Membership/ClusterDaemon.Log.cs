using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Transport;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Cluster.Membership;

/// <param name="Elapsed">Time since the node started, monotonic.</param>
internal sealed record DaemonSettings(
    ClusterOptions Options,
    ILeaseStore Leases,
    ClusterLinks Links,
    WriteGate Gate,
    Func<TimeSpan> Elapsed,
    Func<string> NewIncarnation,
    ILogger Logger);

internal sealed partial class ClusterDaemon
{
    [LoggerMessage(2001, LogLevel.Information, "{Node}: lease held, writing to SQL and to members is allowed")]
    private static partial void LogLeaseHeld(ILogger logger, NodeId node);

    [LoggerMessage(2002, LogLevel.Warning, "{Node}: lease lost; serving and publishing go on, writing to SQL and to members stops until it is renewed")]
    private static partial void LogLeaseLost(ILogger logger, NodeId node);

    [LoggerMessage(2003, LogLevel.Warning, "{Was}: declared dead ({Reason}); writing has stopped, joining again as {Now}")]
    private static partial void LogDied(ILogger logger, NodeId was, NodeId now, string reason);

    [LoggerMessage(2004, LogLevel.Error, "Node {Node} can't join: {Reason}")]
    private static partial void LogRefused(ILogger logger, string node, string reason);

    [LoggerMessage(2005, LogLevel.Warning, "{Node}: its lease has ended, it is declared dead")]
    private static partial void LogDeclared(ILogger logger, NodeId node);

    [LoggerMessage(2006, LogLevel.Warning, "Node {Node}: declared dead by an operator")]
    private static partial void LogDown(ILogger logger, string node);

    [LoggerMessage(2007, LogLevel.Information, "Node {Node}: leaving, its shards are given away")]
    private static partial void LogLeaving(ILogger logger, string node);

    [LoggerMessage(2008, LogLevel.Warning, "Lease store: {Reason}; no shard moves until it answers")]
    private static partial void LogStoreFailed(ILogger logger, string reason);

    [LoggerMessage(2009, LogLevel.Debug, "Shard {Shard}: owned under epoch {Epoch}")]
    private static partial void LogOwned(ILogger logger, int shard, long epoch);

    [LoggerMessage(2010, LogLevel.Warning, "Shard {Shard}: epoch {Epoch} lost: {Reason}")]
    private static partial void LogLost(ILogger logger, int shard, long epoch, string reason);

    [LoggerMessage(2011, LogLevel.Debug, "Shard {Shard}: epoch {Epoch} given up")]
    private static partial void LogReleased(ILogger logger, int shard, long epoch);

    [LoggerMessage(2012, LogLevel.Warning, "Shard {Shard}: the store did not take the release in time, epoch {Epoch} is served on")]
    private static partial void LogResumed(ILogger logger, int shard, long epoch);

    [LoggerMessage(2013, LogLevel.Information, "Shards {Shards} are this node's now")]
    private static partial void LogTaken(ILogger logger, string shards);

    [LoggerMessage(2014, LogLevel.Information, "Shards {Shards} given up")]
    private static partial void LogGiven(ILogger logger, string shards);
}
