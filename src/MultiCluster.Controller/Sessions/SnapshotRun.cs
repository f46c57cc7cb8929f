using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <summary>A snapshot on its way, shard by shard: at most one shard is held at a time.</summary>
internal sealed class SnapshotRun
{
    private readonly Queue<int> _shards;
    private readonly ImmutableArray<int> _sent;
    private readonly FragmentVersion[] _baselines;
    private ImmutableArray<FragmentUpdate> _rows = [];
    private int _current;
    private int _next;
    private long _count;
    private bool _fetching;

    /// <param name="shards">To send.</param>
    /// <param name="baselines">Of all shards: those that are sent bring their own.</param>
    public SnapshotRun(IEnumerable<int> shards, IReadOnlyCollection<FragmentVersion> baselines, long position)
    {
        _sent = [.. shards];
        _shards = new Queue<int>(_sent);
        _baselines = [.. baselines];
        Position = position;
        foreach (var shard in _sent)
            _baselines[shard] = default;
    }

    /// <summary>Where the agent is when it has taken all of it.</summary>
    public long Position { get; }

    public int ShardsLeft => _shards.Count;

    private bool HasRows => _next < _rows.Length;

    /// <summary>What to ask for; null while there is something to send or an answer is awaited.</summary>
    public int? NextFetch()
    {
        if (HasRows || _fetching || _shards.Count == 0)
            return null;
        _fetching = true;
        return _shards.Peek();
    }

    public void Take(HubMessages.ShardContents contents)
    {
        if (!_fetching || _shards.Peek() != contents.Shard)
            return;
        _fetching = false;
        _current = _shards.Dequeue();
        (_rows, _next) = (contents.Rows, 0);
        _baselines[contents.Shard] = contents.Baseline;
    }

    /// <summary>Null while contents are awaited.</summary>
    public (EquatableArray<FragmentUpdate> Rows, SnapshotEnd? End)? NextPart(SessionOptions options, Action<FragmentUpdate> oversized)
    {
        if (_fetching || (!HasRows && _shards.Count > 0))
            return null;
        var part = ImmutableArray.CreateBuilder<FragmentUpdate>();
        for (var weight = 0L; HasRows && part.Count < options.RowsPerMessage; _next++)
        {
            var own = RowWeights.Of(_rows[_next]);
            if (own > options.RowWeight)
            {
                oversized(_rows[_next]);
                _baselines[_current] = default;
                continue;
            }

            weight += own;
            if (weight > options.MessageWeight && part.Count > 0)
                break;
            part.Add(_rows[_next]);
        }

        _count += part.Count;
        var isLast = !HasRows && _shards.Count == 0;
        if (!HasRows)
            (_rows, _next) = ([], 0);
        return (new(part.DrainToImmutable()), isLast ? new SnapshotEnd(_count, new(_sent), new([.. _baselines])) : null);
    }
}
