using MultiCluster.Actors;
using MultiCluster.Cluster.Membership;

namespace MultiCluster.Cluster.Sharding;

/// <summary>
/// Where shards live, as far as this node knows, and what waits for those that live nowhere just now. What waits keeps the order in
/// which it was first sent, also when it comes back refused.
/// </summary>
internal sealed class ShardRoutes(int capacity)
{
    private readonly Dictionary<int, Route> _routes = [];
    private readonly SortedDictionary<int, SortedDictionary<long, Held>> _held = [];
    private long _last;

    public int Count { get; private set; }

    public IEnumerable<int> Waiting => _held.Keys;

    public Route this[int shard] => _routes.GetValueOrDefault(shard);

    public long NextOrder() => ++_last;

    /// <returns>Whether that was news.</returns>
    public bool Learn(int shard, NodeId owner, long epoch)
    {
        var known = this[shard];
        if (epoch < known.Epoch || (epoch == known.Epoch && known.Owner == owner && known.HeldSince is null))
            return false;
        _routes[shard] = new Route(owner, epoch, null);
        return true;
    }

    /// <summary>The store's word: an owner that is gone is no owner, whatever it announced.</summary>
    public void Learn(ClusterView view)
    {
        for (var shard = 0; shard < view.Shards.Length; shard++)
        {
            var (owner, _, epoch) = view.Shards[shard];
            var known = this[shard];
            if (owner is { } id && epoch > known.Epoch)
                _routes[shard] = new Route(id, epoch, null);
            else if (owner is { } back && epoch == known.Epoch && known.Owner is null)
                _routes[shard] = known with { Owner = back };
            else if (owner is null && epoch >= known.Epoch)
                _routes[shard] = new Route(null, epoch, null);
            else if (known.Owner is { } gone && gone != view.Self && view.Node(gone) is not { State: not NodeState.Down })
                _routes[shard] = known with { Owner = null };
        }
    }

    /// <summary>Nothing is sent to this ownership any more, until another is known or it proves to live on.</summary>
    public bool HoldBack(int shard, long epoch, TimeSpan now)
    {
        var known = this[shard];
        if (known.Epoch > epoch)
            return false;
        _routes[shard] = known with { Epoch = epoch, HeldSince = known.Epoch == epoch ? known.HeldSince ?? now : now };
        return true;
    }

    /// <summary>The owner may have given up giving the shard away, and the word of it was lost: ask by sending.</summary>
    public void TryAgain(int shard) => _routes[shard] = this[shard] with { HeldSince = null };

    /// <returns>False: as much waits as may.</returns>
    public bool Hold(Held held)
    {
        if (Count >= capacity)
            return false;
        if (!_held.TryGetValue(held.Envelope.Shard, out var waiting))
            _held.Add(held.Envelope.Shard, waiting = []);
        if (waiting.TryAdd(held.Order, held))
            Count++;
        return true;
    }

    public bool IsWaiting(int shard) => _held.ContainsKey(shard);

    public List<Held> TakeHeld(int shard)
    {
        if (!_held.Remove(shard, out var waiting))
            return [];
        Count -= waiting.Count;
        return [.. waiting.Values];
    }

    /// <param name="Owner">Null: nobody.</param>
    /// <param name="HeldSince">When sending was stopped; null while it goes on.</param>
    internal readonly record struct Route(NodeId? Owner, long Epoch, TimeSpan? HeldSince);

    internal sealed record Held(long Order, ShardEnvelope Envelope, IActorRef? Sender);
}
