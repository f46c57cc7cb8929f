using MultiCluster.Actors;
using MultiCluster.Controller.Proxies;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Admin;

/// <summary>How requests are spread over members, as a proxy of this process sees it.</summary>
public sealed class BackendQueries(Func<CancellationToken, Task<IActorRef?>> proxy)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public static BackendQueries Of(ControllerSystem controller) => new(async cancellationToken =>
        (await controller.TreeAsync(Deadline, cancellationToken)).Ends.GetValueOrDefault(ControllerSystem.LocalProxy));

    /// <param name="service">namespace/name; null for all.</param>
    public async Task<AdminAnswer<IReadOnlyList<BackendView>>> ListAsync(string? service, CancellationToken cancellationToken)
    {
        if (await proxy(cancellationToken) is not { } local)
            return Problems.NotFound("No proxy here", "this node has no proxy beside it, and shares are as a proxy sees them: ask the proxy itself (mcctl --server)");
        var traffic = await local.AskAsync<ProxyProtocol.Traffic>(new ProxyProtocol.GetTraffic(), Deadline, cancellationToken);
        if (service is null)
            return new AdminAnswer<IReadOnlyList<BackendView>>(traffic.Backends);
        var backends = traffic.Backends.Where(view => string.Equals($"{view.Namespace}/{view.Service}", service, StringComparison.Ordinal)).ToList();
        return backends.Count > 0 ? new AdminAnswer<IReadOnlyList<BackendView>>(backends) : Problems.NotFound("Backend not found", $"no route leads to a Service {service}; \"mcctl routes\" shows where they lead");
    }
}
