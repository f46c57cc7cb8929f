using System.Collections.Immutable;

namespace MultiCluster.Cluster.Delivery;

/// <summary>
/// One source's side of one shard. At most one message is under way, so what comes meanwhile coalesces by key, and a completion
/// never overtakes what it sums up.
/// </summary>
internal sealed class ShardFeed(DeliverySource source)
{
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Queue<string> _dirty = new();
    private readonly HashSet<string> _isDirty = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Sequence, TimeSpan Since)> _unsettled = new(StringComparer.Ordinal);
    private ShardSession? _session;
    private DeliveryProtocol.FromSource? _underWay;
    private TimeSpan _sent;
    private TimeSpan _patience;
    private TimeSpan _overdueAt;
    private bool _completeOwed = true;
    private bool _unreachableOwed;
    private long _number;

    /// <summary>Everything has been delivered and published, and the shard knows that it was all.</summary>
    public bool IsSettled => _underWay is null && _isDirty.Count == 0 && _unsettled.Count == 0 && !_completeOwed && _session is not null;

    public int Open => _isDirty.Count + _unsettled.Count;

    public void Changed(string key)
    {
        _keys.Add(key);
        MarkDirty(key);
    }

    /// <summary>The source knows all there is, or has found that it can't.</summary>
    public void Owe(bool complete)
    {
        _completeOwed = true;
        _unreachableOwed = !complete;
    }

    public void OnOpened(ShardSession session)
    {
        if (session <= _session)
            return;
        _session = session;
        _underWay = null;
        _number = 0;
        if (source.Options.NoResendAfterOwnerChange)
            return;
        _unsettled.Clear();
        foreach (var key in _keys)
            MarkDirty(key);
        Owe(complete: !source.IsUnreachable);
    }

    public void OnTaken(ShardSession session, long number, TimeSpan now)
    {
        if (session != _session || _underWay is not DeliveryProtocol.Numbered sent || sent.Number != number)
            return;
        _underWay = null;
        if (sent is not DeliveryProtocol.Batch batch)
            return;
        foreach (var item in batch.Items)
        {
            if (!_isDirty.Contains(item.Key))
                _unsettled[item.Key] = (item.Sequence, now);
        }
    }

    public void OnSettled(ShardSession session, ImmutableArray<DeliveryProtocol.SettledItem> items)
    {
        if (session != _session)
            return;
        foreach (var (key, sequence) in items)
        {
            // The answer to a batch may be overtaken by what settles it.
            if (!_keys.Contains(key) || source.SequenceOf(key) != sequence || _isDirty.Contains(key))
                continue;
            if (_underWay is DeliveryProtocol.Batch batch && batch.Items.Any(item => item.Key == key))
                continue;
            _unsettled.Remove(key);
            if (source.Forget(key))
                _keys.Remove(key);
        }
    }

    public void OnResend(ShardSession session, ImmutableArray<string> keys)
    {
        if (session != _session)
            return;
        foreach (var key in keys)
        {
            // A source that does not know yet what there is can't say that there is nothing; its completion will.
            if (source.CanTell(key))
                Changed(key);
        }
    }

    /// <returns>What to send now; null if nothing is due.</returns>
    public DeliveryProtocol.FromSource? Next(TimeSpan now)
    {
        if (_underWay is not null)
        {
            if (now - _sent < _patience)
                return null;
            _patience = _patience * 2 < source.Options.LongestResend ? _patience * 2 : source.Options.LongestResend;
            _sent = now;
            return _underWay;
        }
        Overdue(now);
        _underWay = Compose();
        _sent = now;
        _patience = source.Options.ResendAfter;
        return _underWay;
    }

    private DeliveryProtocol.FromSource? Compose()
    {
        if (_session is not { } session)
            return new DeliveryProtocol.Open(source.Key, source.Generation);
        if (_isDirty.Count > 0)
        {
            var items = ImmutableArray.CreateBuilder<DeliveryProtocol.Item>(Math.Min(_isDirty.Count, source.Options.BatchSize));
            while (items.Count < source.Options.BatchSize && _dirty.TryDequeue(out var key))
            {
                _isDirty.Remove(key);
                items.Add(new DeliveryProtocol.Item(key, source.SequenceOf(key), source.PayloadOf(key)));
            }
            return new DeliveryProtocol.Batch(source.Key, source.Generation, session, ++_number, items.ToImmutable());
        }
        return Sums(session);
    }

    private DeliveryProtocol.Numbered? Sums(ShardSession session)
    {
        if (_completeOwed && source.IsComplete)
        {
            _completeOwed = false;
            return new DeliveryProtocol.Complete(source.Key, source.Generation, session, ++_number, [.. _keys.Where(key => source.PayloadOf(key) is not null)]);
        }
        if (!_unreachableOwed)
            return null;
        _unreachableOwed = false;
        return new DeliveryProtocol.Unreachable(source.Key, source.Generation, session, ++_number);
    }

    private void Overdue(TimeSpan now)
    {
        if (_unsettled.Count == 0 || now < _overdueAt)
            return;
        _overdueAt = now + source.Options.ResendAfter;
        foreach (var (key, item) in _unsettled)
        {
            if (now - item.Since >= source.Options.SettleAfter)
                MarkDirty(key);
        }
    }

    private void MarkDirty(string key)
    {
        _unsettled.Remove(key);
        if (_isDirty.Add(key))
            _dirty.Enqueue(key);
    }
}
