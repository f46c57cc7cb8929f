using System.Collections.Immutable;
using System.Text.Json;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Cluster.Membership;

/// <summary>A record with the version that a write of it must expect.</summary>
internal sealed record Stored<T>(T Value, string Version);

/// <summary>All records as of one moment.</summary>
/// <param name="Nodes">In order of their names.</param>
/// <param name="Shards">By number; empty until the number of shards is known, null where there is no record.</param>
/// <param name="Unreadable">Keys of records that are ours but can't be understood: nobody's to take, and worth a complaint.</param>
internal sealed record StoreSnapshot(
    ImmutableArray<Stored<NodeRecord>> Nodes,
    ImmutableArray<Stored<ShardRecord>?> Shards,
    Stored<ClusterRecord>? Cluster,
    Stored<EpochRecord>? Epoch,
    ImmutableArray<string> Unreadable)
{
    public static readonly StoreSnapshot Empty = new([], [], null, null, []);

    public Stored<NodeRecord>? Node(string name)
    {
        foreach (var node in Nodes)
        {
            if (node.Value.Name == name)
                return node;
        }
        return null;
    }

    /// <summary>Whether this run of the node holds a lease, as far as the records say.</summary>
    public bool IsAlive(NodeId id) => Node(id.Name) is { Value.IsAlive: true } node && node.Value.Incarnation == id.Incarnation;

    /// <summary>Whether nobody holds it: no record, given up, or its owner's lease has ended.</summary>
    public bool IsFree(int shard) =>
        !Unreadable.Contains(RecordCodec.ShardKey(shard)) && (Shards[shard]?.Value.Owner is not { } owner || !IsAlive(owner));

    public StoreSnapshot With(Stored<NodeRecord> node) =>
        this with { Nodes = [.. Nodes.Where(known => known.Value.Name != node.Value.Name).Append(node).OrderBy(static n => n.Value.Name, StringComparer.Ordinal)] };
}

/// <summary>Turns records into a snapshot; what did not change since the last read is not decoded again.</summary>
internal sealed class SnapshotReader
{
    private Dictionary<string, (string Text, object? Record)> _decoded = new(StringComparer.Ordinal);

    public StoreSnapshot Read(ImmutableArray<LeaseRecord> records)
    {
        var decoded = new Dictionary<string, (string Text, object? Record)>(records.Length, StringComparer.Ordinal);
        var nodes = new List<Stored<NodeRecord>>();
        var shards = new List<Stored<ShardRecord>>();
        var unreadable = ImmutableArray<string>.Empty;
        Stored<ClusterRecord>? cluster = null;
        Stored<EpochRecord>? epoch = null;
        foreach (var record in records)
        {
            if (!TryDecode(record, out var value))
                unreadable = unreadable.Add(record.Key);
            else
                decoded[record.Key] = (record.Value, value);
            switch (value)
            {
                case NodeRecord node:
                    nodes.Add(new Stored<NodeRecord>(node, record.Version));
                    break;
                case ShardRecord shard:
                    shards.Add(new Stored<ShardRecord>(shard, record.Version));
                    break;
                case ClusterRecord config:
                    cluster = new Stored<ClusterRecord>(config, record.Version);
                    break;
                case EpochRecord last:
                    epoch = new Stored<EpochRecord>(last, record.Version);
                    break;
            }
        }
        _decoded = decoded;
        nodes.Sort(static (a, b) => string.CompareOrdinal(a.Value.Name, b.Value.Name));
        return new StoreSnapshot([.. nodes], ByNumber(shards, cluster?.Value.Shards ?? 0), cluster, epoch, unreadable);
    }

    private static ImmutableArray<Stored<ShardRecord>?> ByNumber(List<Stored<ShardRecord>> shards, int count)
    {
        var byNumber = new Stored<ShardRecord>?[count];
        foreach (var shard in shards)
        {
            if (shard.Value.Shard >= 0 && shard.Value.Shard < count)
                byNumber[shard.Value.Shard] = shard;
        }
        return [.. byNumber];
    }

    private bool TryDecode(LeaseRecord record, out object? value)
    {
        if (_decoded.TryGetValue(record.Key, out var known) && known.Text == record.Value)
        {
            value = known.Record;
            return true;
        }
        try
        {
            value = RecordCodec.Decode(record.Key, record.Value);
            return true;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }
}
