using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Sharding;

internal sealed partial class Shard
{
    private readonly Dictionary<string, (SourceGeneration Generation, long Number)> _heard = new(StringComparer.Ordinal);
    private readonly List<DeliveryProtocol.EntitySettled> _settled = [];
    private readonly HashSet<string> _awaited = new(StringComparer.Ordinal);
    private RecoveryGate _gate = RecoveryGate.For([]);
    private long _round;
    private bool _open;
    private bool _roundIsDefinitive;
    private bool _isDefinitive;

    private void BeginSources()
    {
        _gate = RecoveryGate.For(_settings.Entities.Sources);
        StartSources();
        Context.Timers.StartSingle(GiveUpSources.Instance, _settings.Options.SourceTimeout, GiveUpSources.Instance);
        AskSources();
        CheckGate();
    }

    private void OnSourcesChanged()
    {
        _gate = _gate.With(_settings.Entities.Sources, wait: !_open);
        StartSources();
        AskSources();
        CheckGate();
    }

    private void StartSources()
    {
        foreach (var source in _settings.Entities.Sources)
        {
            if (ShardHash.ShardOf(source, context.Shards) == context.Shard && !_entities.ContainsKey(source))
                StartEntity(source, null, null, isData: false);
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
        var (generation, number) = _heard.GetValueOrDefault(delivery.Source);
        if (delivery.Generation < generation)
            return;
        if (delivery is not DeliveryProtocol.Numbered numbered || numbered.Session != _session)
        {
            Tell(delivery.Source, new DeliveryProtocol.Opened(context.Shard, _session));
            return;
        }
        if (delivery.Generation > generation)
            number = 0;
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
                _gate = _gate.Unreachable(unreachable.Source);
                CheckGate();
                break;
        }
    }

    private void Take(DeliveryProtocol.Batch batch, DeliveryProtocol.Item item)
    {
        var slot = _entities.GetValueOrDefault(item.Key);
        if (_settings.Options.Faults.AckBeforePublish || (slot is null && item.Payload is null))
            _settled.Add(new DeliveryProtocol.EntitySettled(item.Key, batch.Source, batch.Generation, item.Sequence));
        if (slot is null && item.Payload is null)
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
        foreach (var (key, slot) in _entities)
        {
            if (slot.IsData && !slot.IsStopping && !keys.Contains(key))
                slot.Actor.Tell(new DeliveryProtocol.Observed(source, generation, 0, null), Self);
        }
        _gate = _gate.Complete(source);
        CheckGate();
    }

    private void CheckGate()
    {
        if (!_open && !_gate.IsOpen)
            return;
        if (!_open || (_gate.IsDefinitive && !_isDefinitive && !_roundIsDefinitive))
            BeginRound();
        _open = true;
    }

    /// <summary>Every entity publishes what it has to, and says so; then the table hears that this shard has been heard.</summary>
    private void BeginRound()
    {
        _round++;
        _roundIsDefinitive = _gate.IsDefinitive;
        _awaited.Clear();
        foreach (var (key, slot) in _entities)
        {
            if (!slot.IsData)
                continue;
            _awaited.Add(key);
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
        foreach (var group in _settled.GroupBy(static item => (item.Source, item.Generation)))
        {
            Tell(group.Key.Source, new DeliveryProtocol.Settled(
                context.Shard, _session, group.Key.Generation, [.. group.Select(static item => new DeliveryProtocol.SettledItem(item.Key, item.Sequence))]));
        }
        _settled.Clear();
    }

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

    [LoggerMessage(2304, LogLevel.Information, "Shard {Shard}, epoch {Epoch}: published; heard every source: {Definitive}")]
    private static partial void LogOpened(ILogger logger, int shard, long epoch, bool definitive);
}
