using System.Net;
using Microsoft.AspNetCore.Http;

namespace MultiCluster.Host.Admin;

/// <summary>
/// Keeps web pages out that have a name of their own resolve to this machine (DNS rebinding): to the browser their requests
/// are of the same origin. What the browser can't change is the name in the Host header.
/// </summary>
internal static class HostGuard
{
    /// <param name="hosts">Names, lower case.</param>
    public static bool Admits(HostString host, IReadOnlyList<string> hosts)
    {
        // Without any (HTTP/1.0) it is no browser.
        if (!host.HasValue)
            return true;
        var name = host.Host.TrimEnd('.').ToLowerInvariant();
        return name == "localhost" || IPAddress.TryParse(name.Trim('[', ']'), out _) || hosts.Contains(name, StringComparer.Ordinal);
    }
}
