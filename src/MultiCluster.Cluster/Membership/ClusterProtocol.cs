using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Membership;

/// <summary>What the daemon of a node takes and tells.</summary>
public static class ClusterProtocol
{
    // Commands

    /// <summary>Answered by <see cref="Left"/> when others own what this node owned, or it took too long.</summary>
    public sealed record Leave;

    /// <summary>Declares a node dead, whatever its lease says. Answered by <see cref="DownResult"/>.</summary>
    public sealed record Down(string Node);

    /// <summary>Proxies and others that keep epochs say what they have seen, so that a restored store hands out higher ones.</summary>
    public sealed record ObserveEpoch(long Epoch);

    // Queries

    /// <summary>Answered by a <see cref="ClusterView"/>.</summary>
    public sealed record GetView;

    /// <summary>The sender gets every new <see cref="ClusterView"/>, and the present one at once.</summary>
    public sealed record Subscribe;

    // Replies

    public sealed record Left;

    /// <param name="Error">Null: it is down.</param>
    public sealed record DownResult(string? Error);

    // Between the parts of a node

    /// <summary>The sender runs shards: it gets views and what to do about shards.</summary>
    internal sealed record AttachRegion
    {
        public static readonly AttachRegion Instance = new();
    }

    internal sealed record ReplicaReady
    {
        public static readonly ReplicaReady Instance = new();
    }

    /// <summary>Somebody has published for the shard under this epoch.</summary>
    internal sealed record EpochSeen(int Shard, long Epoch);

    /// <summary>A message came from a peer that knows a later owner than we do.</summary>
    internal sealed record Refresh
    {
        public static readonly Refresh Instance = new();
    }

    /// <summary>Whether messages wait on this node for shards without an owner.</summary>
    internal sealed record Holding(bool Any);

    internal sealed record ShardStopped(int Shard, long Epoch);
}

public interface IClusterMessage : IPeerMessage
{
    Type IPeerMessage.Family => typeof(IClusterMessage);
}

/// <summary>The sender has changed a record that others wait for.</summary>
public sealed record StoreChanged : IClusterMessage;

/// <summary>The receiver owns a shard for which the sender has seen a higher epoch.</summary>
public sealed record EpochObserved(int Shard, long Epoch) : IClusterMessage;
