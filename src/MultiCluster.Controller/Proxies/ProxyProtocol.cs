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

    // Replies

    public sealed record Summary(ProxyView View);

    public sealed record Detail(ProxyDetailView View);
}
