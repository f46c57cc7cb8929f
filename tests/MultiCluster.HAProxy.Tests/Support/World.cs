using System.Collections.Immutable;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

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
    private long _version;

    public IReadOnlyDictionary<RouteKey, Route> Routes => _routes;

    public static string ServiceOf(string address) => $"s{address.Split('.')[1]}";

    /// <summary>One delta of up to five changes.</summary>
    public RoutingDelta Change(Script script)
    {
        var routes = new Dictionary<RouteKey, Route?>();
        var backends = new Dictionary<ObjectKey, Fragment.Backend?>();
        var certificates = new Dictionary<string, Certificate?>(StringComparer.Ordinal);
        for (var left = 1 + script.Next(5); left > 0; left--)
        {
            switch (script.Next(5))
            {
                case 0 or 1:
                    ChangeRoute(script, routes);
                    break;
                case 2 or 3:
                    ChangeBackend(script, backends);
                    break;
                default:
                    ChangeCertificate(script, certificates);
                    break;
            }
        }

        return new RoutingDelta(++_version, [.. routes], [.. backends], [.. certificates]);
    }

    /// <summary>All of it, as a proxy gets it that starts now.</summary>
    public RoutingDelta Whole() => new(
        _version,
        [.. _routes.Select(static pair => KeyValuePair.Create(pair.Key, (Route?)pair.Value))],
        [.. _backends.Select(static pair => KeyValuePair.Create(pair.Key, (Fragment.Backend?)pair.Value))],
        [.. _certificates.Select(static pair => KeyValuePair.Create(pair.Key, (Certificate?)pair.Value))]);

    private void ChangeRoute(Script script, Dictionary<RouteKey, Route?> delta)
    {
        var host = Hosts[script.Next(Hosts.Length)];
        var match = (PathMatch)script.Next(3);
        var path = match == PathMatch.Default ? "" : Paths[script.Next(Paths.Length)];
        var key = new RouteKey(host, match == PathMatch.Exact && path.Length == 0 ? "/" : path, match);
        if (script.Chance(30))
        {
            _routes.Remove(key);
            delta[key] = null;
            return;
        }

        string[] members = script.Next(3) switch { 0 => ["aws"], 1 => ["gcp"], _ => MemberNames };
        delta[key] = _routes[key] = Make.Route(key, $"s{script.Next(5)}", members);
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
            members.Add(new MemberBackend(new MemberName(MemberNames[member]), [new BackendPort("http", 80, "", endpoints)]));
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
