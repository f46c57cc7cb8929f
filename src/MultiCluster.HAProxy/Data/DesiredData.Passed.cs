using System.Globalization;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// Hosts whose TLS is passed on unread. What can be said of requests can't be said of it: endpoints are drawn evenly, and of a route whose rules
/// let in some only TLS is not passed on. A host that has routes of its own beside a wildcard that is passed on has no endpoints here, which is
/// said where the wildcard would be looked for next.
/// </summary>
public sealed partial class DesiredData
{
    private readonly Dictionary<string, Route> _passed = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, HashSet<string>> _passedHosts = [];
    private readonly HashSet<string> _changedPassed = new(StringComparer.Ordinal);

    /// <summary>
    /// By wildcard, exact hosts that it covers, with the number of their routes; null until a wildcard is passed on for the first time: nobody
    /// pays for it before.
    /// </summary>
    private Dictionary<string, Dictionary<string, int>>? _covered;

    /// <summary>HAProxy needs a frontend for it.</summary>
    public bool PassesTls => _passed.Count > 0;

    /// <returns>The route for requests, which may be sent to another port.</returns>
    private Route? TakePassed(RouteKey key, Route? route)
    {
        if (key.Match != PathMatch.Prefix || key.Path.Length > 0 || !SafeText.IsHost(key.Host))
            return route;
        var wanted = route?.Policy is { TlsPassthrough: not null } policy && policy.Guards.IsEmpty ? route : null;
        if (_passed.Remove(key.Host, out var old) && _passedHosts.TryGetValue(old.Backend.Ref.Service, out var hosts) && hosts.Remove(key.Host) && hosts.Count == 0)
            _passedHosts.Remove(old.Backend.Ref.Service);
        if (wanted is null && old is null)
            return route;
        _changedPassed.Add(key.Host);
        if (key.IsWildcardHost)
            TouchHostsUnder(key.Host);
        if (wanted is null)
            return route;
        _passed.Add(key.Host, wanted);
        if (!_passedHosts.TryGetValue(wanted.Backend.Ref.Service, out var of))
            _passedHosts.Add(wanted.Backend.Ref.Service, of = new HashSet<string>(StringComparer.Ordinal));
        of.Add(key.Host);
        return wanted.Policy!.TlsPassthrough!.HttpPort is { } port
            ? wanted with { Backend = wanted.Backend with { Ref = wanted.Backend.Ref with { Port = PortRef.Numbered(port) } } }
            : wanted;
    }

    private void TouchHostsUnder(string wildcard)
    {
        if (_covered is null)
        {
            _covered = new(StringComparer.Ordinal);
            foreach (var key in _routes.Keys)
                Cover(key, 1);
        }

        if (_covered.TryGetValue(wildcard, out var hosts))
            _changedPassed.UnionWith(hosts.Keys);
    }

    private void NoteHost(RouteKey key, Route? before, Route? after)
    {
        if (_covered is not null && before is null != after is null)
            Cover(key, after is null ? -1 : 1);
    }

    private void Cover(RouteKey key, int change)
    {
        if (key.Taker is not null || key.Port is not null || key.IsWildcardHost || !SafeText.IsHost(key.Host) || DesiredCertificates.WildcardOf(key.Host) is not { } wildcard)
            return;
        if (!_covered!.TryGetValue(wildcard, out var hosts))
            _covered.Add(wildcard, hosts = new Dictionary<string, int>(StringComparer.Ordinal));
        var before = hosts.GetValueOrDefault(key.Host);
        if (before + change > 0)
            hosts[key.Host] = before + change;
        else if (hosts.Remove(key.Host) && hosts.Count == 0)
            _covered.Remove(wildcard);
        if ((before == 0 || before + change == 0) && _passed.ContainsKey(wildcard))
            _changedPassed.Add(key.Host);
    }

    /// <summary>Connections to it end here, though those to other names of its wildcard are passed on.</summary>
    private bool EndsHere(string host) => DesiredCertificates.WildcardOf(host) is { } wildcard && _passed.ContainsKey(wildcard)
        && (_passed.ContainsKey(host) || _covered?.GetValueOrDefault(wildcard)?.ContainsKey(host) == true);

    private void SetPassed(RoutingDelta delta, Touched touched)
    {
        if (_passed.Count == 0 && _changedPassed.Count == 0)
            return;
        foreach (var (service, _) in delta.Backends)
            _changedPassed.UnionWith(_passedHosts.GetValueOrDefault(service) ?? []);
        if (!delta.Members.IsEmpty)
            _changedPassed.UnionWith(_passed.Keys);
        foreach (var host in _changedPassed)
            SetPassed(host, touched);
        _changedPassed.Clear();
    }

    private void SetPassed(string host, Touched touched)
    {
        var places = _passed.TryGetValue(host, out var route) ? PlacesOf(route) : [];
        var count = new MapKey(MapName.Passed, host);
        var before = int.Parse(_maps[MapName.Passed].GetValueOrDefault(host, "0"), CultureInfo.InvariantCulture);
        Write(count, places.Count == 0 && !EndsHere(host) ? null : places.Count.ToString(CultureInfo.InvariantCulture), touched);
        for (var i = 0; i < Math.Max(before, places.Count); i++)
            Write(new MapKey(MapName.Passed, string.Create(CultureInfo.InvariantCulture, $"{host}/{i}")), i < places.Count ? places[i] : null, touched);
    }

    /// <summary>Those that drain only where there are no others.</summary>
    private List<string> PlacesOf(Route route)
    {
        var servers = _sets.For(new PlaceKey(route.Backend), _fragments.GetValueOrDefault(route.Backend.Ref.Service)).Values;
        var staying = servers.Where(static server => !server.IsDraining).ToList();
        return [.. (staying.Count > 0 ? staying : [.. servers])
            .Select(static server => string.Create(CultureInfo.InvariantCulture, $"{server.Address}:{server.Port}")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
