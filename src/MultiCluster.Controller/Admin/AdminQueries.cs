using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Federation.Routing;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Admin;

/// <summary>Answers of the admin API, asked of the actors.</summary>
public sealed class AdminQueries(ControllerSystem controller) : IProxyQueries
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<RouteView>> RoutesAsync(CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        return [.. table.Routes.Select(route => AdminViews.Of(route, table))];
    }

    public async Task<IReadOnlyList<IngressView>> IngressesAsync(CancellationToken cancellationToken)
    {
        var tree = await TreeAsync(cancellationToken);
        var names = await tree.Core.Table.AskAsync<RouteTableProtocol.IngressNames>(new RouteTableProtocol.GetIngressNames(), Deadline, cancellationToken);
        var table = await TableAsync(cancellationToken);
        var views = new List<IngressView>(names.Keys.Length);
        foreach (var key in names.Keys)
        {
            if (await StateAsync(tree, key, cancellationToken) is { } state)
                views.Add(AdminViews.Of(state, table));
        }

        return views;
    }

    /// <summary>Null when no member has it.</summary>
    public async Task<IngressView?> IngressAsync(ObjectKey key, CancellationToken cancellationToken) =>
        await StateAsync(await TreeAsync(cancellationToken), key, cancellationToken) is { } state
            ? AdminViews.Of(state, await TableAsync(cancellationToken))
            : null;

    /// <summary>The one beside this node, and those that have a session with it.</summary>
    public async Task<IReadOnlyList<ProxyView>> ProxiesAsync(CancellationToken cancellationToken)
    {
        var tree = await TreeAsync(cancellationToken);
        var views = new List<ProxyView>();
        if (tree.Ends.TryGetValue(ControllerSystem.LocalProxy, out var proxy))
            views.Add((await proxy.AskAsync<ProxyProtocol.Summary>(new ProxyProtocol.GetSummary(), Deadline, cancellationToken)).View);
        views.AddRange((await SessionsAsync(tree, cancellationToken)).Select(AdminViews.Of));
        return views;
    }

    public async Task<ReadyState> ReadyAsync(CancellationToken cancellationToken)
    {
        // In this order: what the table has told the proxy by now is in what it answers.
        var tree = await TreeAsync(cancellationToken);
        var readiness = await tree.Core.Table.AskAsync<Readiness>(new RouteTableProtocol.GetReadiness(), Deadline, cancellationToken);
        var local = (await ProxiesAsync(cancellationToken)).Where(static proxy => proxy.Remote is null).ToList();
        return ReadyState.Of(local, readiness);
    }

    /// <summary>Null when there is none of that name.</summary>
    public async Task<ProxyDetailView?> ProxyAsync(string name, CancellationToken cancellationToken)
    {
        var tree = await TreeAsync(cancellationToken);
        if (tree.Ends.TryGetValue(ControllerSystem.LocalProxy, out var proxy))
        {
            var detail = await proxy.AskAsync<ProxyProtocol.Detail>(new ProxyProtocol.GetDetail(), Deadline, cancellationToken);
            if (string.Equals(detail.View.Proxy.Name, name, StringComparison.Ordinal))
                return detail.View;
        }

        var session = (await SessionsAsync(tree, cancellationToken)).FirstOrDefault(session => string.Equals(session.Proxy, name, StringComparison.Ordinal));
        return session is null ? null : AdminViews.DetailOf(session);
    }

    public async Task<ExplainView> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken)
    {
        var explained = await AskAsync<RouteTableProtocol.Explained>(
            static tree => tree.Core.Table, new RouteTableProtocol.Explain(question.Host, question.Path), cancellationToken);
        var view = ExplainViews.Of(question, explained);
        return explained.Explanation.Match is null || view.Taker is not { } taker ? view.View : view.View with { Servers = await ServersAsync(taker.Backend, cancellationToken) };
    }

    private Task<ControlPlane.Tree> TreeAsync(CancellationToken cancellationToken) => controller.TreeAsync(Deadline, cancellationToken);

    private async Task<T> AskAsync<T>(Func<ControlPlane.Tree, IActorRef> whom, object question, CancellationToken cancellationToken) =>
        await whom(await TreeAsync(cancellationToken)).AskAsync<T>(question, Deadline, cancellationToken);

    private async Task<TableIndex> TableAsync(CancellationToken cancellationToken) =>
        new((await AskAsync<RouteTableProtocol.Routes>(static tree => tree.Core.Table, new RouteTableProtocol.GetRoutes(), cancellationToken)).Table);

    private static async Task<EntityProtocol.IngressState?> StateAsync(ControlPlane.Tree tree, ObjectKey key, CancellationToken cancellationToken)
    {
        var question = new ShardingProtocol.ToRunning(EntityKeys.Of(EntityId.Ingress(key)), new EntityProtocol.GetIngress());
        return await tree.Core.Node.Region.AskAsync<object>(question, Deadline, cancellationToken) as EntityProtocol.IngressState is { Fragment: not null } state ? state : null;
    }

    private static async Task<ImmutableArray<SessionView>> SessionsAsync(ControlPlane.Tree tree, CancellationToken cancellationToken) =>
        tree.Ends.TryGetValue(ControllerSystem.Hub, out var hub)
            ? (await hub.AskAsync<SessionProtocol.Sessions>(new SessionProtocol.GetSessions(), Deadline, cancellationToken)).Views
            : [];

    /// <summary>None where the servers are with proxies elsewhere.</summary>
    private async Task<IReadOnlyList<ServerView>> ServersAsync(BackendKey backend, CancellationToken cancellationToken) =>
        (await TreeAsync(cancellationToken)).Ends.TryGetValue(ControllerSystem.LocalProxy, out var proxy)
            ? await proxy.AskAsync<IReadOnlyList<ServerView>>(new ProxyProtocol.GetServers([backend]), Deadline, cancellationToken)
            : [];
}
