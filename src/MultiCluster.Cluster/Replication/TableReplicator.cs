using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Replication;

/// <summary>The actor around this node's replica: stamps what its owners publish, tells peers, and keeps in line with them.</summary>
internal sealed partial class TableReplicator : Actor
{
    private readonly ReplicatorSettings _settings;
    private readonly Dictionary<int, (long Epoch, IActorRef Actor)> _owners = [];
    private readonly TableReaders _readers;
    private readonly List<TableEntry> _outgoing = [];
    private readonly List<(IActorRef Entity, object Answer)> _answers = [];
    private readonly TableSync _sync;
    private ReplicatedTable? _table;

    public TableReplicator(ReplicatorSettings settings)
    {
        _settings = settings;
        _sync = new TableSync(settings.Links);
        _readers = new TableReaders(settings.Options.Faults.ReadyAtOnce);
    }

    private ClusterOptions Options => _settings.Options;

    private TimeSpan Now => _settings.Elapsed();

    protected override ValueTask PreStartAsync()
    {
        _settings.Links.Route<IReplicationMessage>(Self);
        _settings.Links.Listen(Self);
        _settings.Daemon.Tell(new ClusterProtocol.Subscribe(), Self);
        Context.Timers.StartPeriodic(AntiEntropyDue.Instance, Options.AntiEntropyInterval, AntiEntropyDue.Instance);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        if (message is ClusterView view)
            OnView(view);
        else if (_table is null)
            BeforeTable(message);
        else
            Handle(_table, message);
        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        if (_table is null)
            return default;
        _readers.Announce(_table, Self);
        if (_outgoing.Count > 0)
        {
            foreach (var part in _outgoing.Chunk(TableSync.EntriesPerMessage))
                _settings.Links.SendAll(new TableDelta([.. part]));
            _outgoing.Clear();
        }
        // After the news themselves, here and on their way to others: who hears that something is settled may ask a subscriber, which has it then.
        foreach (var (entity, answer) in _answers)
            entity.Tell(answer, Self);
        _answers.Clear();
        return default;
    }

    private void BeforeTable(object message)
    {
        if (message is not (AntiEntropyDue or FromPeer or PeerCameUp or PeerWentDown))
            Context.Stash();
    }

    private void Handle(ReplicatedTable table, object message)
    {
        switch (message)
        {
            case TableProtocol.Publish publish:
                Publish(table, publish);
                break;
            case FromPeer(var from, var news):
                OnPeer(table, from, news);
                break;
            case TableProtocol.RecoverBucket recover:
                Recover(table, recover);
                break;
            case TableProtocol.Opened opened:
                table.Open(opened.Shard, opened.Epoch, opened.Definitive);
                break;
            case TableProtocol.Attach attach:
                _owners[attach.Shard] = (attach.Epoch, attach.Owner);
                break;
            case TableProtocol.Detach detach when _owners.GetValueOrDefault(detach.Shard).Actor == detach.Owner:
                _owners.Remove(detach.Shard);
                break;
            case TableProtocol.Detach:
                break;
            case AntiEntropyDue:
                OnAntiEntropyDue(table);
                break;
            case PeerCameUp(var peer):
                _sync.Compare(table, peer);
                SyncInitially(table);
                break;
            case PeerWentDown(var peer):
                foreach (var about in _sync.Tracker.Gone(peer))
                    OnInLine(table, about, peerGone: true);
                break;
            case RecoveryOverdue(var question):
                if (_sync.Tracker.GiveUp(question) is { } late)
                    OnInLine(table, late, peerGone: true);
                break;
            default:
                Answer(table, message);
                break;
        }
    }

    private void Answer(ReplicatedTable table, object query)
    {
        switch (query)
        {
            case TableProtocol.Subscribe:
                _readers.Add(Sender!, table, Self);
                break;
            case TableProtocol.Unsubscribe:
                _readers.Remove(Sender!);
                break;
            case TableProtocol.GetEntry(var key):
                // Behind what the incarnation before has published: an entity that has started over publishes nothing before it has this.
                if (Sender is { } entity)
                    _answers.Add((entity, new TableProtocol.Entry(key, table.Find(key))));
                break;
            case TableProtocol.Echo(var message):
                _readers.Announce(table, Self);
                Context.Reply(message);
                break;
            case TableProtocol.GetStatus:
                // What the marks cover has been told before them.
                _readers.Announce(table, Self);
                Context.Reply(new TableProtocol.Status(
                    table.Buckets.Sum(static b => b.Live), table.Buckets.Sum(static b => b.Tombstones), table.IsReady, table.IsWhole, table.HighestEpoch,
                    [.. table.Buckets.Select(static b => b.Marks)]));
                break;
            default:
                Unhandled(query);
                break;
        }
    }

    private void OnView(ClusterView view)
    {
        if (_table is null && !view.Shards.IsEmpty)
        {
            _table = new ReplicatedTable(view.Shards.Length, Options.Faults);
            Context.UnstashAll();
        }
        _sync.View = view;
        if (_table is not null)
            SyncInitially(_table);
    }

    private void Publish(ReplicatedTable table, TableProtocol.Publish publish)
    {
        // Entities of a shard that was dropped and is here again may still be stopping: what they say its new owner could not know of.
        var isOver = _owners.TryGetValue(publish.Shard, out var owner) && publish.Epoch < owner.Epoch && !Options.Faults.NoFencing;
        if (!isOver && table.Publish(publish.Shard, publish.Epoch, publish.Key, publish.Payload, Now) is { } entry)
        {
            _outgoing.Add(entry);
            if (Sender is { } publisher)
                _answers.Add((publisher, new TableProtocol.Published(entry.Key, entry.Version)));
            return;
        }
        var epoch = Math.Max(table.Buckets[publish.Shard].Epoch, owner.Epoch);
        LogOutranked(_settings.Logger, publish.Key, publish.Epoch, epoch);
        Sender?.Tell(new TableProtocol.Outranked(publish.Key, epoch), Self);
        _settings.Daemon.Tell(new ClusterProtocol.EpochSeen(publish.Shard, epoch));
    }

    private void OnPeer(ReplicatedTable table, NodeId from, object message)
    {
        switch (message)
        {
            case TableDelta delta:
                Merge(table, delta.Entries, fromAntiEntropy: false);
                break;
            case BucketDigests digests:
                _sync.OnDigests(table, from, digests);
                break;
            case BucketQuery query:
                _sync.OnQuery(table, from, query);
                break;
            case BucketSummary summary:
                if (_sync.OnSummary(table, from, summary, Now) is { } inLine)
                    OnInLine(table, inLine, peerGone: false);
                break;
            case BucketPull pull:
                _sync.OnPull(table, from, pull);
                break;
            case BucketEntries entries:
                Merge(table, entries.Entries, fromAntiEntropy: true);
                if (_sync.OnEntries(table, from, entries.Bucket) is { } done)
                    OnInLine(table, done, peerGone: false);
                break;
        }
    }

    private void Merge(ReplicatedTable table, ImmutableArray<TableEntry> entries, bool fromAntiEntropy)
    {
        foreach (var entry in entries)
        {
            var bucket = table.BucketOf(entry.Key);
            var epoch = bucket.Epoch;
            if (!table.Merge(entry, Now, fromAntiEntropy))
                continue;
            if (bucket.Epoch > epoch)
                _settings.Daemon.Tell(new ClusterProtocol.EpochSeen(bucket.Shard, bucket.Epoch));
            if (_owners.TryGetValue(bucket.Shard, out var owner) && entry.Version.Epoch < owner.Epoch)
                owner.Actor.Tell(new TableProtocol.Foreign(entry), Self);
        }
    }
}
