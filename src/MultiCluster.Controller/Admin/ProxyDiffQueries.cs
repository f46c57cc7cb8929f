using MultiCluster.Actors;
using MultiCluster.Controller.Proxies;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Admin;

/// <summary>Compares HAProxies with what they should hold. Only the process that drives one can.</summary>
/// <param name="local">Drives the HAProxy of this process; null when it has none.</param>
/// <param name="known">All that this process knows.</param>
public sealed class ProxyDiffQueries(
    Func<CancellationToken, Task<IActorRef?>> local, Func<CancellationToken, Task<IReadOnlyList<ProxyView>>> known)
{
    /// <summary>A reload, which goes first, may take a while.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan TreeDeadline = TimeSpan.FromSeconds(5);

    public static ProxyDiffQueries Of(ControllerSystem controller) => new(
        async stop => (await controller.TreeAsync(TreeDeadline, stop)).Ends.GetValueOrDefault(ControllerSystem.LocalProxy),
        new AdminQueries(controller).ProxiesAsync);

    public async Task<AdminAnswer<ProxyDiffView>> DiffAsync(string name, CancellationToken cancellationToken)
    {
        if (await local(cancellationToken) is { } proxy)
        {
            var diff = await proxy.AskAsync<ProxyProtocol.Diff>(new ProxyProtocol.GetDiff(name), Deadline, cancellationToken);
            if (diff.View is not null)
                return diff.View;
            if (diff.Problem is not null)
                return Problems.Unavailable("Nothing to compare", $"proxy {name}: {diff.Problem}");
        }
        var names = (await known(cancellationToken)).Select(static view => view.Name).ToList();
        return names.Contains(name, StringComparer.Ordinal)
            ? Problems.Conflict("Not here", $"proxy {name} is driven by another process, which alone knows its HAProxy: ask that one (mcctl --server, its admin.listen)")
            : Problems.NotFound("Proxy not found", $"there is no proxy {name}; known are {(names.Count == 0 ? "none" : string.Join(", ", names))} (\"mcctl proxy list\")");
    }
}
