using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Sharding;

/// <summary>What entities are made of; the cluster knows only their keys.</summary>
public interface IEntityFactory
{
    Props Create(EntityStart start);

    /// <summary>
    /// Keys of entities that deliver to others: they run whenever their shard does, and a new owner of a shard hears all of them
    /// before it publishes. Called from actors; the answer may change, see <see cref="ClusterNode.SourcesChanged"/>.
    /// </summary>
    ImmutableArray<string> Sources { get; }

    /// <summary>
    /// Sources that somebody has taken out for good: what they had is gone. One that is merely missing from <see cref="Sources"/> keeps
    /// what it had, since a node whose configuration lacks it knows nothing of it. Changes as those do.
    /// </summary>
    ImmutableArray<string> RemovedSources => [];
}

/// <param name="Shards">In the cluster.</param>
/// <param name="Start">Grows with every start of a shard on a node, so that (epoch, start) orders all incarnations.</param>
/// <param name="Recovered">What to start from: the newer of journal and table; null if neither knows the key. A tombstone if the table holds what was deleted.</param>
/// <param name="Held">What the table holds when the entity starts; null if nothing, or if <paramref name="StartsOver"/>.</param>
/// <param name="MayPublish">Whether sources have been heard already; otherwise <see cref="ShardingProtocol.RecoveryEnded"/> says when.</param>
/// <param name="StartsOver">An entity of this key failed for good: as after a restart, <see cref="ShardingProtocol.RecoverFrom"/> says what to wait for.</param>
/// <param name="Region">For messages to other entities.</param>
/// <param name="Table">For <see cref="TableProtocol.Publish"/>.</param>
/// <param name="Gate">Asked before each write to SQL or to a member.</param>
public sealed record EntityStart(
    string Key,
    int Shard,
    int Shards,
    long Epoch,
    long Start,
    TableEntry? Recovered,
    TableEntry? Held,
    bool MayPublish,
    bool StartsOver,
    IActorRef Region,
    IActorRef Table,
    WriteGate Gate)
{
    /// <summary>False if journal and table differ: whatever becomes of it has to be published anew, and written down.</summary>
    public bool IsStored { get; init; } = true;
}

/// <summary>What is persisted of a shard, as far as hand-off and recovery need it.</summary>
public interface IShardJournal
{
    /// <summary>False where nothing is written down, so that nothing can be missing.</summary>
    bool IsKept => true;

    /// <summary>The newest persisted state of each entity, as it was published: tombstones too, or they would be lost with the table.</summary>
    ValueTask<ImmutableArray<TableEntry>> LoadAsync(int shard, long epoch, CancellationToken cancellationToken);

    /// <summary>Completes when what the shard's entities have written by now is in the store, or can't be.</summary>
    ValueTask FlushAsync(int shard, long epoch, CancellationToken cancellationToken);
}

/// <summary>Hears what metrics and tests count. Called from actors; returns quickly.</summary>
public interface IClusterObserver
{
    /// <summary>A message that will not arrive, and why.</summary>
    void Dropped(DropReason reason, ShardEnvelope envelope);

    /// <summary>Entities of the shard are about to run here.</summary>
    void ShardStarted(int shard, long epoch);

    /// <summary>No entity of the shard runs here any more, unless one hangs in a handler.</summary>
    /// <param name="inOrder">Every entity had stopped and all had been flushed.</param>
    void ShardStopped(int shard, long epoch, bool inOrder);
}

public enum DropReason
{
    /// <summary>More waits for shards without an owner than may.</summary>
    BufferFull,

    /// <summary>The shard was taken away while the message waited inside of it.</summary>
    ShardLost,

    /// <summary>Nobody waits for this answer any more.</summary>
    LateReply,

    /// <summary>For an entity that does not run, without wanting to start it.</summary>
    NoSuchEntity,

    /// <summary>This node is stopping.</summary>
    Stopping,
}

public sealed class NullClusterObserver : IClusterObserver
{
    public static NullClusterObserver Instance { get; } = new();

    private NullClusterObserver()
    {
    }

    public void Dropped(DropReason reason, ShardEnvelope envelope)
    {
    }

    public void ShardStarted(int shard, long epoch)
    {
    }

    public void ShardStopped(int shard, long epoch, bool inOrder)
    {
    }
}
