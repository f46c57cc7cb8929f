using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Transport;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Cluster.Membership;

/// <summary>
/// The only one on a node that talks to the lease store. What it is told goes into <see cref="ClusterCore"/>, what that decides goes to the
/// store, to the region and to peers.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStopAsync.")]
internal sealed partial class ClusterDaemon(DaemonSettings settings) : Actor
{
    private readonly ClusterCore _core = new(settings.Options, settings.NewIncarnation);
    private readonly HashSet<IActorRef> _subscribers = [];
    private readonly DownRequests _downs = new();
    private IActorRef? _region;
    private IActorRef? _leaver;
    private TimeSpan _leaveSince;
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
                _downs.Add(node, Sender);
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
}
