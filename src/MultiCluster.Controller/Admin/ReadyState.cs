using MultiCluster.Controller.Routing;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Admin;

/// <summary>Whether this node does its work, and what is not as it should be.</summary>
/// <param name="IsReady">
/// Each proxy's HAProxy runs and holds what is known, as soon as that may be programmed: a member that can't be read keeps
/// nobody from the rest for longer than the start may wait (promise P3).
/// </param>
/// <param name="Lines">For people.</param>
public sealed record ReadyState(bool IsReady, IReadOnlyList<string> Lines)
{
    internal static ReadyState Of(IReadOnlyList<ProxyView> proxies, Readiness readiness)
    {
        var lines = proxies.Select(static proxy => $"proxy {proxy.Name}: {proxy.State}{(proxy.StateReason is { } why ? $", {why}" : "")}").ToList();
        var isReady = readiness.MayStart && proxies.All(Serves);
        if (isReady && !readiness.IsComplete)
            lines.Insert(0, $"degraded: not read whole yet: members {string.Join(", ", readiness.Missing)}; what HAProxy has of them stays");
        return new ReadyState(isReady, lines);
    }

    /// <summary>Of a proxy whose controllers are elsewhere.</summary>
    internal static ReadyState Of(IReadOnlyList<ProxyView> proxies) => new(
        proxies.All(static proxy => proxy.WorkerPid > 0),
        [.. proxies.Select(static proxy => $"proxy {proxy.Name}: {proxy.State}{(proxy.StateReason is { } why ? $", {why}" : "")}; {proxy.Controller}")]);

    /// <summary>What there was to program when this node came up has been programmed; nothing, for members without routes.</summary>
    private static bool Serves(ProxyView proxy) => proxy.WorkerPid > 0 && (proxy.AppliedVersion > 0 || proxy.DesiredVersion == 0);
}
