using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Records;

namespace MultiCluster.Controller.Storage;

/// <summary>Where entities leave what they published and why. Returns at once; from any thread.</summary>
public interface IEntityStore
{
    /// <param name="entry">As it was published; its payload is an <see cref="EntityRecord"/> or null.</param>
    /// <param name="before">What was written last.</param>
    void Write(int shard, TableEntry entry, EntityRecord? before, Cause cause);
}
