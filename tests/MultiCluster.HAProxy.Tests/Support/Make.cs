using System.Collections.Immutable;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Support;

/// <summary>Short ways to the records that tests need.</summary>
internal static class Make
{
    public const string Pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

    public static readonly ProxyFeatures Slots = ProxyFeatures.Of(new ProxyVersion(2, 6));

    /// <summary>Slots, and a server takes two commands.</summary>
    public static readonly ProxyFeatures NewerSlots = ProxyFeatures.Of(new ProxyVersion(3, 2));

    public static readonly ProxyFeatures Dynamic = ProxyFeatures.Of(new ProxyVersion(3, 4));

    public static readonly ProgramPaths Paths = new("/run/multicluster/current", "/run/multicluster/worker.sock");

    public static ProxyFeatures Features(string version) =>
        ProxyVersion.TryParse(version, out var parsed) ? ProxyFeatures.Of(parsed) : throw new ArgumentException("not a version", nameof(version));

    public static EquatableArray<MemberName> Members(params string[] names) => names.Select(static name => new MemberName(name)).ToEquatableArray();

    public static BackendKey Backend(string service, params string[] members) =>
        new(new BackendRef(new ObjectKey("web", service), PortRef.Numbered(80)), Members(members.Length == 0 ? ["aws"] : members));

    public static PlaceKey Place(string service, params string[] members) => new(Backend(service, members));

    public static Route Route(RouteKey key, string service, params string[] members) =>
        new(key, Backend(service, members), new ObjectKey("web", "shop"));

    public static RouteKey Prefix(string host, string path) => new(host, path, PathMatch.Prefix);

    public static BackendEndpoint Endpoint(string address, int port = 8080, string pod = "pod") => new(address, port, pod, "node", "zone");

    public static Fragment.Backend Fragment(string service, params string[] addresses) => Fragment(service, "aws", addresses);

    public static Fragment.Backend Fragment(string service, string member, string[] addresses) => new(
        new ObjectKey("web", service),
        [new MemberBackend(new MemberName(member), [new BackendPort("http", 80, "", addresses.Select(static a => Endpoint(a)).ToEquatableArray())])]);

    public static Fragment.Backend Spread(string service, params (string Member, string Address)[] endpoints) => new(
        new ObjectKey("web", service),
        [.. endpoints.Select(static item => new MemberBackend(new MemberName(item.Member), [new BackendPort("http", 80, "", [Endpoint(item.Address)])]))]);

    public static Certificate Certificate(string fingerprint, string pem = Pem) =>
        new(fingerprint.PadRight(64, '0'), Secret.FromText(pem), default, default, []);

    public static DesiredData Desired(ProxyFeatures features, int slots = 16) => new(new BackendPool(features, slots, []));

    public static RoutingDelta Delta(IEnumerable<Route> routes, params Fragment.Backend[] backends) => new(
        1,
        [.. routes.Select(static route => KeyValuePair.Create(route.Key, (Route?)route))],
        [.. backends.Select(static backend => KeyValuePair.Create(backend.Service, (Fragment.Backend?)backend))],
        []);

    public static RoutingDelta Traits(params (string Member, MemberTraits? Traits)[] members) => new(1, [], [], [])
    {
        Members = [.. members.Select(static item => KeyValuePair.Create(new MemberName(item.Member), item.Traits))],
    };

    /// <summary>Such as aws=70, gcp=30, each with one priority.</summary>
    public static TrafficPolicy Policy(params (string Member, int Weight)[] weights) => new()
    {
        Clusters = weights.Select(static item => new ClusterTraffic(new MemberName(item.Member), item.Weight)).ToEquatableArray(),
    };

    public static RoutingDelta Without(params RouteKey[] routes) => new(
        1, [.. routes.Select(static key => KeyValuePair.Create(key, (Route?)null))], [], []);

    public static RoutingDelta Certificates(params (string Host, Certificate? Certificate)[] items) => new(
        1, [], [], [.. items.Select(static item => KeyValuePair.Create(item.Host, item.Certificate))]);
}
