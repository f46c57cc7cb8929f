using System.Collections.Immutable;
using MultiCluster.Cluster.Replication;
using MultiCluster.Actors;

namespace MultiCluster.Cluster.Sharding;

/// <summary>What the region of a node and the entities behind it take and tell.</summary>
public static class ShardingProtocol
{
    // Commands, to the region

    /// <summary>For the entity, wherever it lives; starts it if need be. A sender that is an actor can be answered.</summary>
    public sealed record ToEntity(string Key, object Message);

    /// <summary>For the entity if it runs; otherwise the sender gets <see cref="NoSuchEntity"/>.</summary>
    public sealed record ToRunning(string Key, object Message);

    /// <summary>For the shard itself: deliveries of sources.</summary>
    public sealed record ToShard(int Shard, object Message);

    // Queries, to the region

    /// <summary>Answered by <see cref="RegionStatus"/>.</summary>
    public sealed record GetRegion;

    /// <summary>Where an entity lives; answered by <see cref="Location"/>.</summary>
    public sealed record Find(string Key);

    /// <summary>What runs in a shard of this node; answered by <see cref="ShardStatus"/>, or by <see cref="NoSuchShard"/>.</summary>
    public sealed record GetShard(int Shard);

    // Commands of an entity, to its parent

    /// <summary>The sender has nothing left to own; it gets <see cref="MayStop"/>.</summary>
    public sealed record Passivate(string Key);

    /// <summary>Answer to <see cref="MayStop"/>: something came that gives the sender something to own.</summary>
    public sealed record Stay(string Key);

    /// <summary>A new incarnation without memory; it gets <see cref="RecoverFrom"/> and what its sources have.</summary>
    public sealed record Restarted(string Key);

    /// <summary>Answer to <see cref="RecoveryEnded"/>: what follows from all it knows is in the table.</summary>
    public sealed record RoundSettled(string Key, long Round);

    // Commands, to an entity

    /// <summary>Answer to <see cref="Passivate"/>, after everything sent before: it stops, or says <see cref="Stay"/>.</summary>
    public sealed record MayStop;

    /// <summary>Answer to <see cref="Restarted"/>: nothing may be published before each of these has been heard about this key.</summary>
    public sealed record RecoverFrom(ImmutableArray<string> Sources, bool MayPublish);

    /// <summary>The source can't say what there is: an entity that has started over waits for it no longer.</summary>
    public sealed record SourceUnreachable(string Source);

    /// <summary>Sources have been heard or given up: publishing is allowed. Answered by <see cref="RoundSettled"/>.</summary>
    public sealed record RecoveryEnded(long Round);

    /// <summary>What the table holds of it, published by an owner before, is not in the journal: it has to be published anew, and written down.</summary>
    public sealed record NotStored
    {
        public static readonly NotStored Instance = new();
    }

    /// <summary>The table holds this for the key, published by an owner before. Not newer than what sources have said under this ownership.</summary>
    public sealed record TableHolds(TableEntry Entry);

    // Replies

    public sealed record NoSuchEntity(string Key);

    public sealed record NoSuchShard(int Shard);

    /// <param name="Held">Messages that wait for shards without a reachable owner.</param>
    public sealed record RegionStatus(NodeId Node, ImmutableArray<LocalShardView> Shards, int Held);

    public sealed record LocalShardView(int Shard, long Epoch, string Phase);

    /// <param name="Owner">Null while nobody owns it.</param>
    public sealed record Location(string Key, int Shard, NodeId? Owner, long Epoch);

    /// <param name="Waiting">Sources that the shard waits for before it publishes.</param>
    public sealed record ShardStatus(int Shard, long Epoch, bool IsOpen, ImmutableArray<string> Entities, ImmutableArray<string> Waiting);

    // Between the parts of a node

    /// <summary>To a shard: read what is known; answered by <see cref="RecoveryRead"/>.</summary>
    internal sealed record BeginRecovery
    {
        public static readonly BeginRecovery Instance = new();
    }

    internal sealed record RecoveryRead(int Shard, long Epoch);

    /// <summary>To a shard: stop all entities in order, flush, and stop.</summary>
    internal sealed record StopInOrder
    {
        public static readonly StopInOrder Instance = new();
    }

    /// <summary>To a shard: a message for one of its entities.</summary>
    internal sealed record Deliver(string Key, object Message, bool Starts);

    /// <summary>Sources have been added or removed.</summary>
    internal sealed record SourcesChanged
    {
        public static readonly SourcesChanged Instance = new();
    }
}
