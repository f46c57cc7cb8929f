namespace MultiCluster.Cluster.Sharding;

/// <summary>
/// Whether this node may write state of a shard to SQL or to the API servers now. It closes by itself when the lease runs out,
/// also while the process that should have noticed was paused. Serving and publishing don't ask it. From any thread.
/// </summary>
public sealed class WriteGate(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _epochs = [];
    private long? _closes;

    /// <summary>Whether the node's lease is valid.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
                return _closes is { } closes && time.GetTimestamp() < closes;
        }
    }

    /// <summary>How many shards this node owns.</summary>
    public int Owned
    {
        get
        {
            lock (_gate)
                return _epochs.Count;
        }
    }

    public bool MayWrite(int shard, long epoch)
    {
        lock (_gate)
            return _closes is { } closes && time.GetTimestamp() < closes && _epochs.TryGetValue(shard, out var owned) && owned == epoch;
    }

    /// <summary>Under whatever epoch this node owns it.</summary>
    internal bool MayWrite(int shard)
    {
        lock (_gate)
            return _closes is { } closes && time.GetTimestamp() < closes && _epochs.ContainsKey(shard);
    }

    internal void OpenUntil(long timestamp)
    {
        lock (_gate)
            _closes = timestamp;
    }

    internal void Close()
    {
        lock (_gate)
        {
            _closes = null;
            _epochs.Clear();
        }
    }

    /// <summary>These, and no others.</summary>
    internal void Own(IEnumerable<(int Shard, long Epoch)> shards)
    {
        lock (_gate)
        {
            _epochs.Clear();
            foreach (var (shard, epoch) in shards)
                _epochs.Add(shard, epoch);
        }
    }

    internal void Disown(int shard, long epoch)
    {
        lock (_gate)
        {
            if (_epochs.TryGetValue(shard, out var owned) && owned == epoch)
                _epochs.Remove(shard);
        }
    }
}
