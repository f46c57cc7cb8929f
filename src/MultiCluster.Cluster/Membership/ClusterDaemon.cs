using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Transport;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Cluster.Membership;

/// <summary>
/// The only one on a node that talks to the lease store. Reads and writes go one at a time; one that is not answered in time is
/// abandoned, its outcome unknown until the next read.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStopAsync.")]
internal sealed partial class ClusterDaemon(DaemonSettings settings) : Actor
{
    /// <summary>At most so often does news from peers make us read.</summary>
    private static readonly TimeSpan ReadSpacing = TimeSpan.FromMilliseconds(20);

    private readonly ClusterCore _core = new(settings.Options, settings.NewIncarnation);
    private readonly HashSet<IActorRef> _subscribers = [];
    private readonly Queue<(string Node, IActorRef? Sender)> _downs = [];
    private readonly List<(string Key, IActorRef Sender)> _declaring = [];
    private IActorRef? _region;
    private IActorRef? _leaver;
    private CancellationTokenSource? _operation;
    private ClusterView? _view;
    private TimeSpan _lastRead = TimeSpan.MinValue;
    private TimeSpan _leaveSince;
    private long _number;
    private bool _again;
    private bool _wasValid;
    private bool _leaving;

    private TimeSpan Now => settings.Elapsed();

    protected override ValueTask PreStartAsync()
    {
        settings.Links.Route<IClusterMessage>(Self);
        Context.Timers.StartPeriodic(Tick.Instance, settings.Options.PollInterval, Tick.Instance);
        Read();
        return default;
    }

    protected override ValueTask PostStopAsync()
    {
        settings.Gate.Close();
        _operation?.Dispose();
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case Tick:
                CheckLease();
                Read();
                break;
            case ReadDue or FromPeer(_, StoreChanged) or ClusterProtocol.Refresh:
                Read();
                break;
            case ReadDone done when done.Number == _number:
                OnRead(done);
                break;
            case WriteDone done when done.Number == _number:
                OnWritten(done);
                break;
            case OperationFailed failed when failed.Number == _number:
                OnFailed(failed.Reason);
                break;
            case ReadDone or WriteDone or OperationFailed:
                break;
            case ClusterProtocol.ShardStopped(var shard, var epoch):
                // Before the release is sent: the next owner may know of it sooner than we do.
                settings.Gate.Disown(shard, epoch);
                _core.Stopped(shard, epoch, Now);
                Read();
                break;
            case ClusterProtocol.EpochSeen(var shard, var epoch):
                _core.ObserveShardEpoch(shard, epoch);
                Read();
                break;
            case FromPeer(_, EpochObserved(var shard, var epoch)):
                _core.ObserveShardEpoch(shard, epoch);
                Read();
                break;
            case ClusterProtocol.Holding(var any):
                _core.Holding(any);
                if (_leaving)
                    Read();
                break;
            case ClusterProtocol.ReplicaReady:
                _core.ReplicaReady();
                Read();
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
            case ClusterProtocol.GetView:
                Context.Reply(_core.View);
                break;
            case ClusterProtocol.Subscribe:
                _subscribers.Add(Sender!);
                Sender!.Tell(_core.View, Self);
                break;
            case ClusterProtocol.AttachRegion:
                AttachRegion(Sender!);
                break;
            case ClusterProtocol.ObserveEpoch(var epoch):
                _core.ObserveEpoch(epoch);
                break;
            case ClusterProtocol.Leave:
                _leaver = Sender;
                Leave();
                break;
            case ClusterProtocol.Down(var node):
                _downs.Enqueue((node, Sender));
                Read();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A region that starts, or starts again, hears what is to run on this node.</summary>
    private void AttachRegion(IActorRef region)
    {
        _region = region;
        region.Tell(_core.View, Self);
        foreach (var (shard, epoch) in _core.Owned)
            region.Tell(new ClusterEffect.Start(shard, epoch), Self);
    }

    private void Leave()
    {
        if (_core.HasLeft)
        {
            End();
            return;
        }
        if (!_leaving)
            _leaveSince = Now;
        _leaving = true;
        _core.Leave(Now);
        LogLeaving(settings.Logger, _core.Self.Name);
        Read();
    }

    private void Read()
    {
        if (_core.HasLeft)
            return;
        if (_operation is not null)
        {
            _again = true;
            return;
        }
        if (_lastRead != TimeSpan.MinValue && Now - _lastRead < ReadSpacing)
        {
            if (!Context.Timers.IsActive(ReadDue.Instance))
                Context.Timers.StartSingle(ReadDue.Instance, ReadSpacing, ReadDue.Instance);
            return;
        }
        _again = false;
        var started = _lastRead = Now;
        var number = Begin();
        Context.PipeToSelf(
            ReadAllAsync(_operation!.Token),
            records => new ReadDone(number, records, started),
            failure => new OperationFailed(number, failure.Message));
    }

    private void Write(IReadOnlyList<PlannedWrite> writes)
    {
        var sent = Now;
        var number = Begin();
        Context.PipeToSelf(
            WriteAllAsync(writes, _operation!.Token),
            results => new WriteDone(number, writes, results, sent),
            failure => new OperationFailed(number, failure.Message));
    }

    private long Begin()
    {
        var number = ++_number;
        _operation = new CancellationTokenSource();
        Context.Timers.StartSingle(OperationDue.Instance, settings.Options.StoreTimeout, new OperationFailed(number, "no answer in time"));
        return number;
    }

    /// <summary>A store that throws before it returns a task fails the operation, not the daemon.</summary>
    private async Task<ImmutableArray<LeaseRecord>> ReadAllAsync(CancellationToken cancellation) => await settings.Leases.ReadAllAsync(cancellation);

    private async Task<ImmutableArray<LeaseWriteResult>> WriteAllAsync(IReadOnlyList<PlannedWrite> writes, CancellationToken cancellation) =>
        await settings.Leases.WriteAsync([.. writes.Select(static write => write.Write)], cancellation);

    private void End(CancellationTokenSource? operation)
    {
        Context.Timers.Cancel(OperationDue.Instance);
        operation?.Dispose();
        _operation = null;
    }

    private void OnRead(ReadDone done)
    {
        End(_operation);
        var writes = _core.OnRead(done.Records, done.Started, Now, Context.System.TimeProvider.GetUtcNow()).ToList();
        while (_downs.TryDequeue(out var down))
            PlanDown(writes, down.Node, down.Sender);
        Act();
        if (writes.Count > 0)
            Write(writes);
        else
            Finish();
    }

    private void PlanDown(List<PlannedWrite> writes, string node, IActorRef? sender)
    {
        if (_core.Down(node, Context.System.TimeProvider.GetUtcNow()) is not { } write)
        {
            sender?.Tell(new ClusterProtocol.DownResult($"no live node '{node}' is known; see 'cluster show'"), Self);
            return;
        }
        LogDown(settings.Logger, node);
        writes.RemoveAll(other => other.Write.Key == write.Write.Key);
        writes.Add(write);
        if (sender is not null)
            _declaring.Add((write.Write.Key, sender));
    }

    /// <param name="results">Null: the store did not answer.</param>
    private void AnswerDowns(IReadOnlyList<PlannedWrite> writes, ImmutableArray<LeaseWriteResult>? results)
    {
        foreach (var (key, sender) in _declaring)
        {
            var index = Enumerable.Range(0, writes.Count).FirstOrDefault(i => writes[i].Write.Key == key, -1);
            var error = results is null || index < 0 ? "the lease store did not answer, so it may or may not have happened; see 'cluster show'"
                : results.Value[index] is LeaseWriteResult.Written ? null
                : "its record changed at that moment; try again";
            sender.Tell(new ClusterProtocol.DownResult(error), Self);
        }
        _declaring.Clear();
    }

    private void OnWritten(WriteDone done)
    {
        End(_operation);
        AnswerDowns(done.Writes, done.Results);
        var next = _core.OnWritten(done.Writes, done.Results, done.Sent, Now);
        Act();
        if (next.Count > 0)
            Write(next);
        else
            Finish();
    }

    private void OnFailed(string reason)
    {
        _operation?.Cancel();
        End(_operation);
        _number++;
        AnswerDowns([], null);
        _core.OnUnknown(Now);
        LogStoreFailed(settings.Logger, reason);
        Act();
        if (_leaving && Now - _leaveSince >= settings.Options.LeaveTimeout)
            End();
    }

    private void Finish()
    {
        CheckLease();
        if (_again || _core.ReadAgain)
            Read();
        if (_leaving && !_core.HasLeft && Now - _leaveSince >= settings.Options.LeaveTimeout * 2)
            End();
    }

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
        if (_wasValid && !valid)
            LogLeaseLost(settings.Logger, _core.Self);
        else if (!_wasValid && valid)
            LogLeaseHeld(settings.Logger, _core.Self);
        _wasValid = valid;
    }

    private void End()
    {
        settings.Gate.Close();
        _leaver?.Tell(new ClusterProtocol.Left(), Self);
        _leaver = null;
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record ReadDue
    {
        public static readonly ReadDue Instance = new();
    }

    private sealed record OperationDue
    {
        public static readonly OperationDue Instance = new();
    }

    private sealed record ReadDone(long Number, ImmutableArray<LeaseRecord> Records, TimeSpan Started);

    private sealed record WriteDone(long Number, IReadOnlyList<PlannedWrite> Writes, ImmutableArray<LeaseWriteResult> Results, TimeSpan Sent);

    private sealed record OperationFailed(long Number, string Reason);
}
