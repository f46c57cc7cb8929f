using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Sessions;

/// <summary>
/// A controller's table, as replication leaves it: rows come late and in any order within what is on its way, and a baseline rises only
/// when all before it has come.
/// </summary>
internal sealed class SimController(SimTruth truth, Random random, int shards)
{
    private static readonly SessionOptions Options = new() { RowsPerMessage = 3 };

    private readonly List<FragmentUpdate> _underWay = [];
    private readonly int[] _shardsHeard = new int[shards];
    private RowTable _rows = new(shards);
    private long _position;

    public SessionCore? Session { get; private set; }

    public RowTable Table => _rows;

    public void Replicate(FragmentUpdate update) => _underWay.Add(update);

    public void Arrive()
    {
        if (_underWay.Count == 0)
            return;
        var at = random.Next(_underWay.Count);
        var update = _underWay[at];
        _underWay.RemoveAt(at);
        if (_rows.Merge(update))
            Session?.Take(new HubMessages.Changed(++_position, [update]));
    }

    public void ArriveAll()
    {
        while (_underWay.Count > 0)
            Arrive();
    }

    /// <summary>All of a shard has come, so absence counts from here on, and tombstones go.</summary>
    public void RaiseBaseline(int shard)
    {
        var published = truth.Published(shard);
        if (published.Count > 0 && !_underWay.Any(row => _rows.ShardOf(row.Entity) == shard))
            _rows.Adopt(shard, published[^1].Version);
    }

    /// <summary>Starts anew from what another one holds.</summary>
    public void Restart(SimController peer)
    {
        Session = null;
        _rows = new RowTable(shards);
        for (var shard = 0; shard < shards; shard++)
        {
            foreach (var row in peer.Table.Contents(shard))
                _rows.Merge(row);
            _rows.Adopt(shard, peer.Table.Digest(shard).Baseline);
        }

        // What was on its way to the peer is on its way here too.
        _underWay.Clear();
        _underWay.AddRange(peer._underWay);
    }

    public void Open(AgentMessage.Hello hello, TimeSpan now, bool complete)
    {
        Session = new SessionCore(Options, now);
        var equal = hello.Shards.Count == shards;
        var differing = Enumerable.Range(0, shards).Where(shard => !equal || hello.Shards[shard].Hash != _rows.Digest(shard).Hash);
        var welcome = new ControllerMessage.Welcome("prod", "n", "1", _rows.HighestEpoch, shards, IsOnly: false);
        Session.Take(new HubMessages.Subscribed(welcome, _position, new([.. _rows.Digests.Select(static digest => digest.Baseline)]), [.. differing], new Readiness(complete ? [] : [new("aws")], GaveUpWaiting: true)));
    }

    /// <returns>What to put on the wire; null for nothing, or when the session is over.</returns>
    public ControllerMessage? Step(TimeSpan now)
    {
        switch (Session?.Next(now))
        {
            case SessionStep.Send send:
                return send.Message;
            case SessionStep.Fetch fetch:
                Session.Take(new HubMessages.ShardContents(fetch.Shard, _rows.Contents(fetch.Shard), _rows.Digest(fetch.Shard).Baseline));
                return null;
            case SessionStep.Compare:
                Session.Take(new HubMessages.Digests(_position, _rows.Digests));
                return null;
            case SessionStep.Close:
                Session = null;
                return null;
            default:
                return null;
        }
    }

    public void Cut() => Session = null;
}
