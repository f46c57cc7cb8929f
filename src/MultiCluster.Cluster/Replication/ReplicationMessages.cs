using System.Collections.Immutable;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Replication;

/// <summary>What the table's replicas tell each other.</summary>
public interface IReplicationMessage : IPeerMessage
{
    Type IPeerMessage.Family => typeof(IReplicationMessage);
}

/// <summary>What this node's owners have just published.</summary>
public sealed record TableDelta(ImmutableArray<TableEntry> Entries) : IReplicationMessage;

/// <summary>Where buckets of the sender stand. Who finds another hash answers with a <see cref="BucketSummary"/>.</summary>
public sealed record BucketDigests(ImmutableArray<BucketDigest> Buckets) : IReplicationMessage;

public readonly record struct BucketDigest(int Bucket, ulong Hash, BucketMarks Marks);

/// <summary>Wants a <see cref="BucketSummary"/> for each, in any case.</summary>
/// <param name="Query">Comes back with the answers.</param>
public sealed record BucketQuery(ImmutableArray<int> Buckets, long Query) : IReplicationMessage;

/// <param name="Query">Zero if nobody asked.</param>
public sealed record BucketSummary(int Bucket, BucketMarks Marks, ImmutableArray<KeyVersion> Keys, long Query) : IReplicationMessage;

public readonly record struct KeyVersion(string Key, TableVersion Version);

/// <summary>Answered by <see cref="BucketEntries"/>, in parts.</summary>
public sealed record BucketPull(int Bucket, ImmutableArray<string> Keys) : IReplicationMessage;

public sealed record BucketEntries(int Bucket, ImmutableArray<TableEntry> Entries) : IReplicationMessage;
