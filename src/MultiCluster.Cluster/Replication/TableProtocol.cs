using System.Collections.Immutable;
using MultiCluster.Actors;

namespace MultiCluster.Cluster.Replication;

/// <summary>What the actors of a node tell its replica of the table, and hear from it.</summary>
public static class TableProtocol
{
    // Commands of owners

    /// <summary>Answered by <see cref="Published"/> or <see cref="Outranked"/>.</summary>
    /// <param name="Payload">Null: the key is deleted.</param>
    public sealed record Publish(int Shard, long Epoch, string Key, object? Payload);

    // Queries

    /// <summary>The sender gets a <see cref="Snapshot"/>, then every <see cref="Changed"/>, and <see cref="Ready"/> when it comes true.</summary>
    public sealed record Subscribe;

    /// <summary>The sender hears nothing more.</summary>
    public sealed record Unsubscribe;

    /// <summary>Answered by <see cref="Entry"/>.</summary>
    public sealed record GetEntry(string Key);

    public sealed record GetStatus;

    /// <summary>The sender gets the message back, after everything that this replica has heard before.</summary>
    public sealed record Echo(object Message);

    // Replies and events

    public sealed record Published(string Key, TableVersion Version);

    /// <summary>Not taken: somebody owns the shard under a higher epoch, or did before the store was restored.</summary>
    public sealed record Outranked(string Key, long Epoch);

    /// <param name="Held">Null: nothing is known of the key.</param>
    public sealed record Entry(string Key, TableEntry? Held);

    /// <param name="IsReady">Until then the table may lack what exists, so nothing may be served from it that would take routes away.</param>
    /// <param name="IsWhole">As <see cref="Whole"/>.</param>
    public sealed record Snapshot(ImmutableArray<TableEntry> Live, bool IsReady, bool IsWhole);

    /// <summary>Entries and tombstones, in the order in which they came.</summary>
    public sealed record Changed(ImmutableArray<TableEntry> Entries);

    public sealed record Ready;

    /// <summary>Every source has been heard by every owner, in this life or an earlier one of the table: what is not in it does not exist.</summary>
    public sealed record Whole;

    /// <param name="IsWhole">As <see cref="Whole"/>.</param>
    public sealed record Status(int Live, int Tombstones, bool IsReady, bool IsWhole, long HighestEpoch, ImmutableArray<BucketMarks> Buckets);

    // Between the parts of a node

    /// <summary>The shard's actor wants what this node and its peers know; answered by <see cref="BucketContents"/>.</summary>
    internal sealed record RecoverBucket(int Shard, long Epoch);

    /// <param name="IsOpen">An owner before has published all it knew, and it is here.</param>
    internal sealed record BucketContents(int Shard, ImmutableArray<TableEntry> Entries, bool IsOpen);

    /// <summary>The shard's owner has published all it knows.</summary>
    internal sealed record Opened(int Shard, long Epoch, bool Definitive);

    /// <summary>The owner lives here: it hears what others have published in its bucket.</summary>
    internal sealed record Attach(int Shard, long Epoch, IActorRef Owner);

    internal sealed record Detach(int Shard, IActorRef Owner);

    /// <summary>To the owner: an entry that it did not publish.</summary>
    internal sealed record Foreign(TableEntry Entry);
}
