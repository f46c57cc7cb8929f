namespace MultiCluster.Cluster.Membership;

/// <summary>A node's lease. Others look only at whether the record changes; no time in it is compared with any clock.</summary>
/// <param name="Renewals">Grows with every renewal, so that the record changes.</param>
/// <param name="RenewedAt">By the node's own clock; for people to read.</param>
/// <param name="Home">See <see cref="ClusterOptions.Home"/>.</param>
public sealed record NodeRecord(
    string Name,
    string Incarnation,
    string Address,
    string Cluster,
    int Protocol,
    NodeState State,
    long Renewals,
    DateTimeOffset RenewedAt,
    string? Home = null)
{
    public NodeId Id => new(Name, Incarnation);

    /// <summary>Whether it may own shards: not while it waits for its replica, nor when it is on its way out.</summary>
    public bool MayOwn => State == NodeState.Up;

    public bool IsAlive => State != NodeState.Down;
}

public enum NodeState
{
    /// <summary>Fetches the table; owns nothing yet.</summary>
    Joining,

    Up,

    /// <summary>Gives its shards away and goes.</summary>
    Leaving,

    /// <summary>Declared dead, by the node that watched its lease end or by an operator. It owns nothing any more.</summary>
    Down,
}

/// <summary>Who owns a shard. It holds as long as the owner's lease does, that is, while its node record has that incarnation and is not down.</summary>
/// <param name="Owner">Null: given up.</param>
public sealed record ShardRecord(int Shard, NodeId? Owner, long Epoch);

/// <summary>What the first node that ever started fixed.</summary>
public sealed record ClusterRecord(string Cluster, int Shards);

/// <summary>The last epoch handed out.</summary>
public sealed record EpochRecord(long Last);
