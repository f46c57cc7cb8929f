using MultiCluster.Actors;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Sharding;

internal sealed partial class ShardRegion
{
    private void Route(ShardEnvelope envelope, IActorRef? sender) => Send(new ShardRoutes.Held(_routes.NextOrder(), envelope, sender));

    /// <summary>Keeps the order per shard: nothing overtakes what waits.</summary>
    private void Send(ShardRoutes.Held held)
    {
        if (_routes.IsWaiting(held.Envelope.Shard) || !TrySend(held))
            Hold(held);
    }

    private bool TrySend(ShardRoutes.Held held)
    {
        var envelope = held.Envelope;
        if (_local.TryGetValue(envelope.Shard, out var local))
        {
            if (!local.Accepts)
                return false;
            Deliver(local, envelope, held.Sender);
            return true;
        }
        var route = _routes[envelope.Shard];
        if (route.Owner is not { } owner || route.HeldSince is not null || owner == SelfId)
            return false;
        if (held.Sender is not null && envelope.ReplyTo is null)
            envelope = envelope with { ReplyTo = new ReplyAddress(SelfId, _replies.Add(held.Sender, Now)) };
        return settings.Links.TrySend(owner, envelope with { Epoch = route.Epoch });
    }

    private void Deliver(LocalShard local, ShardEnvelope envelope, IActorRef? sender)
    {
        if (envelope.ReplyTo is { } address)
            sender = new RemoteSender(settings.Links, address, Self.Path);
        local.Actor.Tell(envelope.Key is { } key ? new ShardingProtocol.Deliver(key, envelope.Message, envelope.Starts) : envelope.Message, sender);
    }

    private void Hold(ShardRoutes.Held held)
    {
        if (!_routes.Hold(held))
        {
            LogBufferFull(settings.Logger, held.Envelope.Shard, settings.Options.BufferCapacity);
            settings.Observer.Dropped(DropReason.BufferFull, held.Envelope);
            return;
        }
        Retry();
    }

    private void OnEnvelope(NodeId from, ShardEnvelope envelope)
    {
        var local = _local.GetValueOrDefault(envelope.Shard);
        if (local is { Accepts: true } && local.Epoch == envelope.Epoch)
        {
            Deliver(local, envelope, null);
            return;
        }
        // A sender that can't be reached can't send it anywhere else: then we do.
        if (!settings.Links.TrySend(from, new EnvelopeRefused(envelope, local is { Accepts: true } ? local.Epoch : 0)))
            Send(new ShardRoutes.Held(_routes.NextOrder(), envelope, null));
        // The sender knows of an ownership that we don't.
        if (envelope.Epoch > _routes[envelope.Shard].Epoch)
            settings.Daemon.Tell(ClusterProtocol.Refresh.Instance);
    }

    private void OnRefused(NodeId from, EnvelopeRefused refused)
    {
        var envelope = refused.Envelope;
        if (refused.Epoch > 0)
            LearnOwner(envelope.Shard, from, refused.Epoch);
        else if (_routes[envelope.Shard] is { } route && route.Owner == from && route.Epoch <= envelope.Epoch)
            _routes.HoldBack(envelope.Shard, envelope.Epoch, Now);
        // It keeps its answer's address; its place among what waits is before what was sent since.
        Send(new ShardRoutes.Held(-long.MaxValue + _routes.NextOrder(), envelope, null));
    }

    private void LearnOwner(int shard, NodeId owner, long epoch)
    {
        if (!_routes.Learn(shard, owner, epoch))
            return;
        if (settings.Options.Faults.DropHandOffBuffer)
            _routes.TakeHeld(shard);
        SendHeld(shard);
        if (_view is not null && owner != SelfId && _view.Shards[shard].Epoch < epoch)
            settings.Daemon.Tell(ClusterProtocol.Refresh.Instance);
    }

    private void SendHeld()
    {
        foreach (var shard in _routes.Waiting.ToList())
            SendHeld(shard);
    }

    private void SendHeld(int shard)
    {
        var blocked = false;
        foreach (var held in _routes.TakeHeld(shard))
        {
            blocked = blocked || !TrySend(held);
            if (blocked)
                _routes.Hold(held);
        }
    }

    private void Retry()
    {
        if (!Context.Timers.IsActive(RetryDue.Instance))
            Context.Timers.StartSingle(RetryDue.Instance, RetryInterval, RetryDue.Instance);
    }

    private void OnRetryDue()
    {
        foreach (var shard in _routes.Waiting.ToList())
        {
            if (_routes[shard].HeldSince is { } since && Now - since >= LongestHold)
                _routes.TryAgain(shard);
            SendHeld(shard);
        }
        Advance();
        if (_routes.Count > 0 || _local.Values.Any(static shard => shard.Phase is HandOffPhase.Announced or HandOffPhase.Stopping))
            Retry();
    }
}
