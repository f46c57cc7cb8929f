using System.Runtime.InteropServices;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Replication;

/// <summary>One shard's part of a replica. Who calls it minds threads.</summary>
internal sealed class TableBucket(int shard, Faults faults)
{
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private long _definitive;
    private long _number;

    public int Shard => shard;

    /// <summary>Over live entries only: tombstones come and go at different times on different nodes.</summary>
    public ulong Hash { get; private set; }

    public BucketMarks Marks { get; private set; }

    /// <summary>Highest epoch under which anything here was published.</summary>
    public long Epoch { get; private set; }

    public int Live { get; private set; }

    public int Tombstones => _rows.Count - Live;

    public IEnumerable<TableEntry> Entries => _rows.Values.Select(static row => row.Entry);

    public TableEntry? Find(string key) => _rows.TryGetValue(key, out var row) ? row.Entry : null;

    /// <summary>By the owner of the shard.</summary>
    /// <returns>Null if somebody has published under a higher epoch.</returns>
    public TableEntry? Publish(long epoch, string key, object? payload, TimeSpan now)
    {
        if (epoch < Epoch && !faults.NoFencing)
            return null;
        _number = epoch > Epoch ? 1 : _number + 1;
        var entry = new TableEntry(key, new TableVersion(epoch, _number), payload);
        Put(entry, now);
        if (_definitive == epoch)
            Marks = Marks with { Baseline = entry.Version };
        return entry;
    }

    /// <summary>From another replica.</summary>
    /// <returns>Whether it was news.</returns>
    public bool Merge(TableEntry entry, TimeSpan now, bool fromAntiEntropy)
    {
        var known = Find(entry.Key);
        if (faults.ResurrectingAntiEntropy && fromAntiEntropy && known is null or { IsTombstone: true } && !entry.IsTombstone)
            return Put(entry, now);
        if (faults.NoFencing)
            return (known is null || known.Version != entry.Version) && Put(entry, now);
        if (known is not null ? entry.Version <= known.Version : IsDeleted(entry))
            return false;
        return Put(entry, now);
    }

    /// <summary>Whether an entry that is not here is of no use: it was published before all that is known here, so it has been deleted since.</summary>
    public bool IsDeleted(TableEntry absent) => IsDeleted(absent.Version);

    public bool IsDeleted(TableVersion absent) => absent <= Marks.Baseline && !faults.NoTombstones && !faults.ResurrectingAntiEntropy;

    /// <summary>
    /// Another replica knows everything up to <paramref name="baseline"/> and does not have these keys: they have been deleted, and
    /// their tombstones too.
    /// </summary>
    /// <returns>The tombstones put in their place.</returns>
    public List<TableEntry> DropDeleted(TableVersion baseline, Predicate<string> isThere, TimeSpan now)
    {
        var dropped = new List<TableEntry>();
        if (faults.NoTombstones || faults.ResurrectingAntiEntropy)
            return dropped;
        foreach (var entry in Entries)
        {
            if (!entry.IsTombstone && entry.Version <= baseline && !isThere(entry.Key))
                dropped.Add(new TableEntry(entry.Key, baseline, null));
        }
        foreach (var tombstone in dropped)
            Put(tombstone, now);
        return dropped;
    }

    /// <summary>This replica holds all that another one with these marks holds.</summary>
    /// <returns>Whether they were above the ones here.</returns>
    public bool Adopt(BucketMarks marks)
    {
        if (!marks.IsAbove(Marks))
            return false;
        Marks = Marks.Max(marks);
        return true;
    }

    /// <summary>The owner has published all it had to say.</summary>
    /// <param name="definitive">It had heard every source, so that what is not here does not exist.</param>
    public void Open(long epoch, bool definitive)
    {
        if (epoch < Epoch)
            return;
        if (epoch > Epoch)
            (Epoch, _number) = (epoch, 0);
        var version = new TableVersion(epoch, _number);
        Adopt(new BucketMarks(version, definitive ? version : TableVersion.None));
        if (definitive)
            _definitive = epoch;
    }

    /// <summary>
    /// Drops tombstones that are old enough and no longer needed: below the baseline, absence says the same.
    /// </summary>
    public int Collect(TimeSpan now, TimeSpan retention)
    {
        List<string>? gone = null;
        foreach (var row in _rows.Values)
        {
            if (row.Entry.IsTombstone && now - row.Since >= retention && (row.Entry.Version <= Marks.Baseline || faults.CollectTombstonesByAge))
                (gone ??= []).Add(row.Entry.Key);
        }
        foreach (var key in gone ?? [])
            _rows.Remove(key);
        return gone?.Count ?? 0;
    }

    private bool Put(TableEntry entry, TimeSpan now)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, entry.Key, out var exists);
        if (exists && !row.Entry.IsTombstone)
        {
            Hash -= HashOf(row.Entry);
            Live--;
        }
        row = new Row(entry, now);
        if (entry.Version.Epoch > Epoch)
            (Epoch, _number) = (entry.Version.Epoch, entry.Version.Number);
        else if (entry.Version.Epoch == Epoch)
            _number = Math.Max(_number, entry.Version.Number);
        if (!entry.IsTombstone)
        {
            Hash += HashOf(entry);
            Live++;
        }
        else if (faults.NoTombstones)
        {
            _rows.Remove(entry.Key);
        }
        return true;
    }

    private static ulong HashOf(TableEntry entry) =>
        ShardHash.Mix(ShardHash.Hash(entry.Key) + ShardHash.Mix((ulong)entry.Version.Epoch) * 31 + (ulong)entry.Version.Number);

    private readonly record struct Row(TableEntry Entry, TimeSpan Since);
}
