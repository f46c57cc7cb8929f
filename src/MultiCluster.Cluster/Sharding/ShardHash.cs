namespace MultiCluster.Cluster.Sharding;

/// <summary>Hashes that every node and every version computes alike; changing one is a change of the stored format.</summary>
public static class ShardHash
{
    /// <summary>The shard of an entity.</summary>
    public static int ShardOf(string key, int shards) => (int)(Hash(key) % (ulong)shards);

    /// <summary>FNV-1a over UTF-16 code units, then a finalizer so that all bits depend on all characters.</summary>
    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211UL;
        return Mix(hash);
    }

    /// <summary>The finalizer of MurmurHash3.</summary>
    public static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
