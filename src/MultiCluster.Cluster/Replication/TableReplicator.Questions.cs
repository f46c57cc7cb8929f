using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Cluster.Membership;

namespace MultiCluster.Cluster.Replication;

/// <summary>What peers are asked: by and by for everything, at the start for a first replica, and for a shard that starts here.</summary>
internal sealed partial class TableReplicator
{
    private readonly HashSet<NodeId> _synced = [];
    private bool _replicaReady;

    private void OnAntiEntropyDue(ReplicatedTable table)
    {
        var dropped = table.Collect(Now, Options.TombstoneRetention);
        if (dropped > 0)
            LogCollected(_settings.Logger, dropped);
        if (_settings.Links.Up is { IsEmpty: false } peers)
            _sync.Compare(table, peers[(int)(_settings.Jitter() * peers.Length)]);
        SyncInitially(table);
    }

    private void Recover(ReplicatedTable table, TableProtocol.RecoverBucket recover)
    {
        var about = new Recovery(recover.Shard, Sender!);
        if (_sync.Ask(table, _settings.Links.Up, [recover.Shard], about) is { } question)
            Context.Timers.StartSingle(question, Options.PeerRecoveryTimeout, new RecoveryOverdue(question));
        else
            OnInLine(table, about, peerGone: false);
    }

    /// <summary>
    /// Before a node owns anything it has heard every live peer, one after the other: a single one may know of the epochs that a restored
    /// store has forgotten. A peer that joins, too, answers with what it has.
    /// </summary>
    private void SyncInitially(ReplicatedTable table)
    {
        if (_replicaReady || _sync.IsInitial || _sync.View is not { HasJoined: true } view)
            return;
        var peers = view.Nodes.Where(node => node.Id != view.Self && node.State != NodeState.Down && !_synced.Contains(node.Id))
            .OrderBy(static node => node.State == NodeState.Joining).Select(static node => node.Id).ToList();
        if (peers.Count == 0)
        {
            _replicaReady = true;
            _settings.Daemon.Tell(ClusterProtocol.ReplicaReady.Instance);
            return;
        }
        if (peers.Find(peer => _settings.Links.Up.Contains(peer)) is not { Name: not null } next)
            return;
        _sync.IsInitial = true;
        if (_sync.Ask(table, [next], [.. Enumerable.Range(0, table.Buckets.Count)], new InitialSync(next)) is { } question)
            Context.Timers.StartSingle(question, Options.PeerRecoveryTimeout, new RecoveryOverdue(question));
    }

    private void OnInLine(ReplicatedTable table, object about, bool peerGone)
    {
        switch (about)
        {
            case Recovery(var shard, var owner):
                owner.Tell(new TableProtocol.BucketContents(
                    shard, [.. table.Buckets[shard].Entries], table.Buckets[shard].Marks.Opened > TableVersion.None), Self);
                break;
            case InitialSync(var peer):
                _sync.IsInitial = false;
                if (!peerGone)
                    _synced.Add(peer);
                SyncInitially(table);
                break;
        }
    }

    private sealed record Recovery(int Shard, IActorRef Owner);

    private sealed record RecoveryOverdue(long Question);

    private sealed record InitialSync(NodeId Peer);

    private sealed record AntiEntropyDue
    {
        public static readonly AntiEntropyDue Instance = new();
    }
}
