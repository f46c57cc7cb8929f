using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Sharding;

/// <summary>
/// One per node. Sends messages to the owners of shards and holds them back while a shard has none; runs the shards that this
/// node owns and gives them away in order.
/// <para>
/// Giving away: (1) peers are told, and answer behind everything they have sent; what comes until then is taken. (2) Entities stop
/// after what they have been given, and are flushed; what comes is sent back to its sender. (3) The daemon releases the shard in the
/// store, the next owner claims it, and all regions send there what they held back. Each phase has a time limit of its own, since a peer
/// may be gone, an entity may hang and the store may be down; an answer that comes later still counts.
/// </para>
/// </summary>
internal sealed partial class ShardRegion(RegionSettings settings) : Actor
{
    /// <summary>How often what waits is looked at.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How long sending stays stopped on the word of an owner that is then not heard of again.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(1);

    private readonly ShardRoutes _routes = new(settings.Options.BufferCapacity);
    private readonly ReplyTable _replies = new();
    private readonly SortedDictionary<int, LocalShard> _local = [];
    private readonly Queue<LocalShard> _toRecover = [];
    private readonly HashSet<(int Shard, long Epoch)> _recovering = [];
    private ClusterView? _view;
    private int _shards;
    private bool _isHolding;

    private NodeId SelfId => _view!.Self;

    private TimeSpan Now => settings.Elapsed();

    protected override ValueTask PreStartAsync()
    {
        settings.Links.Route<IRegionMessage>(Self);
        settings.Links.Listen(Self);
        settings.Daemon.Tell(ClusterProtocol.AttachRegion.Instance, Self);
        return default;
    }

    protected override ValueTask PostStopAsync()
    {
        foreach (var held in _routes.Waiting.ToList().SelectMany(_routes.TakeHeld))
            settings.Observer.Dropped(DropReason.Stopping, held.Envelope);
        return default;
    }

    /// <summary>A node that leaves waits for this.</summary>
    protected override ValueTask AfterBatchAsync()
    {
        if (_isHolding != _routes.Count > 0)
        {
            _isHolding = _routes.Count > 0;
            settings.Daemon.Tell(new ClusterProtocol.Holding(_isHolding));
        }
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case ClusterView view:
                OnView(view);
                break;
            case ClusterEffect effect:
                OnEffect(effect);
                break;
            case FromPeer(var from, var news):
                OnPeer(from, news);
                break;
            case ShardingProtocol.ToEntity or ShardingProtocol.ToRunning or ShardingProtocol.ToShard when _shards == 0:
                Context.Stash();
                break;
            case ShardingProtocol.ToEntity(var key, var inner):
                Route(new ShardEnvelope(ShardHash.ShardOf(key, _shards), key, Starts: true, 0, inner, null), Sender);
                break;
            case ShardingProtocol.ToRunning(var key, var inner):
                Route(new ShardEnvelope(ShardHash.ShardOf(key, _shards), key, Starts: false, 0, inner, null), Sender);
                break;
            case ShardingProtocol.ToShard(var shard, var inner):
                Route(new ShardEnvelope(shard, null, Starts: false, 0, inner, null), Sender);
                break;
            case ShardingProtocol.RecoveryRead(var shard, var epoch):
                OnRecovered(shard, epoch);
                break;
            case Terminated terminated:
                OnTerminated(terminated.Actor);
                break;
            case RetryDue:
                OnRetryDue();
                break;
            default:
                Answer(message);
                break;
        }
        return default;
    }

    private void Answer(object message)
    {
        switch (message)
        {
            case PeerCameUp:
                SendHeld();
                break;
            case PeerWentDown(var peer):
                foreach (var shard in _local.Values)
                    shard.Sending.Remove(peer);
                Advance();
                break;
            case ShardingProtocol.SourcesChanged:
                foreach (var shard in _local.Values)
                    shard.Actor.Tell(message, Self);
                break;
            case ShardingProtocol.GetRegion:
                Context.Reply(new ShardingProtocol.RegionStatus(
                    _view?.Self ?? default, [.. _local.Values.Select(static s => new ShardingProtocol.LocalShardView(s.Shard, s.Epoch, $"{s.Phase}"))], _routes.Count));
                break;
            case ShardingProtocol.Find(var key) when _shards > 0:
                var found = ShardHash.ShardOf(key, _shards);
                Context.Reply(new ShardingProtocol.Location(key, found, _routes[found].Owner, _routes[found].Epoch));
                break;
            case ShardingProtocol.GetShard(var number):
                if (_local.TryGetValue(number, out var local))
                    local.Actor.Tell(message, Sender);
                else
                    Context.Reply(new ShardingProtocol.NoSuchShard(number));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnView(ClusterView view)
    {
        if (_view is { } before && before.Self != view.Self)
        {
            // What ran under the run before is not ours; the records say what is.
            foreach (var shard in _local.Values.ToList())
                StopAtOnce(shard);
        }
        _view = view;
        if (_shards == 0 && !view.Shards.IsEmpty)
        {
            _shards = view.Shards.Length;
            Context.UnstashAll();
        }
        _routes.Learn(view);
        foreach (var shard in _local.Values)
            shard.Sending.RemoveWhere(peer => view.Node(peer) is null or { State: NodeState.Down });
        Advance();
        SendHeld();
    }

    private void OnEffect(ClusterEffect effect)
    {
        switch (effect)
        {
            case ClusterEffect.Start(var shard, var epoch):
                Start(shard, epoch);
                break;
            case ClusterEffect.HandOff(var shard, var epoch):
                Announce(shard, epoch);
                break;
            case ClusterEffect.Drop(var shard, var epoch, _):
                if (_local.TryGetValue(shard, out var lost) && lost.Epoch == epoch)
                    StopAtOnce(lost);
                break;
            case ClusterEffect.Released(var shard, var epoch):
                if (_local.TryGetValue(shard, out var released) && released.Epoch == epoch)
                    StopAtOnce(released);
                break;
            case ClusterEffect.Resume(var shard, var epoch):
                if (_local.Remove(shard, out var kept))
                    Forget(kept);
                Start(shard, epoch);
                break;
        }
    }

    private void OnPeer(NodeId from, object message)
    {
        switch (message)
        {
            case ShardEnvelope envelope:
                OnEnvelope(from, envelope);
                break;
            case EnvelopeRefused refused:
                OnRefused(from, refused);
                break;
            case ShardMoving(var shard, var epoch):
                if (_routes.HoldBack(shard, epoch, Now))
                    Retry();
                settings.Links.TrySend(from, new ShardHeld(shard, epoch));
                break;
            case ShardHeld(var shard, var epoch):
                if (_local.TryGetValue(shard, out var local) && local.Epoch == epoch && local.Sending.Remove(from))
                    Advance();
                break;
            case ShardOwned(var shard, var epoch):
                LearnOwner(shard, from, epoch);
                break;
            case ReplyEnvelope(var number, var reply):
                _replies.Take(number)?.Tell(reply);
                break;
        }
    }

    private sealed record RetryDue
    {
        public static readonly RetryDue Instance = new();
    }
}
