using System.Collections.Immutable;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;

namespace MultiCluster.Controller.Storage;

/// <summary>Nothing is remembered: after a restart all is read from members, or had from other nodes.</summary>
public sealed class NoStore : IEntityStore, IShardJournal
{
    public static NoStore Instance { get; } = new();

    public bool IsKept => false;

    private NoStore()
    {
    }

    public void Write(int shard, TableEntry entry, EntityRecord? before, Cause cause)
    {
    }

    public ValueTask<ImmutableArray<TableEntry>> LoadAsync(int shard, long epoch, CancellationToken cancellationToken) => new([]);

    public ValueTask FlushAsync(int shard, long epoch, CancellationToken cancellationToken) => default;
}
