using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Data;

public sealed class ServerSetTests
{
    [Fact]
    public void Only_members_that_declare_the_path_serve_it()
    {
        var fragment = Fragment(("aws", 80, "10.0.0.1"), ("gcp", 80, "10.1.0.1"), ("far", 80, "10.2.0.1"));
        var servers = ServerSets.OfAll.For(Make.Place("s", "aws", "gcp"), fragment);
        Assert.Equal(["10.0.0.1", "10.1.0.1"], servers.Values.Select(static s => s.Address).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_member_where_the_port_has_another_number_has_no_server() =>
        Assert.Empty(ServerSets.OfAll.For(Make.Place("s"), Fragment(("aws", 81, "10.0.0.1"))));

    [Fact]
    public void No_fragment_no_servers() => Assert.Empty(ServerSets.OfAll.For(Make.Place("s"), null));

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("010.0.0.1", false)]
    [InlineData("1", false)]
    [InlineData("10.0.0.256", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("[::1]", false)]
    [InlineData("localhost", false)]
    [InlineData("evil.example", false)]
    [InlineData("unix@/tmp/x", false)]
    [InlineData("10.0.0.1 check", false)]
    [InlineData("", false)]
    public void A_server_has_an_address_and_nothing_else(string address, bool isServer) =>
        Assert.Equal(isServer ? 1 : 0, ServerSets.OfAll.For(Make.Place("s"), Fragment(("aws", 80, address))).Count);

    [Fact]
    public void IPv6_is_bracketed_before_a_port()
    {
        var server = Assert.Single(ServerSets.OfAll.For(Make.Place("s"), Fragment(("aws", 80, "fd00::1"))).Values);
        Assert.Equal("[fd00::1]:8080", server.Endpoint);
    }

    [Fact]
    public void The_address_of_a_Service_is_in_the_place_of_its_pods_where_there_is_one()
    {
        var fragment = Fragment(("aws", 80, "10.0.0.1"), ("gcp", 80, "10.1.0.1"));
        BackendEndpoint own = new("10.96.0.7", 80, "", "", "");
        fragment = fragment with { Members = [fragment.Members[0] with { Ports = [fragment.Members[0].Ports[0] with { OfService = [own], Unready = [new("", 3)] }] }, fragment.Members[1]] };
        var policy = new BackendPolicy { UsesService = true };
        var place = Make.Place("s", "aws", "gcp");
        Assert.Equal(["10.0.0.1:8080", "10.1.0.1:8080"], Endpoints(place));
        Assert.Equal(["10.1.0.1:8080", "10.96.0.7:80"], Endpoints(place with { Variant = PlaceVariant.Of(policy) }));
        var group = ServerSets.OfAll.Groups(place.Backend, fragment, new TrafficPolicy(), policy).First();
        Assert.Equal(["10.96.0.7:80"], Endpoints(group));
        Assert.Equal(0, ServerSets.OfAll.Unready(group, fragment));

        IEnumerable<string> Endpoints(PlaceKey place) => ServerSets.OfAll.For(place, fragment).Values.Select(static server => server.Endpoint).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(TrafficDistribution.None, LocalityTier.Any, 8)]
    [InlineData(TrafficDistribution.PreferSameZone, LocalityTier.Zone, 1)]
    [InlineData(TrafficDistribution.PreferSameZone, LocalityTier.Region, 7)]
    [InlineData(TrafficDistribution.PreferSameZone, LocalityTier.Other, 0)]
    [InlineData(TrafficDistribution.PreferSameRegion, LocalityTier.Region, 8)]
    public void Who_is_not_ready_is_missing_in_its_own_place(TrafficDistribution distribution, LocalityTier tier, int unready)
    {
        var traits = MemberTraits.Default with { Labels = EquatableMap.From([new(MemberTraits.RegionLabel, "eu-1"), new(MemberTraits.ZoneLabel, "eu-1a")]) };
        var sets = new ServerSets(_ => traits, new ProxyLocality("eu-1", "eu-1b"));
        var fragment = Fragment(("aws", 80, "10.0.0.1"), ("gcp", 80, "10.1.0.1"));
        // Of whose zone nobody said, it is the member's.
        EquatableArray<UnreadyEndpoints> counts = [new("", 2), new("eu-1b", 1), new("eu-1c", 5), new("eu-1d", -9)];
        fragment = fragment with { Members = [.. fragment.Members.Select(member => member with { Ports = [member.Ports[0] with { Unready = counts }] })] };
        Assert.Equal(unready, sets.Unready(PlaceKey.OfGroup(Make.Backend("s").Ref, new MemberName("aws"), new GroupKind(default, distribution, tier)), fragment));
    }

    private static Fragment.Backend Fragment(params (string Member, int Port, string Address)[] parts) => new(
        new ObjectKey("web", "s"),
        parts.Select(static part => new MemberBackend(
            new MemberName(part.Member),
            [new BackendPort("http", part.Port, "", [Make.Endpoint(part.Address)])])).ToEquatableArray());
}
