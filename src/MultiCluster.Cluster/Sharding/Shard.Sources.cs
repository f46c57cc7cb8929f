using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Sharding;

internal sealed partial class Shard
{
    private readonly Dictionary<string, (SourceGeneration Generation, long Number)> _heard = new(StringComparer.Ordinal);
    private readonly List<DeliveryProtocol.EntitySettled> _settled = [];
    private readonly HashSet<string> _awaited = new(StringComparer.Ordinal);

    /// <summary>Sources that say so of themselves, whatever they told before in this session.</summary>
    private readonly HashSet<string> _unreachable = new(StringComparer.Ordinal);

    /// <summary>What sources were asked to tell again, and have not yet: the question may be lost with a connection.</summary>
    private readonly SortedSet<(string Source, string Key)> _unanswered = [];

    /// <summary>Those whose absence has been told to all entities.</summary>
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);

    private RecoveryGate _gate = RecoveryGate.For([]);
    private long _round;
    private bool _open;
    private bool _roundIsDefinitive;
    private bool _isDefinitive;

    private void BeginSources()
    {
        _gate = RecoveryGate.For(_settings.Entities.Sources);
        TellRemoved();
        StartSources();
        Context.Timers.StartSingle(GiveUpSources.Instance, _settings.Options.SourceTimeout, GiveUpSources.Instance);
        AskSources();
        CheckGate();
    }

    private void OnSourcesChanged()
    {
        foreach (var gone in _gate.Sources.Keys.Except(_settings.Entities.Sources, StringComparer.Ordinal))
            StopWaitingFor(gone);
        _gate = _gate.With(_settings.Entities.Sources, wait: !_open);
        TellRemoved();
        StopFormerSources();
        StartSources();
        AskSources();
        CheckGate();
    }

    private void StartSources()
    {
        foreach (var source in _settings.Entities.Sources)
        {
            if (ShardHash.ShardOf(source, context.Shards) != context.Shard)
                continue;
            if (!_entities.TryGetValue(source, out var running))
                StartEntity(source, null, null, isData: false);
            else if (!_sources.Contains(source))
                // A message for it has started an entity before it was a source; its end starts the source.
                Context.Stop(running.Actor);
        }
    }

    private void StopFormerSources()
    {
        foreach (var source in _sources.Except(_settings.Entities.Sources, StringComparer.Ordinal).Union(_removed, StringComparer.Ordinal).ToList())
        {
            if (_entities.TryGetValue(source, out var running))
                Context.Stop(running.Actor);
        }
    }

    /// <summary>To those that are recovered later, <see cref="TellAbsence"/> says it.</summary>
    private void TellRemoved()
    {
        var removed = _settings.Entities.RemovedSources;
        _removed.IntersectWith(removed);
        foreach (var source in removed)
        {
            if (!_removed.Add(source))
                continue;
            LogRemoved(_settings.Logger, context.Shard, context.Epoch, source);
            TellAbsent(source, default, []);
        }
    }

    private void TellAbsent(string source, SourceGeneration generation, HashSet<string> named)
    {
        foreach (var (key, slot) in _entities)
        {
            if (!slot.IsData || named.Contains(key))
                continue;
            var absent = new DeliveryProtocol.Observed(source, generation, 0, null);
            // One that stops has nothing to lose; but it may stay.
            if (slot.IsStopping)
                slot.Add(new ShardingProtocol.Deliver(key, absent, Starts: false), null);
            else
                slot.Actor.Tell(absent, Self);
        }
    }

    private void AskSources()
    {
        var asked = false;
        foreach (var (source, standing) in _gate.Sources)
        {
            if (standing == SourceStanding.Complete)
                continue;
            asked = true;
            Tell(source, new DeliveryProtocol.Opened(context.Shard, _session));
        }
        foreach (var group in _unanswered.GroupBy(static ask => ask.Source, static ask => ask.Key, StringComparer.Ordinal))
        {
            asked = true;
            Tell(group.Key, new DeliveryProtocol.Resend(context.Shard, _session, [.. group]));
        }
        if (asked)
            Context.Timers.StartSingle(AskDue.Instance, AskInterval, AskDue.Instance);
    }

    private void OnGiveUpSources()
    {
        if (_open)
            return;
        LogGaveUp(_settings.Logger, context.Shard, context.Epoch, string.Join(", ", _gate.Waiting), _settings.Options.SourceTimeout.TotalSeconds);
        _gate = _gate.GiveUpWaiting();
        CheckGate();
    }

    private void OnDelivery(DeliveryProtocol.FromSource delivery)
    {
        // Its watcher runs where nobody has heard yet that it has been taken out.
        if (_removed.Contains(delivery.Source))
            return;
        var (generation, number) = _heard.GetValueOrDefault(delivery.Source);
        if (delivery.Generation < generation)
            return;
        // From its first word on: what a life of the source before says may be newer than what this one has on its way, and would be taken back.
        if (delivery.Generation > generation)
        {
            number = 0;
            _heard[delivery.Source] = (delivery.Generation, number);
        }
        if (delivery is not DeliveryProtocol.Numbered numbered || numbered.Session != _session)
        {
            Tell(delivery.Source, new DeliveryProtocol.Opened(context.Shard, _session));
            return;
        }
        if (numbered.Number > number)
        {
            _heard[delivery.Source] = (delivery.Generation, numbered.Number);
            Take(numbered);
        }
        Tell(delivery.Source, new DeliveryProtocol.Taken(context.Shard, _session, delivery.Generation, numbered.Number));
    }

    private void Take(DeliveryProtocol.Numbered delivery)
    {
        switch (delivery)
        {
            case DeliveryProtocol.Batch batch:
                foreach (var item in batch.Items)
                    Take(batch, item);
                if (_settings.Options.Faults.AbsenceIsDeletion && !_gate.IsComplete(batch.Source))
                    OnComplete(batch.Source, batch.Generation, [.. batch.Items.Select(static item => item.Key)]);
                break;
            case DeliveryProtocol.Complete complete:
                OnComplete(complete.Source, complete.Generation, [.. complete.Keys]);
                break;
            case DeliveryProtocol.Unreachable unreachable:
                OnUnreachable(unreachable.Source);
                break;
        }
    }

    private void Take(DeliveryProtocol.Batch batch, DeliveryProtocol.Item item)
    {
        _unanswered.Remove((batch.Source, item.Key));
        var slot = _entities.GetValueOrDefault(item.Key);
        var isNothing = slot is null && item.Payload is null && !_failed.Contains(item.Key);
        if (isNothing || _settings.Options.Faults.AckBeforePublish)
            _settled.Add(new DeliveryProtocol.EntitySettled(item.Key, batch.Source, batch.Generation, item.Sequence));
        if (isNothing)
            return;
        slot ??= StartEntity(item.Key, null, null, isData: true);
        slot.IsData = true;
        var observed = new DeliveryProtocol.Observed(batch.Source, batch.Generation, item.Sequence, item.Payload);
        if (slot.IsStopping)
            slot.Add(new ShardingProtocol.Deliver(item.Key, observed, Starts: true), null);
        else
            slot.Actor.Tell(observed, Self);
    }

    /// <summary>Now, and only now, a key that the source did not name has no object there.</summary>
    private void OnComplete(string source, SourceGeneration generation, HashSet<string> keys)
    {
        TellAbsent(source, generation, keys);
        _unreachable.Remove(source);
        // What it named may have been told to the incarnation before.
        _unanswered.RemoveWhere(ask => ask.Source == source && !keys.Contains(ask.Key));
        _gate = _gate.Complete(source);
        // What these published is still there, and may have to go.
        foreach (var failed in _failed.Where(key => !keys.Contains(key)).ToList())
            StartEntity(failed, null, null, isData: true);
        CheckGate();
    }

    private void OnUnreachable(string source)
    {
        _unreachable.Add(source);
        StopWaitingFor(source);
        _gate = _gate.Unreachable(source);
        CheckGate();
    }

    private void StopWaitingFor(string source)
    {
        foreach (var ask in _unanswered.Where(ask => ask.Source == source).ToList())
        {
            _unanswered.Remove(ask);
            if (_entities.TryGetValue(ask.Key, out var slot))
                slot.Actor.Tell(new ShardingProtocol.SourceUnreachable(source), Self);
        }
    }

    private void CheckGate()
    {
        if (!_open && !_gate.IsOpen)
            return;
        if (!_open || (_gate.IsDefinitive && !_isDefinitive && !_roundIsDefinitive))
            BeginRound();
        _open = true;
    }

    /// <summary>
    /// Every entity publishes what it has to, and says so; then the table hears that this shard has been heard. One that only a message has
    /// started is told, too, or it would never publish what it comes to own; but nothing waits for it.
    /// </summary>
    private void BeginRound()
    {
        _round++;
        _roundIsDefinitive = _gate.IsDefinitive;
        _awaited.Clear();
        foreach (var (key, slot) in _entities)
        {
            if (slot.IsData)
                _awaited.Add(key);
            else if (_settings.Entities.Sources.Contains(key))
                continue;
            slot.Actor.Tell(new ShardingProtocol.RecoveryEnded(_round), Self);
        }
        EndRoundIfSettled();
    }

    private void OnRoundSettled(string key, long round)
    {
        if (round == _round && _awaited.Remove(key))
            EndRoundIfSettled();
    }

    private void RoundGoesOnWithout(string key)
    {
        if (_awaited.Remove(key))
            EndRoundIfSettled();
    }

    private void EndRoundIfSettled()
    {
        if (_awaited.Count > 0)
            return;
        _isDefinitive = _isDefinitive || _roundIsDefinitive;
        // Neither told by every source nor by the journal: what is here may be next to nothing.
        if (!_roundIsDefinitive && _journal is null && !_bucketWasOpen)
            return;
        _settings.Table.Tell(new TableProtocol.Opened(context.Shard, context.Epoch, _roundIsDefinitive), Self);
        LogOpened(_settings.Logger, context.Shard, context.Epoch, _roundIsDefinitive);
    }

    private void SendSettled()
    {
        if (_settled.Count == 0)
            return;
        if (_settled is [var only])
        {
            TellSettled(only.Source, only.Generation, [new DeliveryProtocol.SettledItem(only.Key, only.Sequence)]);
        }
        else
        {
            foreach (var group in _settled.GroupBy(static item => (item.Source, item.Generation)))
                TellSettled(group.Key.Source, group.Key.Generation, [.. group.Select(static item => new DeliveryProtocol.SettledItem(item.Key, item.Sequence))]);
        }
        _settled.Clear();
    }

    private void TellSettled(string source, SourceGeneration generation, ImmutableArray<DeliveryProtocol.SettledItem> items) =>
        Tell(source, new DeliveryProtocol.Settled(context.Shard, _session, generation, items));

    private void Tell(string source, DeliveryProtocol.FromShard message) => context.Region.Tell(new ShardingProtocol.ToEntity(source, message));

    private sealed record AskDue
    {
        public static readonly AskDue Instance = new();
    }

    private sealed record GiveUpSources
    {
        public static readonly GiveUpSources Instance = new();
    }

    [LoggerMessage(2303, LogLevel.Warning, "Shard {Shard}, epoch {Epoch}: sources {Sources} said nothing in {Seconds} s; going on with what is known of them")]
    private static partial void LogGaveUp(ILogger logger, int shard, long epoch, string sources, double seconds);

    [LoggerMessage(2305, LogLevel.Information, "Shard {Shard}, epoch {Epoch}: {Source} has been taken out, what it had goes")]
    private static partial void LogRemoved(ILogger logger, int shard, long epoch, string source);

    [LoggerMessage(2304, LogLevel.Debug, "Shard {Shard}, epoch {Epoch}: published; heard every source: {Definitive}")]
    private static partial void LogOpened(ILogger logger, int shard, long epoch, bool definitive);
}
