namespace MultiCluster.Cluster.Membership;

/// <summary>What the core wants done outside of it, in order.</summary>
internal abstract record ClusterEffect
{
    private ClusterEffect()
    {
    }

    /// <summary>This node owns it from now on.</summary>
    public sealed record Start(int Shard, long Epoch) : ClusterEffect;

    /// <summary>It is another's: stop at once, write nothing.</summary>
    public sealed record Drop(int Shard, long Epoch, string Reason) : ClusterEffect;

    /// <summary>Stop it in order and say when it has stopped.</summary>
    public sealed record HandOff(int Shard, long Epoch) : ClusterEffect;

    /// <summary>The store has taken the release.</summary>
    public sealed record Released(int Shard, long Epoch) : ClusterEffect;

    /// <summary>The store did not take the release in time: serve it on.</summary>
    public sealed record Resume(int Shard, long Epoch) : ClusterEffect;

    /// <summary>Peers should read the store now.</summary>
    public sealed record Poke : ClusterEffect;

    /// <summary>That node owns the shard under a lower epoch than has been seen.</summary>
    public sealed record Warn(NodeId Owner, int Shard, long Epoch) : ClusterEffect;

    public sealed record Died(NodeId Was, NodeId Now, string Reason) : ClusterEffect;

    public sealed record Refused(string Reason) : ClusterEffect;

    public sealed record Declared(NodeId Node) : ClusterEffect;

    public sealed record Left : ClusterEffect;
}

/// <summary>A write with what it is for.</summary>
internal sealed record PlannedWrite(Persistence.Leases.LeaseWrite Write, WriteIntent Intent);

internal abstract record WriteIntent
{
    private WriteIntent()
    {
    }

    public sealed record Own(SelfLease Lease) : WriteIntent;

    public sealed record Configure : WriteIntent;

    /// <summary>Declares a node dead.</summary>
    public sealed record Declare(NodeRecord Record) : WriteIntent;

    /// <param name="After">Epochs up to this one belong to others.</param>
    public sealed record Reserve(long After, int Count) : WriteIntent;

    public sealed record Claim(int Shard, long Epoch) : WriteIntent;

    public sealed record Reassert(int Shard, long Epoch) : WriteIntent;

    public sealed record Release(int Shard, long Epoch) : WriteIntent;

    public sealed record Forget(string Node) : WriteIntent;

    public sealed record Depart : WriteIntent;
}
