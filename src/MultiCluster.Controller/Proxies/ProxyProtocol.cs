using MultiCluster.Model.Admin;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Proxies;

/// <summary>What a HAProxy instance takes and tells.</summary>
public static class ProxyProtocol
{
    // Queries

    public sealed record GetSummary;

    public sealed record GetDetail;

    /// <summary>Answered with a list of ServerView.</summary>
    public sealed record GetServers(IReadOnlyList<BackendKey> Backends);

    /// <summary>Read HAProxy anew and compare; answered by <see cref="Diff"/>.</summary>
    public sealed record GetDiff(string Proxy);

    // Replies

    public sealed record Summary(ProxyView View);

    public sealed record Detail(ProxyDetailView View);

    /// <param name="View">Null with a problem, or when this is not the proxy asked for.</param>
    public sealed record Diff(ProxyDiffView? View, string? Problem);
}
