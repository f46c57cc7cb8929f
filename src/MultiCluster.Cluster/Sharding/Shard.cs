using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Sharding;

/// <summary>
/// Runs the entities of one shard under one epoch: reads what journal, table and peers know, starts from the newest of it, hears every
/// source, and only then lets entities publish. What comes before that is read waits.
/// </summary>
internal sealed partial class Shard(ShardContext context) : Actor
{
    /// <summary>How often sources that have said nothing are asked again, and a journal that failed is read again.</summary>
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);

    private readonly RegionSettings _settings = context.Settings;
    private readonly SortedDictionary<string, EntitySlot> _entities = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, string> _keys = [];
    private ShardSession _session;
    private Phase _phase;
    private ImmutableArray<TableEntry>? _bucket;
    private ImmutableArray<TableEntry>? _journal;
    private TimeSpan _began;
    private bool _journalGivenUp;
    private bool _bucketWasOpen;

    private enum Phase
    {
        Waiting,
        Reading,
        Running,
        Stopping,
    }

    private bool MayPublish => _open || _settings.Options.Faults is { PublishBeforeComplete: true } or { TakeoverFromJournalOnly: true };

    protected override ValueTask PreStartAsync()
    {
        _session = new ShardSession(context.Epoch, _settings.NextStart());
        return default;
    }

    /// <summary>A shard that failed starts over; nobody else would tell it to.</summary>
    protected override async ValueTask PostRestartAsync(Exception cause)
    {
        await PreStartAsync();
        Self.Tell(ShardingProtocol.BeginRecovery.Instance);
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case ShardingProtocol.BeginRecovery when _phase == Phase.Waiting:
                BeginRecovery();
                break;
            case TableProtocol.BucketContents contents:
                _bucket = contents.Entries;
                _bucketWasOpen = contents.IsOpen;
                OnRead();
                break;
            case JournalRead read:
                OnJournal(read);
                break;
            case JournalDue:
                ReadJournal();
                break;
            case ShardingProtocol.StopInOrder:
                StopInOrder();
                break;
            case Terminated terminated:
                OnTerminated(terminated.Actor, terminated.Cause);
                break;
            case Flushed:
                Context.Stop(Self);
                break;
            case ShardingProtocol.GetShard:
                Context.Reply(new ShardingProtocol.ShardStatus(context.Shard, context.Epoch, _open, [.. _entities.Keys], [.. _gate.Waiting]));
                break;
            case ShardingProtocol.BeginRecovery or ShardingProtocol.SourcesChanged when _phase != Phase.Running:
                break;
            default:
                OnWork(message);
                break;
        }
        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        SendSettled();
        return default;
    }

    private void OnWork(object message)
    {
        if (_phase == Phase.Running)
            Work(message);
        else if (_phase == Phase.Stopping)
            SendBack(message);
        else if (message is not TableProtocol.Foreign(var entry))
            Context.Stash();
        else if (_bucket is { } bucket) // read, while the journal is not
            _bucket = [.. bucket.Where(known => known.Key != entry.Key), entry];
    }

    private void Work(object message)
    {
        switch (message)
        {
            case ShardingProtocol.Deliver deliver:
                Deliver(deliver, Sender);
                break;
            case DeliveryProtocol.FromSource delivery:
                OnDelivery(delivery);
                break;
            case DeliveryProtocol.EntitySettled settled:
                _settled.Add(settled);
                break;
            case ShardingProtocol.RoundSettled(var key, var round):
                OnRoundSettled(key, round);
                break;
            case ShardingProtocol.Passivate(var key):
                Passivate(key);
                break;
            case ShardingProtocol.Stay(var key):
                Stay(key);
                break;
            case ShardingProtocol.Restarted(var key):
                OnRestarted(key);
                break;
            case TableProtocol.Foreign(var entry):
                OnForeign(entry);
                break;
            case AskDue:
                AskSources();
                break;
            case GiveUpSources:
                OnGiveUpSources();
                break;
            case ShardingProtocol.SourcesChanged:
                OnSourcesChanged();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void BeginRecovery()
    {
        _phase = Phase.Reading;
        _began = _settings.Elapsed();
        _settings.Table.Tell(new TableProtocol.RecoverBucket(context.Shard, context.Epoch), Self);
        ReadJournal();
    }

    private void ReadJournal()
    {
        var expiry = new CancellationTokenSource(_settings.Options.JournalTimeout, Context.System.TimeProvider);
        Context.PipeToSelf(LoadAsync(expiry), static entries => new JournalRead(entries), static _ => new JournalRead(null));
    }

    private async Task<ImmutableArray<TableEntry>> LoadAsync(CancellationTokenSource expiry)
    {
        using (expiry)
            return await _settings.Journal.LoadAsync(context.Shard, context.Epoch, expiry.Token);
    }

    private void OnJournal(JournalRead read)
    {
        if (_phase == Phase.Stopping)
            return;
        if (read.Entries is not { } entries)
        {
            // A table that some owner has completed knows at least as much.
            if (!_journalGivenUp && (_bucketWasOpen || _settings.Elapsed() - _began >= _settings.Options.JournalTimeout))
            {
                _journalGivenUp = true;
                LogNoJournal(_settings.Logger, context.Shard, context.Epoch);
                OnRead();
            }
            Context.Timers.StartSingle(JournalDue.Instance, AskInterval, JournalDue.Instance);
            return;
        }
        var late = _phase == Phase.Running;
        _journal = entries;
        if (late)
            _settings.Table.Tell(new TableProtocol.RecoverBucket(context.Shard, context.Epoch), Self);
        OnRead();
    }

    private void OnRead()
    {
        if (_bucket is not { } bucket || (_journal is null && !_journalGivenUp) || _phase is Phase.Waiting or Phase.Stopping)
            return;
        var first = _phase == Phase.Reading;
        _phase = Phase.Running;
        ReportHigherEpochs(bucket, _journal ?? []);
        var recovered = Recovery.Newest(_settings.Options.Faults.TakeoverFromJournalOnly ? [] : bucket, _settings.Journal.IsKept ? _journal : null);
        foreach (var start in recovered)
        {
            if (!_entities.TryGetValue(start.Entry.Key, out var running))
                StartRecovered(start.Entry, start.Held, start.IsStored);
            else if (!start.IsStored && start.Entry.Version.Epoch < context.Epoch)
                running.Actor.Tell(ShardingProtocol.NotStored.Instance, Self);
        }
        _bucket = null;
        if (!first)
        {
            // A journal that came late.
            if (_open)
                BeginRound();
            return;
        }
        context.Region.Tell(new ShardingProtocol.RecoveryRead(context.Shard, context.Epoch), Self);
        LogRecovered(_settings.Logger, context.Shard, context.Epoch, _entities.Count);
        BeginSources();
        Context.UnstashAll();
    }

    /// <summary>A store that was restored may have given us an epoch under which nobody would listen.</summary>
    private void ReportHigherEpochs(ImmutableArray<TableEntry> bucket, ImmutableArray<TableEntry> journal)
    {
        var highest = 0L;
        foreach (var entry in bucket.Concat(journal))
            highest = Math.Max(highest, entry.Version.Epoch);
        if (highest > context.Epoch && !_settings.Options.Faults.EpochFromStoreOnly)
            _settings.Daemon.Tell(new ClusterProtocol.EpochSeen(context.Shard, highest));
    }

    private void StopInOrder()
    {
        if (_phase == Phase.Stopping)
            return;
        _phase = Phase.Stopping;
        Context.UnstashAll();
        foreach (var slot in _entities.Values)
        {
            foreach (var (held, sender) in slot.TakeHeld())
                SendBack(held, sender);
            slot.Actor.Tell(PoisonPill.Instance, Self);
        }
        FlushIfStopped();
    }

    private void FlushIfStopped()
    {
        if (_entities.Count > 0)
            return;
        var expiry = new CancellationTokenSource(_settings.Options.StopTimeout, Context.System.TimeProvider);
        Context.PipeToSelf(FlushAsync(expiry), static () => new Flushed(), static _ => new Flushed());
    }

    private async Task FlushAsync(CancellationTokenSource expiry)
    {
        using (expiry)
            await _settings.Journal.FlushAsync(context.Shard, context.Epoch, expiry.Token);
    }

    /// <summary>The region holds it for the next owner. What sources told this one they will tell the next, and by then it may be old.</summary>
    private void SendBack(object message)
    {
        if (message is ShardingProtocol.Deliver deliver)
            SendBack(deliver, Sender);
    }

    private void SendBack(ShardingProtocol.Deliver deliver, IActorRef? sender)
    {
        if (deliver.Message is DeliveryProtocol.Observed)
            return;
        context.Region.Tell(
            deliver.Starts ? new ShardingProtocol.ToEntity(deliver.Key, deliver.Message) : new ShardingProtocol.ToRunning(deliver.Key, deliver.Message), sender);
    }

    private sealed record JournalRead(ImmutableArray<TableEntry>? Entries);

    private sealed record Flushed;

    private sealed record JournalDue
    {
        public static readonly JournalDue Instance = new();
    }

    [LoggerMessage(2301, LogLevel.Debug, "Shard {Shard}, epoch {Epoch}: {Entities} entities recovered, sources are being heard")]
    private static partial void LogRecovered(ILogger logger, int shard, long epoch, int entities);

    [LoggerMessage(2302, LogLevel.Warning, "Shard {Shard}, epoch {Epoch}: its journal can't be read; going on with the table alone")]
    private static partial void LogNoJournal(ILogger logger, int shard, long epoch);
}
