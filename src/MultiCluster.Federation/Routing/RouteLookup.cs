using MultiCluster.Federation.Text;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Routing;

/// <summary>
/// The routes that match a request, best first: rules of the exact host, of the wildcard that covers one label, of every
/// host, each with Exact first, then expressions and Prefixes, the longest path first; then the default backends in the same order of hosts.
/// </summary>
internal static class RouteLookup
{
    /// <param name="expressions">Of a host and a path, the best first.</param>
    public static IEnumerable<Route> Routes(string host, string path, Func<RouteKey, Route?> find, Func<string, string, IEnumerable<Route>> expressions)
    {
        foreach (var name in RouteHosts(host))
        {
            if (find(new RouteKey(name, path, PathMatch.Exact)) is { } exact)
                yield return exact;
            var matching = new Queue<Route>(expressions(name, path));
            for (var prefix = path.TrimEnd('/'); ; prefix = prefix[..prefix.LastIndexOf('/')])
            {
                var route = find(new RouteKey(name, prefix, PathMatch.Prefix));
                while (route is not null && matching.TryPeek(out var next) && next.Expression!.Rank >= route.Key.PathLength)
                    yield return matching.Dequeue();
                if (route is not null)
                    yield return route;
                if (prefix.Length == 0)
                    break;
            }

            foreach (var rest in matching)
                yield return rest;
        }

        foreach (var name in RouteHosts(host))
        {
            if (find(new RouteKey(name, "", PathMatch.Default)) is { } otherwise)
                yield return otherwise;
        }
    }

    public static IEnumerable<string> CertificateHosts(string host) => RouteHosts(host).Where(static name => name.Length > 0);

    public static IEnumerable<string> RouteHosts(string host)
    {
        if (host.Length > 0)
            yield return host;
        if (HostNames.WildcardFor(host) is { } wildcard)
            yield return wildcard;
        yield return RouteKey.AnyHost;
    }
}
