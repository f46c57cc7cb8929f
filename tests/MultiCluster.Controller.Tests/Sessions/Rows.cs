using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Sessions;

/// <summary>Rows of ingresses, each of which claims its own host.</summary>
internal static class Rows
{
    public static EntityId Id(string name) => EntityId.Ingress(Make.Key(name));

    /// <param name="service">Where its only route leads.</param>
    public static FragmentUpdate Live(string name, long epoch, long version, string service = "web") =>
        new(Id(name), new FragmentVersion(epoch, version), Claim(name, service));

    public static FragmentUpdate Tombstone(string name, long epoch, long version) => new(Id(name), new FragmentVersion(epoch, version), null);

    public static RouteKey RouteOf(string name) => new($"{name}.example", "", PathMatch.Prefix);

    private static Fragment.Ingress Claim(string name, string service) => new(
        Make.Key(name),
        [
            new RouteClaim(
                RouteOf(name), new BackendRef(Make.Key(service), PortRef.Numbered(80)), [Make.Aws], new Rank(DateTimeOffset.UnixEpoch, Make.Aws, Make.Key(name))),
        ],
        [],
        [Make.Aws],
        []);
}
