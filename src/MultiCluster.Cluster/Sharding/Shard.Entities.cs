using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Sharding;

internal sealed partial class Shard
{
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    /// <summary>Entities that were started as sources.</summary>
    private readonly HashSet<string> _sources = new(StringComparer.Ordinal);

    private EntitySlot StartEntity(string key, TableEntry? recovered, TableEntry? held, bool isData, bool isStored = true)
    {
        var start = new EntityStart(
            key, context.Shard, context.Shards, context.Epoch, _settings.NextStart(), recovered, held, MayPublish, _failed.Contains(key), context.Region, _settings.Table, _settings.Gate)
        {
            IsStored = isStored,
        };
        var actor = Context.ActorOf(_settings.Entities.Create(start), Uri.EscapeDataString(key));
        Context.Watch(actor);
        var slot = new EntitySlot(actor, isData);
        _entities.Add(key, slot);
        _keys.Add(actor, key);
        if (_settings.Entities.Sources.Contains(key))
            _sources.Add(key);
        if (_failed.Remove(key))
            OnRestarted(key);
        return slot;
    }

    private void Deliver(ShardingProtocol.Deliver deliver, IActorRef? sender)
    {
        var slot = _entities.GetValueOrDefault(deliver.Key);
        // Shards that have not heard that a source has been taken out still write to it.
        if (slot is null && (!deliver.Starts || _removed.Contains(deliver.Key)))
        {
            _settings.Observer.Dropped(DropReason.NoSuchEntity, new ShardEnvelope(context.Shard, deliver.Key, Starts: false, context.Epoch, deliver.Message, null));
            sender?.Tell(new ShardingProtocol.NoSuchEntity(deliver.Key), Self);
            return;
        }
        slot ??= StartEntity(deliver.Key, null, null, isData: false);
        slot.IsData |= deliver.Message is DeliveryProtocol.Observed;
        if (slot.IsStopping)
            slot.Add(deliver, sender);
        else
            slot.Actor.Tell(deliver.Message, sender ?? Self);
    }

    /// <summary>A question, not a stop: what was sent before it may give the entity something to own again.</summary>
    private void Passivate(string key)
    {
        if (!_entities.TryGetValue(key, out var slot) || slot.IsStopping)
            return;
        slot.Hold();
        slot.Actor.Tell(new ShardingProtocol.MayStop(), Self);
    }

    private void Stay(string key)
    {
        if (!_entities.TryGetValue(key, out var slot))
            return;
        foreach (var (held, sender) in slot.TakeHeld())
            slot.Actor.Tell(held.Message, sender ?? Self);
    }

    private void OnTerminated(IActorRef actor, Exception? cause)
    {
        if (!_keys.Remove(actor, out var key) || !_entities.Remove(key, out var slot))
            return;
        _sources.Remove(key);
        if (_phase == Phase.Stopping)
        {
            FlushIfStopped();
            return;
        }
        // What it published stays. The next message starts another, which must not take its ignorance for news.
        if (cause is not null && slot.IsData)
            _failed.Add(key);
        _unanswered.RemoveWhere(ask => ask.Key == key);
        RoundGoesOnWithout(key);
        foreach (var (held, sender) in slot.TakeHeld())
        {
            if (held.Starts || held.Message is not DeliveryProtocol.Observed || _entities.ContainsKey(key))
                Deliver(held, sender);
            else if (_failed.Contains(key)) // what it published is still there, and may have to go
                StartEntity(key, null, null, isData: true);
        }
        // Sources run whenever their shard does.
        if (_settings.Entities.Sources.Contains(key) && !_entities.ContainsKey(key))
            StartEntity(key, null, null, isData: false);
    }

    /// <summary>It remembers nothing: the table tells what it had published, and every source that has been heard tells it anew.</summary>
    private void OnRestarted(string key)
    {
        if (!_entities.TryGetValue(key, out var slot))
            return;
        // It waits for sources, so it has to hear what they do not have.
        slot.IsData = true;
        var heard = _gate.Sources.Keys.Where(source => _gate.IsComplete(source) && !_unreachable.Contains(source)).ToList();
        slot.Actor.Tell(new ShardingProtocol.RecoverFrom([.. heard], MayPublish), Self);
        _settings.Table.Tell(new TableProtocol.GetEntry(key), slot.Actor);
        foreach (var source in heard)
        {
            _unanswered.Add((source, key));
            Tell(source, new DeliveryProtocol.Resend(context.Shard, _session, [key]));
        }
        if (heard.Count > 0 && !Context.Timers.IsActive(AskDue.Instance))
            Context.Timers.StartSingle(AskDue.Instance, AskInterval, AskDue.Instance);
        TellRemovedTo(slot);
        if (_round > 0 && _awaited.Contains(key))
            slot.Actor.Tell(new ShardingProtocol.RecoveryEnded(_round), Self);
    }

    /// <summary>Somebody else's replica held an entry of ours that we had not seen, from an owner before.</summary>
    private void OnForeign(TableEntry entry)
    {
        if (!_entities.TryGetValue(entry.Key, out var slot))
        {
            if (!entry.IsTombstone)
                StartRecovered(entry, entry, isStored: false);
            return;
        }
        if (!slot.IsData && !entry.IsTombstone)
        {
            slot.IsData = true;
            TellAbsence(slot);
        }
        slot.Actor.Tell(new ShardingProtocol.TableHolds(entry), Self);
        TellRemovedTo(slot);
        slot.Actor.Tell(ShardingProtocol.NotStored.Instance, Self);
    }

    /// <summary>What the table holds of these is nothing any more.</summary>
    private void TellRemovedTo(EntitySlot slot)
    {
        if (_settings.Options.Faults.RemovalToldOnce)
            return;
        foreach (var source in _removed)
            slot.Actor.Tell(new DeliveryProtocol.Observed(source, default, 0, null), Self);
    }

    private void StartRecovered(TableEntry entry, TableEntry? held, bool isStored) => TellAbsence(StartEntity(entry.Key, entry, held, isData: true, isStored));

    /// <summary>A source that has told everything has not told of this key; one that has been taken out has nothing.</summary>
    private void TellAbsence(EntitySlot slot)
    {
        foreach (var source in _gate.Sources.Keys.Where(_gate.IsComplete).Concat(_settings.Options.Faults.RemovalToldOnce ? [] : _removed))
            slot.Actor.Tell(new DeliveryProtocol.Observed(source, default, 0, null), Self);
    }
}
