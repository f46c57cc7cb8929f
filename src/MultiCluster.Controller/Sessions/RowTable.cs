using System.Collections.Immutable;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <summary>
/// Rows by shard, last writer wins by (epoch, version), whatever the order, number and source of what comes in: a row never goes back. A
/// deletion is a tombstone; absence means nothing, except at or below a shard's baseline. Both ends of a session hold one. Not for several
/// threads.
/// </summary>
public sealed class RowTable
{
    private readonly Shard[] _shards;

    /// <param name="shards">As many as the cluster has.</param>
    public RowTable(int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        _shards = [.. Enumerable.Range(0, shards).Select(static _ => new Shard())];
    }

    public int Shards => _shards.Length;

    /// <summary>Of anything ever taken.</summary>
    public long HighestEpoch { get; private set; }

    public int Live => _shards.Sum(static shard => shard.Live);

    public int Tombstones => _shards.Sum(static shard => shard.Rows.Count - shard.Live);

    public EquatableArray<ShardDigest> Digests => new([.. _shards.Select(static shard => shard.Digest)]);

    public IEnumerable<FragmentUpdate> Rows => _shards.SelectMany(static shard => shard.Rows.Values);

    public int ShardOf(EntityId entity) => ShardHash.ShardOf(EntityKeys.Of(entity), _shards.Length);

    public FragmentUpdate? Find(EntityId entity) => _shards[ShardOf(entity)].Rows.GetValueOrDefault(entity);

    public ShardDigest Digest(int shard) => _shards[shard].Digest;

    /// <summary>Version of anything ever taken.</summary>
    public FragmentVersion Highest(int shard) => _shards[shard].Highest;

    /// <summary>All that another table needs to be brought in line: live rows, and tombstones that the baseline does not stand for.</summary>
    public ImmutableArray<FragmentUpdate> Contents(int shard)
    {
        var baseline = _shards[shard].Baseline;
        return [.. _shards[shard].Rows.Values.Where(row => row.Fragment is not null || row.Version > baseline)];
    }

    /// <returns>Whether it was news: newer than the row held or, if none is, not deleted since.</returns>
    public bool Merge(FragmentUpdate update)
    {
        HighestEpoch = Math.Max(HighestEpoch, update.Version.Epoch);
        var shard = _shards[ShardOf(update.Entity)];
        if (shard.Rows.TryGetValue(update.Entity, out var known) ? update.Version <= known.Version : update.Version <= shard.Baseline)
            return false;
        shard.Put(update);
        return true;
    }

    /// <summary>
    /// Another table holds everything up to the baseline, and of this shard just the rows of <paramref name="present"/>, all merged by now:
    /// what else is here, and older, has been deleted.
    /// </summary>
    /// <returns>Tombstones in the place of what has been.</returns>
    public ImmutableArray<FragmentUpdate> Complete(int shard, FragmentVersion baseline, IReadOnlySet<EntityId> present)
    {
        var own = _shards[shard];
        ImmutableArray<FragmentUpdate> gone =
        [
            .. own.Rows.Values
                .Where(row => row.Fragment is not null && row.Version < baseline && !present.Contains(row.Entity))
                .Select(row => new FragmentUpdate(row.Entity, baseline, null)),
        ];
        foreach (var tombstone in gone)
            own.Put(tombstone);
        Adopt(shard, baseline);
        return gone;
    }

    /// <summary>This table holds all that another one with this baseline does.</summary>
    public void Adopt(int shard, FragmentVersion baseline)
    {
        HighestEpoch = Math.Max(HighestEpoch, baseline.Epoch);
        _shards[shard].Adopt(baseline);
    }

    private static ulong HashOf(FragmentUpdate row) =>
        ShardHash.Mix(ShardHash.Hash(EntityKeys.Of(row.Entity)) + ShardHash.Mix((ulong)row.Version.Epoch) * 31 + (ulong)row.Version.Version);

    private sealed class Shard
    {
        public Dictionary<EntityId, FragmentUpdate> Rows { get; } = [];

        public ulong Hash { get; private set; }

        public int Live { get; private set; }

        public FragmentVersion Baseline { get; private set; }

        public FragmentVersion Highest { get; private set; }

        public ShardDigest Digest => new(Hash, Baseline);

        public void Put(FragmentUpdate row)
        {
            if (row.Version > Highest)
                Highest = row.Version;
            if (Rows.TryGetValue(row.Entity, out var known) && known.Fragment is not null)
            {
                Hash -= HashOf(known);
                Live--;
            }

            if (row.Fragment is not null)
            {
                Hash += HashOf(row);
                Live++;
            }

            // Below the baseline absence says the same.
            if (row.Fragment is null && row.Version <= Baseline)
                Rows.Remove(row.Entity);
            else
                Rows[row.Entity] = row;
        }

        public void Adopt(FragmentVersion baseline)
        {
            if (baseline <= Baseline)
                return;
            Baseline = baseline;
            if (baseline > Highest)
                Highest = baseline;
            foreach (var (entity, row) in Rows)
            {
                if (row.Fragment is null && row.Version <= baseline)
                    Rows.Remove(entity);
            }
        }
    }
}
