using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// How TLS is spoken with the clients of each host, as its routes' policies say. One connection is for all routes of a host: of several that say
/// otherwise the first counts, by Ingress and path, and who wants other certificates than the host's connections are made for lets in nobody;
/// routes of other namespaces than the host's come here without a word about its connections.
/// What an Ingress demands of clients holds for all routes of the host that are of the same namespace, as in the controllers that have it.
/// </summary>
public sealed partial class DesiredData
{
    private readonly Dictionary<string, Dictionary<RouteKey, Route>> _withTls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Route> _demands = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changedHosts = new(StringComparer.Ordinal);

    /// <summary>Whom to believe, by file name.</summary>
    public IEnumerable<TrustFile> Trust => _certificates.Trust;

    public TrustFile? FindTrust(string fileName) => _certificates.FindTrust(fileName);

    /// <summary>What is done to requests of a route, with what its host demands.</summary>
    public RoutePolicy? PolicyOf(RouteKey key) => _policyOf.GetValueOrDefault(key);

    private void NoteHandshake(RouteKey key, Route? route)
    {
        if (route?.Policy is { } policy && (IsDemand(policy) || policy.HostTls is not null))
        {
            if (!_withTls.TryGetValue(key.Host, out var routes))
                _withTls.Add(key.Host, routes = []);
            routes[key] = route;
            _changedHosts.Add(key.Host);
        }
        else if (_withTls.TryGetValue(key.Host, out var routes) && routes.Remove(key))
        {
            if (routes.Count == 0)
                _withTls.Remove(key.Host);
            _changedHosts.Add(key.Host);
        }
    }

    private static bool IsDemand(RoutePolicy policy) => policy.ClientCertificates is { IsOfRouteOnly: false };

    private void SetHandshakes(Touched touched)
    {
        foreach (var host in _changedHosts)
        {
            var routes = _withTls.TryGetValue(host, out var known)
                ? known.Values.OrderBy(static route => route.Ingress).ThenBy(static route => route.Key.ToString(), StringComparer.Ordinal).ToList()
                : [];
            var demand = routes.Find(static route => IsDemand(route.Policy!));
            var tls = routes.Find(static route => route.Policy!.HostTls is not null)?.Policy!.HostTls;
            var handshake = Handshake.Of(demand?.Policy!.ClientCertificates, tls);
            _certificates.Set(host, handshake, touched);
            if (SafeText.IsHost(host))
                Write(new MapKey(MapName.Trust, host), handshake?.Trust, touched);
            Demand(host, demand, touched);
        }

        _changedHosts.Clear();
    }

    private void Demand(string host, Route? demand, Touched touched)
    {
        _demands.Remove(host, out var before);
        if (demand is not null)
            _demands.Add(host, demand);
        if (before?.Ingress.Namespace == demand?.Ingress.Namespace && before?.Policy!.ClientCertificates == demand?.Policy!.ClientCertificates)
            return;
        // Of all routes, which is a walk; but what clients have to show changes with hands.
        foreach (var (key, route) in _routes.Where(item => item.Key.Host == host))
        {
            SetPolicy(key, route, touched);
            WriteRoute(key, touched);
        }
    }

    /// <summary>The policy that counts for a route from now on.</summary>
    private RoutePolicy? Inherit(RouteKey key, Route? route)
    {
        var own = PolicyOf(route);
        if (route is null || own?.ClientCertificates is not null || !_demands.TryGetValue(key.Host, out var demand) || demand.Ingress.Namespace != route.Ingress.Namespace)
            return own;
        return (own ?? RoutePolicy.None) with { ClientCertificates = demand.Policy!.ClientCertificates };
    }
}
