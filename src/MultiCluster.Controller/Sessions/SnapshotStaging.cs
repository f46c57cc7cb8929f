using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <summary>A snapshot that is not whole yet: nothing of it counts.</summary>
internal sealed class SnapshotStaging
{
    private readonly Dictionary<EntityId, FragmentUpdate> _rows = [];

    /// <summary>Rows that were received.</summary>
    public long Count { get; private set; }

    public IReadOnlyCollection<FragmentUpdate> Rows => _rows.Values;

    public void Add(FragmentUpdate row)
    {
        Count++;
        if (!_rows.TryGetValue(row.Entity, out var known) || known.Version < row.Version)
            _rows[row.Entity] = row;
    }

    /// <summary>Whether an end fits what came before it.</summary>
    /// <returns>What is wrong; null if it is whole.</returns>
    public string? Problem(SnapshotEnd end, int shards, Func<EntityId, int> shardOf)
    {
        if (end.Rows != Count)
            return $"incomplete snapshot: {Count} of {end.Rows} rows";
        if (end.Baselines.Count != shards)
            return $"snapshot of {end.Baselines.Count} shards instead of {shards}";
        var sent = end.Shards.ToHashSet();
        if (sent.Any(shard => shard < 0 || shard >= shards))
            return $"snapshot with a shard beyond the {shards} of the cluster";
        foreach (var row in _rows.Values)
        {
            if (!sent.Contains(shardOf(row.Entity)))
                return $"snapshot with a row of a shard that is not in it: {row.Entity}";
        }

        return null;
    }
}
