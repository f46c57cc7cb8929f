using System.Collections.Immutable;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Delivery;

/// <summary>
/// What a source of objects, such as the watcher of a member, has to deliver to the owners of their keys, wherever these live and
/// move. The source says what it observes; this says which messages go to which shards, again and again until they are taken, and all
/// of them anew to an owner that starts. Held by one actor; no threads, clocks or I/O.
/// </summary>
public sealed class DeliverySource
{
    private readonly Dictionary<string, (object? Payload, long Sequence)> _known = new(StringComparer.Ordinal);
    private readonly ShardFeed[] _feeds;
    private readonly SortedSet<int> _touched = [];
    private long _sequence;

    /// <param name="key">Of the source's own entity: shards answer there.</param>
    /// <param name="shards">In the cluster.</param>
    public DeliverySource(string key, SourceGeneration generation, int shards, DeliveryOptions? options = null)
    {
        Key = key;
        Generation = generation;
        Options = options ?? DeliveryOptions.Default;
        _feeds = [.. Enumerable.Range(0, shards).Select(_ => new ShardFeed(this))];
        Touch();
    }

    public string Key { get; }

    public SourceGeneration Generation { get; }

    /// <summary>All that exists is known.</summary>
    public bool IsComplete { get; private set; }

    public bool IsUnreachable { get; private set; }

    /// <summary>All owners have published what follows from all that is known.</summary>
    public bool IsSettled => IsComplete && Array.TrueForAll(_feeds, static feed => feed.IsSettled);

    /// <summary>Items on their way or not yet published.</summary>
    public int OpenItems => _feeds.Sum(static feed => feed.Open);

    internal DeliveryOptions Options { get; }

    /// <param name="payload">Null: the object does not exist any more.</param>
    public void Observe(string key, object? payload)
    {
        _known[key] = (payload, ++_sequence);
        var shard = ShardHash.ShardOf(key, _feeds.Length);
        _feeds[shard].Changed(key);
        _touched.Add(shard);
    }

    /// <summary>All that exists has been observed: from here on a key not mentioned does not exist.</summary>
    public void MarkComplete()
    {
        IsComplete = true;
        IsUnreachable = false;
        foreach (var feed in _feeds)
            feed.Owe(complete: true);
        Touch();
    }

    /// <summary>It can't be said what exists. A source that was complete before stays so: what it knew then is the best there is.</summary>
    public void MarkUnreachable()
    {
        if (IsComplete || IsUnreachable)
            return;
        IsUnreachable = true;
        foreach (var feed in _feeds)
            feed.Owe(complete: false);
        Touch();
    }

    public void Receive(DeliveryProtocol.FromShard message, TimeSpan now)
    {
        if (message.Shard < 0 || message.Shard >= _feeds.Length)
            return;
        var feed = _feeds[message.Shard];
        switch (message)
        {
            case DeliveryProtocol.Opened:
                feed.OnOpened(message.Session);
                break;
            case DeliveryProtocol.Taken taken when taken.Generation == Generation:
                feed.OnTaken(taken.Session, taken.Number, now);
                break;
            case DeliveryProtocol.Settled settled when settled.Generation == Generation:
                feed.OnSettled(settled.Session, settled.Items);
                break;
            case DeliveryProtocol.Resend resend:
                feed.OnResend(resend.Session, resend.Keys);
                break;
        }
        _touched.Add(message.Shard);
    }

    /// <summary>What is due because of what has happened since the last call.</summary>
    public IReadOnlyList<ShardingProtocol.ToShard> Take(TimeSpan now)
    {
        var due = new List<ShardingProtocol.ToShard>();
        foreach (var shard in _touched)
        {
            if (_feeds[shard].Next(now) is { } message)
                due.Add(new ShardingProtocol.ToShard(shard, message));
        }
        _touched.Clear();
        return due;
    }

    /// <summary>What is due because time has passed, too; called every few hundred milliseconds.</summary>
    public IReadOnlyList<ShardingProtocol.ToShard> TakeOverdue(TimeSpan now)
    {
        Touch();
        return Take(now);
    }

    internal long SequenceOf(string key) => _known[key].Sequence;

    internal object? PayloadOf(string key) => _known[key].Payload;

    /// <summary>Whether it can be said what there is of a key that somebody asks about, if only that there is nothing.</summary>
    internal bool CanTell(string key)
    {
        if (_known.ContainsKey(key))
            return true;
        if (IsComplete)
            _known[key] = (null, ++_sequence);
        return IsComplete;
    }

    /// <returns>True if nothing need be remembered of the key: it is gone, and its owner knows.</returns>
    internal bool Forget(string key) => _known[key].Payload is null && _known.Remove(key);

    private void Touch()
    {
        for (var shard = 0; shard < _feeds.Length; shard++)
            _touched.Add(shard);
    }
}
