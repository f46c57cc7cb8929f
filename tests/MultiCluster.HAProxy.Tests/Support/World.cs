using System.Collections.Immutable;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Support;

/// <summary>
/// A small arbitrated routing model that changes at random. Each Service has addresses of its own (10.service.member.pod),
/// so that an address tells whose it is.
/// </summary>
public sealed class World
{
    private static readonly string[] Hosts = ["", "a.example", "b.example", "*.example"];
    private static readonly string[] Paths = ["", "/x", "/x/y"];
    private static readonly string[] MemberNames = ["aws", "gcp"];

    private readonly Dictionary<RouteKey, Route> _routes = [];
    private readonly Dictionary<ObjectKey, Fragment.Backend> _backends = [];
    private readonly Dictionary<string, Certificate> _certificates = new(StringComparer.Ordinal);
    private readonly Dictionary<MemberName, MemberTraits> _members = [];
    private readonly Dictionary<string, TrafficPolicy?> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RoutePolicy?> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BackendPolicy?> _servers = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>All that a route may have.</summary>
    public static IReadOnlyList<RoutePolicy> Rules { get; } =
    [
        new() { Closed = true },
        .. new[] { 301, 302, 303, 307 }.Select(static code => new RoutePolicy { HttpsRedirect = new HttpsRedirect(code) }),
    ];

    public IReadOnlyDictionary<RouteKey, Route> Routes => _routes;

    public static string ServiceOf(string address) => $"s{address.Split('.')[1]}";

    /// <summary>One delta of up to five changes.</summary>
    public RoutingDelta Change(Script script)
    {
        var routes = new Dictionary<RouteKey, Route?>();
        var backends = new Dictionary<ObjectKey, Fragment.Backend?>();
        var certificates = new Dictionary<string, Certificate?>(StringComparer.Ordinal);
        var members = new Dictionary<MemberName, MemberTraits?>();
        for (var left = 1 + script.Next(5); left > 0; left--)
        {
            switch (script.Next(9))
            {
                case 0 or 1:
                    ChangeRoute(script, routes);
                    break;
                case 2 or 3:
                    ChangeBackend(script, backends);
                    break;
                case 4:
                    ChangePolicy(script, routes);
                    break;
                case 5:
                    ChangeMember(script, members);
                    break;
                case 6:
                    ChangeRules(script, routes);
                    break;
                case 7:
                    ChangeServers(script, routes);
                    break;
                default:
                    ChangeCertificate(script, certificates);
                    break;
            }
        }

        return new RoutingDelta(++_version, [.. routes], [.. backends], [.. certificates]) { Members = [.. members] };
    }

    /// <summary>All of it, as a proxy gets it that starts now.</summary>
    public RoutingDelta Whole() => new(
        _version,
        [.. _routes.Select(static pair => KeyValuePair.Create(pair.Key, (Route?)pair.Value))],
        [.. _backends.Select(static pair => KeyValuePair.Create(pair.Key, (Fragment.Backend?)pair.Value))],
        [.. _certificates.Select(static pair => KeyValuePair.Create(pair.Key, (Certificate?)pair.Value))])
    {
        Members = [.. _members.Select(static pair => KeyValuePair.Create(pair.Key, (MemberTraits?)pair.Value))],
    };

    /// <summary>Addresses that should serve a route, with all endpoints healthy.</summary>
    public IEnumerable<string> Expected(Route route, Fragment.Backend? fragment)
    {
        var serving = (fragment?.Members ?? []).Where(member => route.Backend.Members.Items.Contains(member.Member) && Ready(member) + Unready(member) > 0
            && TraitsOf(member.Member) is { IsRemoved: false, State: MemberState.Active }).ToList();
        if (route.Traffic is { } policy)
        {
            serving = [.. serving.Where(member => policy.Of(member.Member) is { Weight: > 0, State: MemberState.Active })];
            // The next priority is needed where too few of the one before are ready.
            var levels = serving.GroupBy(member => policy.Of(member.Member).Priority).OrderBy(static level => level.Key).Select(static level => level.ToList()).ToList();
            var enough = levels.FindIndex(level => 100 * level.Sum(Ready) >= policy.HealthThresholdPercent * level.Sum(static member => Ready(member) + Unready(member)));
            serving = [.. levels.Take(enough < 0 ? levels.Count : enough + 1).SelectMany(static level => level)];
        }

        return serving.SelectMany(static member => member.Ports[0].Endpoints.Items).Select(static endpoint => endpoint.Address);
    }

    private static int Ready(MemberBackend member) => member.Ports[0].Endpoints.Count;

    private static int Unready(MemberBackend member) => member.Ports[0].Unready.Sum(static zone => zone.Count);

    private MemberTraits TraitsOf(MemberName member) => _members.GetValueOrDefault(member, MemberTraits.Default);

    private void ChangeMember(Script script, Dictionary<MemberName, MemberTraits?> delta)
    {
        var member = new MemberName(MemberNames[script.Next(MemberNames.Length)]);
        delta[member] = _members[member] = new MemberTraits((MemberState)script.Next(3)) { IsStale = script.Chance(30), IsRemoved = script.Chance(10) };
    }

    /// <summary>Of all routes to a Service: they are one Ingress's.</summary>
    private void ChangePolicy(Script script, Dictionary<RouteKey, Route?> delta)
    {
        var service = $"s{script.Next(5)}";
        _policies[service] = script.Chance(30) ? null : new TrafficPolicy
        {
            Clusters = MemberNames.Select(name => new ClusterTraffic(new MemberName(name), script.Next(4) * 33, script.Next(2), (MemberState)Math.Max(0, script.Next(5) - 2))).ToEquatableArray(),
            Balance = (LoadBalancing)script.Next(2),
            SessionAffinity = script.Chance(30),
            MaxConnectionsPerEndpoint = script.Next(2) * 10,
        };
        ChangeRoutesTo(service, delta);
    }

    private void ChangeRules(Script script, Dictionary<RouteKey, Route?> delta)
    {
        var service = $"s{script.Next(5)}";
        _rules[service] = script.Chance(30) ? null : Rules[script.Next(Rules.Count)];
        ChangeRoutesTo(service, delta);
    }

    /// <summary>How servers are used: few values, so that routes go to and fro between places, and more profiles than slots at times.</summary>
    private void ChangeServers(Script script, Dictionary<RouteKey, Route?> delta)
    {
        var service = $"s{script.Next(5)}";
        _servers[service] = script.Chance(30) ? null : new BackendPolicy
        {
            Balance = script.Next(6) is > 0 and var algorithm ? (BalanceAlgorithm)(algorithm - 1) : null,
            HashKey = script.Chance(50) ? new HashKey(HashSource.Header, "x-user") : null,
            MaxConnections = script.Next(3) * 10,
            Checks = script.Next(3) switch { 0 => null, 1 => true, _ => false },
            CheckPath = script.Chance(30) ? "/up?all" : null,
            AgentPort = script.Chance(30) ? 9000 : null,
            UsesService = script.Chance(20),
            Protocol = (BackendProtocol)(script.Next(2)),
        };
        ChangeRoutesTo(service, delta);
    }

    private void ChangeRoutesTo(string service, Dictionary<RouteKey, Route?> delta)
    {
        foreach (var key in _routes.Where(pair => pair.Value.Backend.Ref.Service.Name == service).Select(static pair => pair.Key).ToList())
            delta[key] = _routes[key] = WithPolicies(_routes[key]);
    }

    private Route WithPolicies(Route route)
    {
        var service = route.Backend.Ref.Service.Name;
        var policy = (_rules.GetValueOrDefault(service) ?? RoutePolicy.None) with { Backend = _servers.GetValueOrDefault(service) };
        return route with { Traffic = _policies.GetValueOrDefault(service), Policy = policy.IsEmpty ? null : policy };
    }

    private void ChangeRoute(Script script, Dictionary<RouteKey, Route?> delta)
    {
        var host = Hosts[script.Next(Hosts.Length)];
        var match = (PathMatch)script.Next(6);
        var path = match == PathMatch.Default ? "" : Paths[script.Next(Paths.Length)];
        var key = new RouteKey(host, match == PathMatch.Exact && path.Length == 0 ? "/" : path, match);
        if (script.Chance(30))
        {
            _routes.Remove(key);
            delta[key] = null;
            return;
        }

        string[] members = script.Next(3) switch { 0 => ["aws"], 1 => ["gcp"], _ => MemberNames };
        var service = $"s{script.Next(5)}";
        delta[key] = _routes[key] = WithPolicies(Make.Route(key, service, members) with { Expression = key.IsExpression ? new PathExpression($"^{key.Path}.*", script.Next(3)) : null });
    }

    private void ChangeBackend(Script script, Dictionary<ObjectKey, Fragment.Backend?> delta)
    {
        var service = script.Next(5);
        var key = new ObjectKey("web", $"s{service}");
        if (script.Chance(15))
        {
            _backends.Remove(key);
            delta[key] = null;
            return;
        }

        var members = new List<MemberBackend>();
        for (var member = 0; member < MemberNames.Length; member++)
        {
            var endpoints = Enumerable.Range(1, 4).Where(_ => script.Chance(50))
                .Select(pod => Make.Endpoint($"10.{service}.{member}.{pod}", pod: $"pod-{pod}")).ToEquatableArray();
            var unready = script.Next(4);
            members.Add(new MemberBackend(
                new MemberName(MemberNames[member]), [new BackendPort("http", 80, "", endpoints) { Unready = unready == 0 ? [] : [new UnreadyEndpoints("zone", unready)] }]));
        }

        delta[key] = _backends[key] = new Fragment.Backend(key, members.ToEquatableArray());
    }

    private void ChangeCertificate(Script script, Dictionary<string, Certificate?> delta)
    {
        var host = script.Next(2) == 0 ? Hosts[1 + script.Next(3)] : $"h{script.Next(80)}.example";
        if (script.Chance(30))
        {
            _certificates.Remove(host);
            delta[host] = null;
            return;
        }

        delta[host] = _certificates[host] = Make.Certificate($"c{script.Next(3)}");
    }
}
