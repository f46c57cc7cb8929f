using MultiCluster.Controller.Routing;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <summary>What one side holds of a shard.</summary>
/// <param name="Hash">Over keys and versions of all live rows; tombstones come and go.</param>
/// <param name="Baseline">Everything published up to here is held: a row that is not has been deleted.</param>
public readonly record struct ShardDigest(ulong Hash, FragmentVersion Baseline);

/// <summary>From a proxy's agent to a controller.</summary>
public abstract record AgentMessage
{
    private AgentMessage()
    {
    }

    /// <summary>The first message.</summary>
    /// <param name="Incarnation">One life of the agent.</param>
    /// <param name="HighestEpoch">Ever seen, in an earlier life too: controllers publish above it, even from a restored database.</param>
    /// <param name="Shards">What the agent holds; empty if nothing.</param>
    public sealed record Hello(string Cluster, string Proxy, string Incarnation, long HighestEpoch, EquatableArray<ShardDigest> Shards) : AgentMessage;

    /// <summary>Taken into what the proxy should hold; <see cref="Applied"/> says when it does.</summary>
    /// <param name="Position">Where the agent is now.</param>
    /// <param name="Differing">Shards whose digest was sent and is another here: the controller sends them whole.</param>
    public sealed record Ack(long Nonce, long Position, EquatableArray<int> Differing) : AgentMessage;

    /// <param name="Position">Where the agent stays.</param>
    /// <param name="Refused">These rows stay as they were and the others are taken; if empty, nothing is.</param>
    public sealed record Nack(long Nonce, long Position, string Reason, EquatableArray<EntityId> Refused) : AgentMessage;

    /// <summary>HAProxy holds everything up to this position of the controller's.</summary>
    public sealed record Applied(long Position) : AgentMessage;

    /// <summary>What is under way to members, said now and then while one of them is to get no new sessions.</summary>
    public sealed record Loads(EquatableArray<MemberLoad> Members) : AgentMessage;
}

/// <param name="Sessions">Requests and connections under way to its endpoints.</param>
public readonly record struct MemberLoad(MemberName Member, long Sessions);

/// <summary>From a controller to a proxy's agent.</summary>
public abstract record ControllerMessage
{
    private ControllerMessage()
    {
    }

    /// <summary>Answer to <see cref="AgentMessage.Hello"/>.</summary>
    /// <param name="Shards">In the cluster.</param>
    /// <param name="IsOnly">There is no other controller, so nothing can be missing here that another one knows.</param>
    public sealed record Welcome(string Cluster, string Node, string Incarnation, long HighestEpoch, int Shards, bool IsOnly) : ControllerMessage;

    /// <summary>The last message: why there will be no session.</summary>
    public sealed record Refusal(string Reason) : ControllerMessage;

    /// <summary>One at a time: the next comes after the answer to the last.</summary>
    /// <param name="Nonce">From 1, without gaps.</param>
    /// <param name="Position">Of the controller's table: an agent that has taken this message has everything up to it.</param>
    /// <param name="Readiness">Null: as before.</param>
    /// <param name="End">With the last message of a snapshot.</param>
    /// <param name="Digests">Of all shards at <paramref name="Position"/>, for comparison; usually empty.</param>
    public sealed record Rows(
        long Nonce,
        long Position,
        RowsKind Kind,
        EquatableArray<FragmentUpdate> Updates,
        Readiness? Readiness,
        SnapshotEnd? End,
        EquatableArray<ShardDigest> Digests) : ControllerMessage;
}

public enum RowsKind
{
    /// <summary>A part of a snapshot: kept aside until the whole is here.</summary>
    Snapshot,
    Delta,
}

/// <summary>Makes a snapshot whole.</summary>
/// <param name="Rows">In all its parts.</param>
/// <param name="Shards">That were sent: the agent's others are equal.</param>
/// <param name="Baselines">Of every shard of the cluster; zero where nothing is said.</param>
public sealed record SnapshotEnd(long Rows, EquatableArray<int> Shards, EquatableArray<FragmentVersion> Baselines);
