using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Admin;

/// <summary>What each proxy has under way to each member: the one beside this node, and those that have a session with it.</summary>
internal static class MemberSessions
{
    private static readonly ImmutableDictionary<MemberName, ImmutableDictionary<string, long>> None = ImmutableDictionary<MemberName, ImmutableDictionary<string, long>>.Empty;

    public static async Task<ImmutableDictionary<MemberName, ImmutableDictionary<string, long>>> OfAsync(
        ControlPlane.Tree tree, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var found = None;
        if (tree.Ends.TryGetValue(ControllerSystem.LocalProxy, out var proxy))
        {
            var traffic = await proxy.AskAsync<ProxyProtocol.Traffic>(new ProxyProtocol.GetTraffic(), deadline, cancellationToken);
            found = traffic.SessionsByMember.Aggregate(found, (all, item) => With(all, new MemberName(item.Key), traffic.Proxy, item.Value));
        }

        if (!tree.Ends.TryGetValue(ControllerSystem.Hub, out var hub))
            return found;
        var sessions = await hub.AskAsync<SessionProtocol.Sessions>(new SessionProtocol.GetSessions(), deadline, cancellationToken);
        foreach (var session in sessions.Views)
            found = session.Loads.Aggregate(found, (all, load) => With(all, load.Member, session.Proxy, load.Sessions));
        return found;
    }

    private static ImmutableDictionary<MemberName, ImmutableDictionary<string, long>> With(
        ImmutableDictionary<MemberName, ImmutableDictionary<string, long>> all, MemberName member, string proxy, long sessions) =>
        all.SetItem(member, (all.GetValueOrDefault(member) ?? ImmutableDictionary<string, long>.Empty).SetItem(proxy, sessions));
}
