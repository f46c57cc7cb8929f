using System.Collections.Immutable;

namespace MultiCluster.Cluster.Membership;

/// <summary>What this node knows of the cluster, as of its last successful read of the store.</summary>
/// <param name="Refusal">Why it can't join, with the fix; null if nothing is in the way.</param>
/// <param name="Shards">Empty until the number of shards is known.</param>
public sealed record ClusterView(
    NodeId Self,
    NodeState State,
    bool HasJoined,
    string? Refusal,
    ImmutableArray<NodeView> Nodes,
    ImmutableArray<ShardView> Shards)
{
    public NodeView? Node(NodeId id)
    {
        foreach (var node in Nodes)
        {
            if (node.Id == id)
                return node;
        }
        return null;
    }

    public bool Equals(ClusterView? other) =>
        other is not null && Self == other.Self && State == other.State && HasJoined == other.HasJoined && Refusal == other.Refusal
        && Nodes.SequenceEqual(other.Nodes) && Shards.SequenceEqual(other.Shards);

    public override int GetHashCode() => HashCode.Combine(Self, State, Nodes.Length, Shards.Length);
}

public sealed record NodeView(NodeId Id, string Address, int Protocol, NodeState State);

/// <param name="Owner">Who does own it; null while nobody does.</param>
/// <param name="Designated">Who should; null while no node may own anything.</param>
/// <param name="Epoch">Of the last ownership, also after it was given up.</param>
public readonly record struct ShardView(NodeId? Owner, string? Designated, long Epoch);
