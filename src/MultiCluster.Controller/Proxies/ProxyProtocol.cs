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

    /// <summary>Ask HAProxy what is under way, and tell how requests are divided; answered by <see cref="Traffic"/>.</summary>
    public sealed record GetTraffic;

    /// <summary>Answered by <see cref="Progress"/>.</summary>
    public sealed record GetProgress;

    // Replies

    /// <param name="Runs">HAProxy does.</param>
    /// <param name="Desired">The version of the deltas that it has been told.</param>
    /// <param name="Applied">The version up to which HAProxy holds all that it takes.</param>
    /// <param name="Refused">What it does not take.</param>
    public sealed record Progress(string Proxy, bool Runs, long Desired, long Applied, IReadOnlyList<RefusedView> Refused);

    /// <param name="Backends">Ordered by name; without sessions when there is a problem.</param>
    /// <param name="SessionsByMember">
    /// Requests and connections under way to a member's endpoints in all backends, for all members that HAProxy has a server of; empty
    /// with a problem.
    /// </param>
    /// <param name="Problem">Why HAProxy could not be asked.</param>
    public sealed record Traffic(string Proxy, IReadOnlyList<BackendView> Backends, IReadOnlyDictionary<string, long> SessionsByMember, string? Problem);

    public sealed record Summary(ProxyView View);

    public sealed record Detail(ProxyDetailView View);

    /// <param name="View">Null with a problem, or when this is not the proxy asked for.</param>
    public sealed record Diff(ProxyDiffView? View, string? Problem);
}
