using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Controller.Admin;

/// <summary>
/// Asks other nodes for those on this one, and answers theirs. What it can't answer it leaves alone: who asks has set itself a time, and
/// says then which node is silent.
/// </summary>
public sealed class NodeDesk(ClusterNode node) : Actor
{
    /// <summary>Longer than anybody waits for an answer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Dictionary<long, Asked> _asked = [];
    private long _last;

    protected override ValueTask PreStartAsync()
    {
        // Above all that a life before may still be answered.
        _last = Context.System.TimeProvider.GetUtcNow().Ticks;
        node.Links.Route<INodeMessage>(Self);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case NodeProtocol.ToNode(var to, var question) when Sender is { } asker:
                Ask(to, question, asker);
                break;
            case FromPeer(var from, NodeQuestion(var number, NodeProtocol.GetProxyLoads)):
                Answer(from, number);
                break;
            case FromPeer(var from, NodeAnswer(var number, var answer)):
                if (_asked.Remove(number, out var asked) && asked.Node == from)
                    asked.By.Tell(answer, Self);
                break;
            case Found(var to, var number, { } loads):
                node.Links.TrySend(to, new NodeAnswer(number, loads));
                break;
            case Found or FromPeer:
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    private void Ask(NodeId to, object question, IActorRef asker)
    {
        var now = Context.System.TimeProvider.GetTimestamp();
        foreach (var number in _asked.Where(item => Context.System.TimeProvider.GetElapsedTime(item.Value.At, now) >= Longest).Select(static item => item.Key).ToList())
            _asked.Remove(number);
        if (!node.Links.TrySend(to, new NodeQuestion(++_last, question)))
            asker.Tell(new NodeProtocol.NotReached(to), Self);
        else
            _asked.Add(_last, new Asked(to, asker, now));
    }

    private void Answer(NodeId to, long number) => Context.PipeToSelf(
        LoadsAsync(Context.Parent!, Context.Stopping),
        loads => new Found(to, number, loads),
        _ => new Found(to, number, null));

    private static async Task<NodeProtocol.ProxyLoads> LoadsAsync(IActorRef ends, CancellationToken stop)
    {
        var tree = await ends.AskAsync<ControlPlane.Tree>(new ControlPlane.GetTree(), MemberSessions.NodeDeadline, stop);
        return new NodeProtocol.ProxyLoads(await MemberSessions.HereAsync(tree, MemberSessions.NodeDeadline, stop));
    }

    private sealed record Asked(NodeId Node, IActorRef By, long At);

    private sealed record Found(NodeId To, long Number, NodeProtocol.ProxyLoads? Loads);
}
