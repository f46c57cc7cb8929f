using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Membership;

namespace MultiCluster.Controller.Sessions;

/// <param name="Hub">Of this run of the node and the number of shards; the gate takes the epochs that it has seen.</param>
/// <param name="CutOffAfter">Of no connection with any other node.</param>
public sealed record HubGateSettings(ClusterNode Node, TimeSpan CutOffAfter, Func<NodeId, int, IActorRef, HubSettings> Hub);

/// <summary>
/// In front of the hub, which needs to know how many shards the cluster has: the first node that ever started has said so, and this one
/// knows when it has read the store. Also tells the cluster of epochs that proxies have seen, and the hub when this node is cut off.
/// </summary>
public sealed class HubGate(HubGateSettings settings) : Actor
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly CutOffWatch _cutOff = new(settings.CutOffAfter, LookAgain);
    private IActorRef? _hub;
    private ClusterView? _view;
    private long _began;

    protected override ValueTask PreStartAsync()
    {
        _began = Context.System.TimeProvider.GetTimestamp();
        settings.Node.Daemon.Tell(new ClusterProtocol.Subscribe(), Self);
        Context.Timers.StartPeriodic(LookDue.Instance, LookInterval, LookDue.Instance);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case ClusterView view:
                _view = view;
                if (_hub is null && !view.Shards.IsEmpty)
                    Open(view);
                break;
            case LookDue:
                Look();
                break;
            case SessionProtocol.EpochSeen(var epoch):
                settings.Node.Daemon.Tell(new ClusterProtocol.ObserveEpoch(epoch), Self);
                break;
            case SessionProtocol.HubStarted:
                _cutOff.Forget();
                break;
            case SessionProtocol.GetSessions when _hub is null:
                Context.Reply(new SessionProtocol.Sessions([], Position: 0));
                break;
            default:
                if (_hub is null)
                    Context.Stash();
                else
                    _hub.Tell(message, Sender);
                break;
        }

        return default;
    }

    private void Open(ClusterView view)
    {
        var hub = settings.Hub(view.Self, view.Shards.Length, Self);
        _hub = Context.ActorOf(Props.Create(() => new ProxyHub(hub)).WithMailbox(new MailboxOptions { Capacity = int.MaxValue }), "hub");
        Context.UnstashAll();
    }

    private void Look()
    {
        if (_hub is null || _view is null)
            return;
        if (_cutOff.Observe(_view, settings.Node.Links.Up, Context.System.TimeProvider.GetElapsedTime(_began)) is { } isCutOff)
            _hub.Tell(new SessionProtocol.CutOff(isCutOff), Self);
    }

    private sealed record LookDue
    {
        public static readonly LookDue Instance = new();
    }
}
