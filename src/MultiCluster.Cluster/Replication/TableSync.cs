using System.Collections.Immutable;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Replication;

/// <summary>Anti-entropy: digests, summaries of buckets that differ, and the entries that one side lacks.</summary>
internal sealed class TableSync(ClusterLinks links)
{
    public const int EntriesPerMessage = 256;

    /// <summary>Buckets compared in one exchange; the next one goes on.</summary>
    private const int SummariesPerExchange = 16;

    public SyncTracker Tracker { get; } = new();

    public ClusterView? View { get; set; }

    /// <summary>The first replica is being fetched.</summary>
    public bool IsInitial { get; set; }

    public void Compare(ReplicatedTable table, NodeId peer) =>
        links.TrySend(peer, new BucketDigests([.. table.Buckets.Select(Digest)]));

    /// <returns>Null if there is nobody to ask.</returns>
    public long? Ask(ReplicatedTable table, ImmutableArray<NodeId> peers, ImmutableArray<int> buckets, object about)
    {
        if (peers.IsEmpty || table.Buckets.Count == 0)
            return null;
        var question = Tracker.Ask(peers.SelectMany(peer => buckets.Select(bucket => (peer, bucket))), about);
        foreach (var peer in peers)
            links.TrySend(peer, new BucketQuery(buckets, question));
        return question;
    }

    public void OnDigests(ReplicatedTable table, NodeId from, BucketDigests digests)
    {
        var behind = ImmutableArray.CreateBuilder<BucketDigest>();
        var summaries = 0;
        foreach (var digest in digests.Buckets)
        {
            if (digest.Bucket < 0 || digest.Bucket >= table.Buckets.Count)
                continue;
            var bucket = table.Buckets[digest.Bucket];
            if (bucket.Hash == digest.Hash)
            {
                table.Adopt(digest.Bucket, digest.Marks);
                if (bucket.Marks.IsAbove(digest.Marks))
                    behind.Add(Digest(bucket));
            }
            else if (summaries++ < SummariesPerExchange)
            {
                links.TrySend(from, Summary(bucket, 0));
            }
        }
        if (behind.Count > 0)
            links.TrySend(from, new BucketDigests(behind.ToImmutable()));
    }

    public void OnQuery(ReplicatedTable table, NodeId from, BucketQuery query)
    {
        foreach (var bucket in query.Buckets.Where(bucket => bucket >= 0 && bucket < table.Buckets.Count))
            links.TrySend(from, Summary(table.Buckets[bucket], query.Query));
    }

    /// <returns>What a question was about that this answers.</returns>
    public object? OnSummary(ReplicatedTable table, NodeId from, BucketSummary summary, TimeSpan now)
    {
        if (summary.Bucket < 0 || summary.Bucket >= table.Buckets.Count)
            return null;
        var comparison = table.Compare(summary, now);
        SendEntries(from, summary.Bucket, comparison.Given);
        if (comparison.Wanted.IsEmpty)
        {
            table.Adopt(summary.Bucket, summary.Marks);
            return Tracker.InLine(summary.Query, from, summary.Bucket);
        }
        Tracker.Wait(from, summary, comparison.Wanted);
        links.TrySend(from, new BucketPull(summary.Bucket, [.. comparison.Wanted.Select(static key => key.Key)]));
        return null;
    }

    public void OnPull(ReplicatedTable table, NodeId from, BucketPull pull)
    {
        if (pull.Bucket < 0 || pull.Bucket >= table.Buckets.Count)
            return;
        var bucket = table.Buckets[pull.Bucket];
        SendEntries(from, pull.Bucket, [.. pull.Keys.Select(bucket.Find).OfType<TableEntry>()]);
    }

    /// <returns>What a question was about that this answers.</returns>
    public object? OnEntries(ReplicatedTable table, NodeId from, int bucket)
    {
        if (Tracker.Arrived(from, bucket, key => table.Has(bucket, key)) is not { } arrived)
            return null;
        table.Adopt(bucket, arrived.Marks);
        return Tracker.InLine(arrived.Question, from, bucket);
    }

    private static BucketDigest Digest(TableBucket bucket) => new(bucket.Shard, bucket.Hash, bucket.Marks);

    private static BucketSummary Summary(TableBucket bucket, long query) =>
        new(bucket.Shard, bucket.Marks, [.. bucket.Entries.Select(static entry => new KeyVersion(entry.Key, entry.Version))], query);

    private void SendEntries(NodeId to, int bucket, ImmutableArray<TableEntry> entries)
    {
        for (var sent = 0; sent < entries.Length; sent += EntriesPerMessage)
            links.TrySend(to, new BucketEntries(bucket, entries.Slice(sent, Math.Min(EntriesPerMessage, entries.Length - sent))));
    }
}
