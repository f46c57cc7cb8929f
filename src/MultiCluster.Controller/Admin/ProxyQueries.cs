using MultiCluster.Actors;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Admin;

/// <summary>Answers of a process that only drives its HAProxy.</summary>
public sealed class ProxyQueries(ProxySystem proxy) : IProxyQueries
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public ProxyDiffQueries Diffs => new(async stop => (await proxy.TreeAsync(Deadline, stop)).Proxy, ProxiesAsync);

    public BackendQueries Backends => new(async stop => (await proxy.TreeAsync(Deadline, stop)).Proxy);

    public async Task<IReadOnlyList<ProxyView>> ProxiesAsync(CancellationToken cancellationToken)
    {
        var tree = await proxy.TreeAsync(Deadline, cancellationToken);
        var agent = await tree.Agent.AskAsync<AgentView>(new SessionProtocol.GetAgent(), Deadline, cancellationToken);
        var summary = await tree.Proxy.AskAsync<ProxyProtocol.Summary>(new ProxyProtocol.GetSummary(), Deadline, cancellationToken);
        return [summary.View with { Controller = AdminViews.Of(agent) }];
    }

    public async Task<ProxyDetailView?> ProxyAsync(string name, CancellationToken cancellationToken)
    {
        var tree = await proxy.TreeAsync(Deadline, cancellationToken);
        var agent = await tree.Agent.AskAsync<AgentView>(new SessionProtocol.GetAgent(), Deadline, cancellationToken);
        var detail = await tree.Proxy.AskAsync<ProxyProtocol.Detail>(new ProxyProtocol.GetDetail(), Deadline, cancellationToken);
        return string.Equals(detail.View.Proxy.Name, name, StringComparison.Ordinal)
            ? detail.View with { Proxy = detail.View.Proxy with { Controller = AdminViews.Of(agent) } }
            : null;
    }

    /// <summary>HAProxy that serves from its own files is ready: that there is no controller is shown, and stops nothing.</summary>
    public async Task<ReadyState> ReadyAsync(CancellationToken cancellationToken) => ReadyState.Of(await ProxiesAsync(cancellationToken));
}
