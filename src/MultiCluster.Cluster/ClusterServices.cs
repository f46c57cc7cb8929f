using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Transport;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Cluster;

/// <summary>What a node of the cluster is made of besides its options.</summary>
public sealed record ClusterServices
{
    public required ILeaseStore Leases { get; init; }

    public required IClusterTransport Transport { get; init; }

    public required IShardJournal Journal { get; init; }

    public required IEntityFactory Entities { get; init; }

    public IClusterObserver Observer { get; init; } = NullClusterObserver.Instance;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>For incarnations, which no two runs may share, and for choosing peers.</summary>
    public Random Random { get; init; } = Random.Shared;
}
