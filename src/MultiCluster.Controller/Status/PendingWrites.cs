using System.Diagnostics.CodeAnalysis;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

/// <param name="AfterWrite">Pause between writes of one object.</param>
/// <param name="PerSecond">Writes begun, of all objects together.</param>
/// <param name="PerMember">Writes under way to one member, of which one that does not answer must not keep the others.</param>
internal sealed record WritePace(TimeSpan AfterWrite, double PerSecond = 20, int PerMember = 2)
{
    public TimeSpan AfterFailure { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Somebody has to grant something first.</summary>
    public TimeSpan AfterRefusal { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>
/// What is still to be written, the newest of each object, and when: bounded in rate, one write of an object at a time, and none
/// without a valid permit of its owner. Used by one actor.
/// </summary>
/// <param name="memberOf">Where a write goes.</param>
internal sealed class PendingWrites<TKey, TWant>(WritePace pace, Func<TKey, MemberName> memberOf)
    where TKey : notnull
    where TWant : class, IEquatable<TWant>
{
    private readonly Dictionary<TKey, Item> _items = [];
    private readonly Dictionary<MemberName, int> _underWay = [];
    private double _budget = pace.PerSecond;
    private TimeSpan? _at;

    public int Count => _items.Values.Count(static item => item.Want is not null || item.IsUnderWay);

    public void Want(TKey key, TWant want, WritePermit permit)
    {
        if (!_items.TryGetValue(key, out var item))
            _items.Add(key, item = new Item());
        (item.Want, item.Permit) = (want, permit);
    }

    public void Drop(TKey key)
    {
        if (_items.TryGetValue(key, out var item))
            item.Want = null;
    }

    public void Drop(TKey key, WritePermit permit)
    {
        if (_items.TryGetValue(key, out var item) && item.Permit == permit)
            item.Want = null;
    }

    public bool IsUnderWay(TKey key) => _items.TryGetValue(key, out var item) && item.IsUnderWay;

    /// <summary>What is to be begun now.</summary>
    public List<(TKey Key, TWant Want)> Begin(TimeSpan now)
    {
        _budget = Math.Min(pace.PerSecond, _budget + (_at is { } at ? (now - at).TotalSeconds * pace.PerSecond : 0));
        _at = now;
        var begun = new List<(TKey, TWant)>();
        List<TKey>? over = null;
        foreach (var (key, item) in _items)
        {
            if (item.Want is null && !item.IsUnderWay && item.NotBefore <= now)
                (over ??= []).Add(key);
            if (_budget < 1 || !IsDue(key, item, now, out var want))
                continue;
            _budget--;
            item.IsUnderWay = true;
            _underWay[memberOf(key)] = _underWay.GetValueOrDefault(memberOf(key)) + 1;
            begun.Add((key, want));
        }

        foreach (var key in over ?? [])
            _items.Remove(key);
        return begun;
    }

    public void Done(TKey key, TWant written, SinkOutcome outcome, TimeSpan now)
    {
        _underWay[memberOf(key)]--;
        var item = _items[key];
        item.IsUnderWay = false;
        item.NotBefore = now + (outcome switch
        {
            SinkOutcome.Forbidden => pace.AfterRefusal,
            SinkOutcome.Failed => pace.AfterFailure,
            _ => pace.AfterWrite,
        });
        if (outcome is SinkOutcome.Done or SinkOutcome.Gone && written.Equals(item.Want))
            item.Want = null;
    }

    private bool IsDue(TKey key, Item item, TimeSpan now, [NotNullWhen(true)] out TWant? want)
    {
        want = item.Want;
        return want is not null && !item.IsUnderWay && item.NotBefore <= now && item.Permit.IsValid && _underWay.GetValueOrDefault(memberOf(key)) < pace.PerMember;
    }

    private sealed class Item
    {
        public TWant? Want { get; set; }

        public WritePermit Permit { get; set; }

        public TimeSpan NotBefore { get; set; }

        public bool IsUnderWay { get; set; }
    }
}
