using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Membership;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Admin;

/// <summary>
/// What each proxy has under way to each member: those beside controllers, and those that have a session with one. A proxy has its session
/// with any controller, so all are asked.
/// </summary>
/// <param name="ByMember">And by proxy.</param>
/// <param name="SilentControllers">Those that did not answer: their proxies are not known.</param>
/// <param name="SilentProxies">Those that have not told anything yet.</param>
internal sealed record MemberSessions(
    ImmutableDictionary<MemberName, ImmutableDictionary<string, long>> ByMember, ImmutableArray<string> SilentControllers, ImmutableArray<string> SilentProxies)
{
    /// <summary>A controller that is gone answers nothing: shorter than what others wait for this one.</summary>
    public static readonly TimeSpan NodeDeadline = TimeSpan.FromSeconds(2);

    private static readonly ImmutableDictionary<MemberName, ImmutableDictionary<string, long>> None = ImmutableDictionary<MemberName, ImmutableDictionary<string, long>>.Empty;

    public static async Task<MemberSessions> OfAsync(ControlPlane.Tree tree, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var others = OthersAsync(tree, cancellationToken);
        var here = await HereAsync(tree, deadline, cancellationToken);
        var (silent, elsewhere) = await others;
        // One that goes from one controller to another has a session with both for a while.
        var told = here.Concat(elsewhere).ToList();
        var byMember = told.SelectMany(static load => (load.Members ?? []).Select(member => (load.Proxy, member.Member, member.Sessions)))
            .Aggregate(None, static (all, item) => With(all, item.Member, item.Proxy, item.Sessions));
        var proxies = told.GroupBy(static load => load.Proxy, StringComparer.Ordinal).Where(static loads => loads.All(static load => load.Members is null));
        return new MemberSessions(byMember, silent, [.. proxies.Select(static loads => loads.Key).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Of the proxy beside this node, and of those that have a session with it.</summary>
    public static async Task<EquatableArray<ProxyLoad>> HereAsync(ControlPlane.Tree tree, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var loads = new List<ProxyLoad>();
        if (tree.Ends.TryGetValue(ControllerSystem.LocalProxy, out var proxy))
        {
            var traffic = await proxy.AskAsync<ProxyProtocol.Traffic>(new ProxyProtocol.GetTraffic(), deadline, cancellationToken);
            loads.Add(new ProxyLoad(traffic.Proxy, traffic.Problem is null ? [.. traffic.SessionsByMember.Select(static item => new MemberLoad(new MemberName(item.Key), item.Value))] : null));
        }

        if (tree.Ends.TryGetValue(ControllerSystem.Hub, out var hub))
        {
            var sessions = await hub.AskAsync<SessionProtocol.Sessions>(new SessionProtocol.GetSessions(), deadline, cancellationToken);
            loads.AddRange(sessions.Views.Select(static session => new ProxyLoad(session.Proxy, session.Loads)));
        }

        return [.. loads];
    }

    private static async Task<(ImmutableArray<string> Silent, IReadOnlyList<ProxyLoad> Loads)> OthersAsync(ControlPlane.Tree tree, CancellationToken cancellationToken)
    {
        if (!tree.Ends.TryGetValue(ControllerSystem.Desk, out var desk))
            return ([], []);
        var view = await ClusterQueries.ViewAsync(tree.Core.Node, cancellationToken);
        var others = view.Nodes.Where(node => node.State != NodeState.Down && node.Id.Name != view.Self.Name).Select(static node => node.Id).ToList();
        var answers = await Task.WhenAll(others.Select(node => AskAsync(desk, node, cancellationToken)));
        var silent = others.Zip(answers).Where(static item => item.Second is null).Select(static item => item.First.Name).Order(StringComparer.Ordinal);
        return ([.. silent], [.. answers.OfType<NodeProtocol.ProxyLoads>().SelectMany(static answer => answer.Proxies)]);
    }

    private static async Task<NodeProtocol.ProxyLoads?> AskAsync(IActorRef desk, NodeId node, CancellationToken cancellationToken)
    {
        try
        {
            return await desk.AskAsync<object>(new NodeProtocol.ToNode(node, new NodeProtocol.GetProxyLoads()), NodeDeadline, cancellationToken) as NodeProtocol.ProxyLoads;
        }
        catch (Exception e) when (e is AskTimeoutException or UndeliverableException)
        {
            return null;
        }
    }

    private static ImmutableDictionary<MemberName, ImmutableDictionary<string, long>> With(
        ImmutableDictionary<MemberName, ImmutableDictionary<string, long>> all, MemberName member, string proxy, long sessions)
    {
        var proxies = all.GetValueOrDefault(member) ?? ImmutableDictionary<string, long>.Empty;
        return all.SetItem(member, proxies.SetItem(proxy, Math.Max(sessions, proxies.GetValueOrDefault(proxy))));
    }
}
