using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Membership;

namespace MultiCluster.Controller.Sessions;

/// <param name="Hub">Of this run of the node and the number of shards; the gate takes the epochs that it has seen.</param>
public sealed record HubGateSettings(ClusterNode Node, Func<NodeId, int, IActorRef, HubSettings> Hub);

/// <summary>
/// In front of the hub, which needs to know how many shards the cluster has: the first node that ever started has said so, and this one
/// knows when it has read the store. Also tells the cluster of epochs that proxies have seen.
/// </summary>
public sealed class HubGate(HubGateSettings settings) : Actor
{
    private IActorRef? _hub;

    protected override ValueTask PreStartAsync()
    {
        settings.Node.Daemon.Tell(new ClusterProtocol.Subscribe(), Self);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case ClusterView view:
                if (_hub is null && !view.Shards.IsEmpty)
                    Open(view);
                break;
            case SessionProtocol.EpochSeen(var epoch):
                settings.Node.Daemon.Tell(new ClusterProtocol.ObserveEpoch(epoch), Self);
                break;
            case SessionProtocol.GetSessions when _hub is null:
                Context.Reply(new SessionProtocol.Sessions([]));
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
}
