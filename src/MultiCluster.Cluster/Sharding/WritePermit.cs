namespace MultiCluster.Cluster.Sharding;

/// <summary>What an owner hands to those who write to SQL or to a member for it: to be asked before each write, as a lease may run out between them.</summary>
public readonly record struct WritePermit(WriteGate Gate, int Shard, long Epoch)
{
    public bool IsValid => Gate.MayWrite(Shard, Epoch);
}
