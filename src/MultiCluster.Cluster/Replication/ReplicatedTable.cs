using System.Collections.Immutable;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Replication;

/// <summary>
/// One node's replica: last writer wins by version, a deletion is a tombstone, and absence means nothing except below a bucket's
/// baseline. Changes are collected until somebody takes them. Not safe for several threads.
/// </summary>
internal sealed class ReplicatedTable
{
    private readonly TableBucket[] _buckets;
    private readonly List<TableEntry> _changes = [];
    private readonly Faults _faults;

    public ReplicatedTable(int buckets, Faults? faults = null)
    {
        _faults = faults ?? Faults.None;
        _buckets = [.. Enumerable.Range(0, buckets).Select(shard => new TableBucket(shard, _faults))];
    }

    public IReadOnlyList<TableBucket> Buckets => _buckets;

    /// <summary>Every shard's owner has been heard of, so the table holds all there is.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Every bucket's owner has once heard every source: what is not here does not exist.</summary>
    public bool IsWhole { get; private set; }

    public long HighestEpoch { get; private set; }

    public IEnumerable<TableEntry> Live => _buckets.SelectMany(static bucket => bucket.Entries).Where(static entry => !entry.IsTombstone);

    public TableEntry? Find(string key) => BucketOf(key).Find(key);

    public TableBucket BucketOf(string key) => _buckets[ShardHash.ShardOf(key, _buckets.Length)];

    public TableEntry? Publish(int shard, long epoch, string key, object? payload, TimeSpan now)
    {
        var known = _buckets[shard].Find(key);
        var entry = _buckets[shard].Publish(epoch, key, payload, now);
        if (entry is not null)
            Note(entry, known);
        return entry;
    }

    /// <returns>Whether it was news.</returns>
    public bool Merge(TableEntry entry, TimeSpan now, bool fromAntiEntropy)
    {
        var bucket = BucketOf(entry.Key);
        var known = bucket.Find(entry.Key);
        if (!bucket.Merge(entry, now, fromAntiEntropy))
            return false;
        Note(entry, known);
        return true;
    }

    public void Open(int shard, long epoch, bool definitive)
    {
        _buckets[shard].Open(epoch, definitive);
        NoteReady();
    }

    public void Adopt(int shard, BucketMarks marks)
    {
        if (_buckets[shard].Adopt(marks))
            NoteReady();
    }

    /// <summary>What a peer's summary says of a bucket: what to ask for, what to give, what is gone.</summary>
    public BucketComparison Compare(BucketSummary summary, TimeSpan now)
    {
        var bucket = _buckets[summary.Bucket];
        var theirs = summary.Keys.ToDictionary(static key => key.Key, static key => key.Version, StringComparer.Ordinal);
        foreach (var gone in bucket.DropDeleted(summary.Marks.Baseline, theirs.ContainsKey, now))
            _changes.Add(gone);
        ImmutableArray<KeyVersion> wanted = [.. summary.Keys.Where(key => IsWanted(bucket, key))];
        ImmutableArray<TableEntry> given = [.. bucket.Entries.Where(entry => theirs.TryGetValue(entry.Key, out var version)
            ? entry.Version > version
            : entry.Version > summary.Marks.Baseline || _faults.NoTombstones || _faults.ResurrectingAntiEntropy)];
        return new BucketComparison(wanted, given);
    }

    public bool Has(int shard, KeyVersion key) => !IsWanted(_buckets[shard], key);

    public int Collect(TimeSpan now, TimeSpan retention) => _buckets.Sum(bucket => bucket.Collect(now, retention));

    /// <summary>What readers of the table have to hear: no tombstone of something they never had.</summary>
    public ImmutableArray<TableEntry> TakeChanges()
    {
        ImmutableArray<TableEntry> changes = [.. _changes];
        _changes.Clear();
        return changes;
    }

    private bool IsWanted(TableBucket bucket, KeyVersion key) => bucket.Find(key.Key) is { } known
        ? known.Version < key.Version || (_faults.ResurrectingAntiEntropy && known.IsTombstone && known.Version != key.Version)
        : !bucket.IsDeleted(key.Version);

    private void Note(TableEntry entry, TableEntry? known)
    {
        HighestEpoch = Math.Max(HighestEpoch, entry.Version.Epoch);
        if (!entry.IsTombstone || known is { IsTombstone: false })
            _changes.Add(entry);
    }

    private void NoteReady()
    {
        IsReady = IsReady || Array.TrueForAll(_buckets, static bucket => bucket.Marks.Opened > TableVersion.None);
        IsWhole = IsWhole || Array.TrueForAll(_buckets, static bucket => bucket.Marks.Baseline > TableVersion.None);
    }
}

/// <param name="Wanted">The peer has it newer, or we not at all.</param>
/// <param name="Given">We have it newer, or the peer not at all.</param>
internal sealed record BucketComparison(ImmutableArray<KeyVersion> Wanted, ImmutableArray<TableEntry> Given);
