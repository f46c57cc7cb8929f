using System.Collections.Immutable;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Delivery;

/// <summary>
/// What an entity has published, what it owes for it, and whether it may publish now. The entity computes what should be in the table;
/// this says whether to send it, and which settlements are due. No threads, clocks or I/O.
/// </summary>
public sealed class PublicationBook
{
    private readonly string _key;
    private List<DeliveryProtocol.EntitySettled> _owed = [];
    private readonly HashSet<string> _awaited = new(StringComparer.Ordinal);
    private List<long> _rounds = [];
    private List<DeliveryProtocol.EntitySettled> _underWay = [];
    private List<long> _underWayRounds = [];
    private TableVersion _version;
    private object? _held;

    /// <summary>A shard knows what the table holds when it starts an entity, and tells what turns up later: no entry means that there is nothing to take back.</summary>
    private bool _isHeldKnown = true;

    /// <summary>Table and journal differ: what becomes of it is published anew, be it the same, and so is written down.</summary>
    private bool _isUnstored;
    private object? _sent;
    private bool _isUnderWay;
    private bool _isOpen;
    private bool _recovering;
    private bool _awaitsHeld;
    private bool _isOver;

    public PublicationBook(EntityStart start)
    {
        _key = start.Key;
        _isOpen = start.MayPublish;
        _held = start.Held?.Payload;
        _isUnstored = !start.IsStored;
        if (start.StartsOver)
            StartOver();
    }

    /// <summary>Sources have been heard, so that what follows from the copies is not older than what was published before.</summary>
    public bool MayPublish => !_isOver && _isOpen && !_recovering && !_awaitsHeld && _awaited.Count == 0;

    public bool IsUnderWay => _isUnderWay;

    /// <summary>It has started over, and waits for what the table holds.</summary>
    public bool AwaitsHeld => _awaitsHeld;

    /// <summary>Nothing is owed, under way, or still to be heard: an entity without copies may stop.</summary>
    public bool IsClean => MayPublish && !_isUnderWay && _owed.Count == 0 && _rounds.Count == 0;

    /// <summary>
    /// This incarnation has no memory; the shard says what to wait for, and the table what it holds: copies of sources that can't be heard
    /// are there and nowhere else.
    /// </summary>
    public void StartOver()
    {
        _recovering = true;
        _awaitsHeld = true;
        _isHeldKnown = false;
    }

    public void Recover(ShardingProtocol.RecoverFrom from)
    {
        _isOpen = from.MayPublish;
        _recovering = false;
        foreach (var source in from.Sources)
            _awaited.Add(source);
    }

    public void Take(DeliveryProtocol.Observed observed)
    {
        _awaited.Remove(observed.Source);
        if (observed.Sequence > 0)
            _owed.Add(new DeliveryProtocol.EntitySettled(_key, observed.Source, observed.Generation, observed.Sequence));
    }

    /// <summary>What the table holds of it is the best there is.</summary>
    public void GiveUp(ShardingProtocol.SourceUnreachable unreachable) => _awaited.Remove(unreachable.Source);

    public void Open(ShardingProtocol.RecoveryEnded ended)
    {
        _isOpen = true;
        _rounds.Add(ended.Round);
    }

    /// <summary>The journal does not hold what the table does.</summary>
    public void NotStored() => _isUnstored = true;

    /// <summary>Another owner's publication turned up: what the table holds is not what we thought.</summary>
    public void TableHolds(TableEntry? entry)
    {
        _awaitsHeld = false;
        if (entry is not null && entry.Version < _version)
            return;
        _held = entry?.Payload;
        _isHeldKnown = true;
    }

    /// <summary>What is to be told to the table; null for nothing.</summary>
    /// <param name="payload">What should be in the table now.</param>
    public Publication? Decide(object? payload)
    {
        if (!MayPublish || _isUnderWay)
            return null;
        if (_isHeldKnown && !_isUnstored && Equals(payload, _held))
            return new Publication(IsNeeded: false, payload, Settle());
        _isUnderWay = true;
        _sent = payload;
        // What was under way is over, or its table is: both lists are empty or of no use any more.
        (_underWay, _owed) = (_owed, _underWay);
        (_underWayRounds, _rounds) = (_rounds, _underWayRounds);
        _owed.Clear();
        _rounds.Clear();
        return new Publication(IsNeeded: true, payload, []);
    }

    /// <returns>What to tell the shard.</returns>
    public ImmutableArray<object> OnPublished(TableVersion version)
    {
        // Of the incarnation before.
        if (!_isUnderWay)
            return [];
        _version = version;
        _isUnderWay = false;
        _held = _sent;
        _isHeldKnown = true;
        _isUnstored = false;
        var settled = Settled(_underWay, _underWayRounds);
        _underWay.Clear();
        _underWayRounds.Clear();
        return settled;
    }

    /// <summary>
    /// The table did not take it, nor will it ever: somebody has published under a higher epoch, so this ownership is over, or is about to
    /// be claimed anew by another start of the shard.
    /// </summary>
    public void OnOutranked()
    {
        _isUnderWay = false;
        _isOver = true;
    }

    private ImmutableArray<object> Settle()
    {
        var settled = Settled(_owed, _rounds);
        _owed.Clear();
        _rounds.Clear();
        return settled;
    }

    private ImmutableArray<object> Settled(List<DeliveryProtocol.EntitySettled> items, List<long> rounds) =>
        rounds.Count == 0 ? [.. items] : [.. items, .. rounds.Select(round => new ShardingProtocol.RoundSettled(_key, round))];
}

/// <param name="IsNeeded">Publish the payload; otherwise the table holds it already.</param>
/// <param name="Settled">To be told to the shard at once.</param>
public sealed record Publication(bool IsNeeded, object? Payload, ImmutableArray<object> Settled);
