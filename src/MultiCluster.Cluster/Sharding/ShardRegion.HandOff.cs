using MultiCluster.Actors;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Sharding;

internal sealed partial class ShardRegion
{
    private void Start(int shard, long epoch)
    {
        if (_local.TryGetValue(shard, out var before))
        {
            if (before.Epoch >= epoch)
                return;
            StopAtOnce(before);
        }
        var context = new ShardContext(settings, Self, shard, _shards, epoch);
        var props = Props.Create(() => new Shard(context))
            .WithMailbox(new MailboxOptions { Capacity = int.MaxValue })
            .WithStash(settings.Options.BufferCapacity)
            .WithSupervisor(new OneForOneStrategy(maxRestarts: OneForOneStrategy.Unlimited));
        // The number in the name: the shard before, whose entities may still be stopping, has its own.
        var actor = Context.ActorOf(props, $"shard-{shard}-{epoch}-{settings.NextStart()}");
        Context.Watch(actor);
        var local = new LocalShard(shard, epoch, actor, HandOffPhase.None, Now);
        _local[shard] = local;
        settings.Observer.ShardStarted(shard, epoch);
        settings.Table.Tell(new TableProtocol.Attach(shard, epoch, actor));
        _toRecover.Enqueue(local);
        RecoverNext();
        _routes.Learn(shard, SelfId, epoch);
        settings.Links.SendAll(new ShardOwned(shard, epoch));
        SendHeld(shard);
    }

    /// <summary>So many at a time; a shard that stops gives its place back, and no place is given back twice.</summary>
    private void RecoverNext()
    {
        while (_recovering.Count < settings.Options.MaxRecoveries && _toRecover.TryDequeue(out var next))
        {
            if (!_local.TryGetValue(next.Shard, out var local) || local.Actor != next.Actor)
                continue;
            _recovering.Add((next.Shard, next.Epoch));
            next.Actor.Tell(ShardingProtocol.BeginRecovery.Instance, Self);
        }
    }

    private void OnRecovered(int shard, long epoch)
    {
        if (_recovering.Remove((shard, epoch)))
            RecoverNext();
    }

    private void Announce(int shard, long epoch)
    {
        if (!_local.TryGetValue(shard, out var local) || local.Epoch != epoch)
        {
            settings.Daemon.Tell(new ClusterProtocol.ShardStopped(shard, epoch));
            return;
        }
        if (local.Phase != HandOffPhase.None)
            return;
        LogHandOff(settings.Logger, shard, epoch);
        var peers = settings.Links.Up;
        _local[shard] = local with { Phase = HandOffPhase.Announced, Since = Now, Sending = [.. peers] };
        settings.Links.SendAll(new ShardMoving(shard, epoch));
        Advance();
        Retry();
    }

    /// <summary>Moves hand-offs on whose phase is over.</summary>
    private void Advance()
    {
        foreach (var shard in _local.Values.ToList())
        {
            switch (shard.Next(Now, settings.Options))
            {
                case HandOffPhase.Stopping:
                    _local[shard.Shard] = shard with { Phase = HandOffPhase.Stopping, Since = Now };
                    shard.Actor.Tell(ShardingProtocol.StopInOrder.Instance, Self);
                    Retry();
                    break;
                case HandOffPhase.Stopped:
                    LogStopOverdue(settings.Logger, shard.Shard, shard.Epoch, settings.Options.StopTimeout);
                    Context.Stop(shard.Actor);
                    Stopped(shard, inOrder: false);
                    break;
            }
        }
    }

    private void Stopped(LocalShard shard, bool inOrder)
    {
        _local[shard.Shard] = shard with { Phase = HandOffPhase.Stopped, Since = Now };
        Forget(shard);
        settings.Observer.ShardStopped(shard.Shard, shard.Epoch, inOrder);
        settings.Daemon.Tell(new ClusterProtocol.ShardStopped(shard.Shard, shard.Epoch));
    }

    private void OnTerminated(IActorRef actor)
    {
        if (_local.Values.FirstOrDefault(shard => shard.Actor == actor) is not { } local)
            return;
        if (local.Phase == HandOffPhase.Stopping)
        {
            Stopped(local, inOrder: true);
        }
        else if (local.Phase != HandOffPhase.Stopped)
        {
            // Supervision gave it up, which it never should; it is still ours.
            _local.Remove(local.Shard);
            Forget(local);
            Start(local.Shard, local.Epoch);
        }
    }

    /// <summary>It is another's now, or nobody's: no flush, no ceremony.</summary>
    private void StopAtOnce(LocalShard shard)
    {
        _local.Remove(shard.Shard);
        Forget(shard);
        if (shard.Phase == HandOffPhase.Stopped)
            return;
        Context.Unwatch(shard.Actor);
        Context.Stop(shard.Actor);
        settings.Observer.ShardStopped(shard.Shard, shard.Epoch, inOrder: false);
    }

    private void Forget(LocalShard shard)
    {
        settings.Table.Tell(new TableProtocol.Detach(shard.Shard, shard.Actor));
        OnRecovered(shard.Shard, shard.Epoch);
    }
}
