using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Sharding;

/// <summary>What regions tell each other.</summary>
public interface IRegionMessage : IPeerMessage
{
    Type IPeerMessage.Family => typeof(IRegionMessage);
}

/// <summary>A message on its way to an entity or, without a key, to a shard.</summary>
/// <param name="Starts">Whether an entity that does not run is started for it.</param>
/// <param name="Epoch">Of the ownership under which it was sent; the owner takes no other.</param>
/// <param name="ReplyTo">Null: nobody waits for an answer.</param>
public sealed record ShardEnvelope(int Shard, string? Key, bool Starts, long Epoch, object Message, ReplyAddress? ReplyTo) : IRegionMessage;

/// <summary>Someone on a node who asked.</summary>
public sealed record ReplyAddress(NodeId Node, long Number);

/// <summary>Sent back: the receiver does not own the shard under that epoch, or is giving it away.</summary>
/// <param name="Epoch">Under which the receiver owns the shard; zero if it does not.</param>
public sealed record EnvelopeRefused(ShardEnvelope Envelope, long Epoch) : IRegionMessage;

/// <summary>The owner is about to give the shard away: what is for it waits with its sender.</summary>
public sealed record ShardMoving(int Shard, long Epoch) : IRegionMessage;

/// <summary>Nothing more comes from the sender for this ownership, but for what the network delivers late.</summary>
public sealed record ShardHeld(int Shard, long Epoch) : IRegionMessage;

/// <summary>The sender owns the shard, or still does.</summary>
public sealed record ShardOwned(int Shard, long Epoch) : IRegionMessage;

public sealed record ReplyEnvelope(long Number, object Message) : IRegionMessage;
