using MultiCluster.Cluster.Membership;

namespace MultiCluster.Cluster.Sharding;

/// <summary>Who should own what. Pure; every node computes the same from the same records.</summary>
internal static class ShardRules
{
    /// <summary>
    /// Highest random weight over the names of nodes that may own: when a node goes only its shards move, and when it comes back
    /// exactly those return.
    /// </summary>
    /// <returns>Null: nobody may own anything.</returns>
    public static string? Designated(int shard, StoreSnapshot snapshot)
    {
        string? best = null;
        var highest = 0UL;
        foreach (var node in snapshot.Nodes)
        {
            if (!node.Value.MayOwn)
                continue;
            var weight = ShardHash.Mix(ShardHash.Hash(node.Value.Name) ^ ((ulong)shard * 0x9e3779b97f4a7c15UL));
            if (best is null || weight > highest)
                (best, highest) = (node.Value.Name, weight);
        }
        return best;
    }

    /// <summary>Shards that nobody owns and this node should.</summary>
    public static IEnumerable<int> Claimable(StoreSnapshot snapshot, string self)
    {
        for (var shard = 0; shard < snapshot.Shards.Length; shard++)
        {
            if (snapshot.IsFree(shard) && Designated(shard, snapshot) == self)
                yield return shard;
        }
    }

    /// <summary>Of what this node owns, what should live elsewhere.</summary>
    public static IEnumerable<int> Misplaced(StoreSnapshot snapshot, string self, IEnumerable<int> owned) =>
        owned.Where(shard => Designated(shard, snapshot) is { } other && other != self);

    /// <summary>The planted bug: neighbours trade places with every change of the number of nodes.</summary>
    public static IEnumerable<int> MisplacedByModulo(StoreSnapshot snapshot, string self, IEnumerable<int> owned)
    {
        var names = snapshot.Nodes.Where(static node => node.Value.MayOwn).Select(static node => node.Value.Name).ToList();
        return names.Count == 0 ? [] : owned.Where(shard => names[shard % names.Count] != self || Designated(shard, snapshot) != self);
    }
}
