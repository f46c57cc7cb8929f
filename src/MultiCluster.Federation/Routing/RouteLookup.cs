using MultiCluster.Federation.Text;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Routing;

/// <summary>
/// The keys that match a request, best first: rules of the exact host, of the wildcard that covers one label, of every
/// host, each with the longest path first and Exact before Prefix; then the default backends in the same order of hosts.
/// </summary>
internal static class RouteLookup
{
    public static IEnumerable<RouteKey> Keys(string host, string path)
    {
        foreach (var name in RouteHosts(host))
        {
            yield return new RouteKey(name, path, PathMatch.Exact);
            for (var prefix = path.TrimEnd('/'); ; prefix = prefix[..prefix.LastIndexOf('/')])
            {
                yield return new RouteKey(name, prefix, PathMatch.Prefix);
                if (prefix.Length == 0)
                    break;
            }
        }

        foreach (var name in RouteHosts(host))
            yield return new RouteKey(name, "", PathMatch.Default);
    }

    public static IEnumerable<string> CertificateHosts(string host) => RouteHosts(host).Where(static name => name.Length > 0);

    private static IEnumerable<string> RouteHosts(string host)
    {
        if (host.Length > 0)
            yield return host;
        if (HostNames.WildcardFor(host) is { } wildcard)
            yield return wildcard;
        yield return RouteKey.AnyHost;
    }
}
