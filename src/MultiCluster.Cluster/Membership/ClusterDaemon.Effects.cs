using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Membership;

/// <summary>What was decided is carried out: at the gate first, then at the region, the peers and who listens.</summary>
internal sealed partial class ClusterDaemon
{
    private ClusterView? _view;
    private bool _wasValid;

    /// <summary>Opens the gate for as long as the lease goes, carries out what the core decided, and tells who listens.</summary>
    private void Act()
    {
        var effects = _core.TakeEffects();
        if (effects.Exists(static effect => effect is ClusterEffect.Died))
            settings.Gate.Close();
        if (_core.Lease.Sent is { } sent && _core.MayWrite(Now))
        {
            var time = Context.System.TimeProvider;
            var left = sent + settings.Options.HolderTtl - Now;
            settings.Gate.OpenUntil(time.GetTimestamp() + (long)(left.TotalSeconds * time.TimestampFrequency));
        }
        settings.Gate.Own(_core.Writable);
        PublishView();
        var poke = false;
        foreach (var effect in effects)
        {
            if (effect is ClusterEffect.Poke)
                poke = true;
            else
                Carry(effect);
        }
        if (poke)
            settings.Links.SendAll(new StoreChanged());
        if (effects.OfType<ClusterEffect.Start>().Select(static start => start.Shard).ToList() is { Count: > 0 } taken)
            LogTaken(settings.Logger, ShardRanges.Of(taken));
        if (effects.OfType<ClusterEffect.Released>().Select(static released => released.Shard).ToList() is { Count: > 0 } given)
            LogGiven(settings.Logger, ShardRanges.Of(given));
    }

    private void PublishView()
    {
        var view = _core.View;
        if (view.Equals(_view))
            return;
        _view = view;
        settings.Links.SetPeers(view.Self, [.. view.Nodes.Where(node => node.Id.Name != view.Self.Name && node.State != NodeState.Down).Select(static node => new Peer(node.Id, node.Address))]);
        _region?.Tell(view, Self);
        foreach (var subscriber in _subscribers)
            subscriber.Tell(view, Self);
    }

    private void Carry(ClusterEffect effect)
    {
        switch (effect)
        {
            case ClusterEffect.Start start:
                LogOwned(settings.Logger, start.Shard, start.Epoch);
                break;
            case ClusterEffect.Drop drop:
                LogLost(settings.Logger, drop.Shard, drop.Epoch, drop.Reason);
                break;
            case ClusterEffect.Released released:
                LogReleased(settings.Logger, released.Shard, released.Epoch);
                break;
            case ClusterEffect.Resume resume:
                LogResumed(settings.Logger, resume.Shard, resume.Epoch);
                break;
            case ClusterEffect.Warn warn:
                settings.Links.TrySend(warn.Owner, new EpochObserved(warn.Shard, warn.Epoch));
                break;
            case ClusterEffect.Died died:
                LogDied(settings.Logger, died.Was, died.Now, died.Reason);
                break;
            case ClusterEffect.Declared declared:
                LogDeclared(settings.Logger, declared.Node);
                break;
            case ClusterEffect.Refused refused:
                LogRefused(settings.Logger, settings.Options.NodeName, refused.Reason);
                break;
            case ClusterEffect.Left:
                End();
                break;
        }
        _region?.Tell(effect, Self);
    }

    private void CheckLease()
    {
        var valid = _core.MayWrite(Now);
        if (_wasValid && !valid && !_core.HasLeft)
            LogLeaseLost(settings.Logger, _core.Self);
        else if (!_wasValid && valid)
            LogLeaseHeld(settings.Logger, _core.Self);
        _wasValid = valid;
    }
}
