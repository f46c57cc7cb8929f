using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Backends;

public sealed class BackendFederationTests
{
    private static Fragment.Backend? Merge(params ServiceCopy[] copies) =>
        BackendFederation.Merge(Make.Shop, copies, ExternalNameResolution.Empty);

    private static string[] Endpoints(Fragment.Backend? fragment, PortRef? port = null, int member = 0) =>
        [.. fragment!.Members[member].Find(port ?? PortRef.Numbered(80))!.Endpoints.Select(static endpoint => $"{endpoint.Address} {endpoint.Port}")];

    [Fact]
    public void Without_a_service_there_is_no_backend()
    {
        Assert.Null(Merge());
        Assert.Null(Merge(Make.Copy(Make.Aws, null, Make.Slice("s", "shop", Make.Ready("10.0.0.1")))));
    }

    [Fact]
    public void Each_member_has_its_own_endpoints_over_all_its_slices_in_order()
    {
        var fragment = Merge(
            Make.Copy(Make.Gcp, Make.Service("shop"), Make.Slice("g", "shop", Make.Ready("10.1.0.1"))),
            Make.Copy(
                Make.Aws,
                Make.Service("shop"),
                Make.Slice("b", "shop", Make.Ready("10.0.0.9", "pod-9")),
                Make.Slice("a", "shop", Make.Ready("10.0.0.2"), Make.Ready("10.0.0.9", "pod-9")),
                Make.Slice("c", "shop", Make.Ready("2001:DB8::0:1")) with { AddressType = "IPv6" }))!;

        Assert.Equal([Make.Aws, Make.Gcp], fragment.Members.Select(static member => member.Member));
        Assert.Equal(["10.0.0.2 8080", "10.0.0.9 8080", "2001:db8::1 8080"], Endpoints(fragment));
        Assert.Equal(["10.1.0.1 8080"], Endpoints(fragment, member: 1));
        Assert.Equal("pod-9", fragment.Members[0].Ports[0].Endpoints[1].Pod);
        Assert.Empty(fragment.Conditions);
    }

    [Fact]
    public void The_order_of_copies_slices_and_endpoints_does_not_show()
    {
        var one = Make.Slice("a", "shop", Make.Ready("10.0.0.2", "x"), Make.Ready("10.0.0.1", "y"));
        var two = Make.Slice("b", "shop", Make.Ready("10.0.0.1", "a"), Make.Ready("10.0.0.2", "z"));
        var gcp = Make.Copy(Make.Gcp, Make.Service("shop"), one);

        Assert.Equal(
            Merge(Make.Copy(Make.Aws, Make.Service("shop"), one, two), gcp),
            Merge(gcp, Make.Copy(Make.Aws, Make.Service("shop"), two, one)));
    }

    [Fact]
    public void Ports_are_tied_by_name_and_pods_may_differ_in_number()
    {
        var service = Make.Service("shop", Make.Port(80, "http"), Make.Port(9090, "metrics"), Make.Port(53, "dns", "UDP"));
        var old = Make.Slice("a", "shop", Make.Ready("10.0.0.1")) with
        {
            Ports = [new EndpointPort("http", 8080, "TCP", null), new EndpointPort("metrics", 9100, "TCP", null), new EndpointPort("dns", 53, "UDP", null)],
        };
        var young = Make.Slice("b", "shop", Make.Ready("10.0.0.2")) with { Ports = [new EndpointPort("http", 8081, "TCP", null)] };

        var fragment = Merge(Make.Copy(Make.Aws, service, old, young));

        Assert.Equal(["10.0.0.1 8080", "10.0.0.2 8081"], Endpoints(fragment, PortRef.Named("http")));
        Assert.Equal(["10.0.0.1 9100"], Endpoints(fragment, PortRef.Numbered(9090)));
        Assert.Null(fragment!.Members[0].Find(PortRef.Named("dns")));
    }

    public static TheoryData<EndpointPort> UnusablePorts =>
    [
        new EndpointPort("", null, "TCP", null),
        new EndpointPort("", 8080, "UDP", null),
        new EndpointPort("", 8080, "SCTP", null),
        new EndpointPort("", 0, "TCP", null),
        new EndpointPort("", 70_000, "TCP", null),
        new EndpointPort("other", 8080, "TCP", null),
    ];

    [Theory]
    [MemberData(nameof(UnusablePorts))]
    public void A_slice_port_that_is_no_tcp_number_or_of_another_name_gives_nothing(EndpointPort port) =>
        Assert.Empty(Endpoints(Merge(Make.Copy(
            Make.Aws, Make.Service("shop"), Make.Slice("a", "shop", Make.Ready("10.0.0.1")) with { Ports = [port] }))));

    [Fact]
    public void Endpoints_that_terminate_serve_only_while_none_is_ready_in_the_member()
    {
        var ending = Make.Slice("a", "shop", Make.Terminating("10.0.0.1", serving: true), Make.Terminating("10.0.0.2", serving: false));
        var ready = Make.Slice("b", "shop", Make.Ready("10.0.0.3"));

        Assert.Equal(["10.0.0.1 8080"], Endpoints(Merge(Make.Copy(Make.Aws, Make.Service("shop"), ending))));
        Assert.Equal(["10.0.0.3 8080"], Endpoints(Merge(Make.Copy(Make.Aws, Make.Service("shop"), ending, ready))));
        var both = Merge(
            Make.Copy(Make.Aws, Make.Service("shop"), ending), Make.Copy(Make.Gcp, Make.Service("shop"), ready));
        Assert.Equal(["10.0.0.1 8080"], Endpoints(both));
    }

    [Fact]
    public void An_unready_endpoint_that_does_not_terminate_gets_nothing() =>
        Assert.Empty(Endpoints(Merge(Make.Copy(
            Make.Aws, Make.Service("shop"), Make.Slice("a", "shop", new Endpoint(["10.0.0.1"], Ready: false, Serving: true, Terminating: false))))));

    /// <param name="endpoints">Number, state (r, u: not ready; d: drains; g: gone) and zone of each; | begins another slice, 6 before the number is its other family.</param>
    /// <param name="taking">Numbers of those that get traffic.</param>
    /// <param name="unready">By zone.</param>
    [Theory]
    [InlineData("1ra 2ra 3ra", "1 2 3", "")]
    [InlineData("1ra 2ua 3ub 4ub", "1", "a=1 b=2")]
    [InlineData("1r 2u", "1", "=1")]
    [InlineData("1ua 2ua", "", "a=2")]
    // Nobody misses those that terminate.
    [InlineData("1ra 2da 3ga", "1", "")]
    [InlineData("1da 2ga 3ua", "1", "a=1")]
    [InlineData("1ga", "", "")]
    // One that moves from a slice to another is in both for a moment.
    [InlineData("1ua 2ua|1ra", "1", "a=1")]
    [InlineData("1ra|1ua 2ua", "1", "a=1")]
    [InlineData("1ua|1ua", "", "a=1")]
    // Each pod once, though it is in a slice of either family.
    [InlineData("1ra 2ua|61ra 62ua", "1", "a=1")]
    [InlineData("1ra|61ra 62ua", "1", "a=1")]
    [InlineData("1ra|61ua", "1", "")]
    public void Endpoints_that_are_not_ready_are_counted_by_zone(string endpoints, string taking, string unready)
    {
        var slices = endpoints.Split('|').Select((slice, i) => Make.Slice($"s{i}", "shop", [.. slice.Split(' ').Select(EndpointOf)]) with { AddressType = slice[0] == '6' ? "IPv6" : "IPv4" }).ToArray();
        var port = Merge(Make.Copy(Make.Aws, Make.Service("shop"), slices))!.Members[0].Ports[0];

        Assert.Equal(taking, string.Join(' ', port.Endpoints.Select(static endpoint => endpoint.Address.Split('.')[^1])));
        Assert.Equal(unready, string.Join(' ', port.Unready.Select(static zone => $"{zone.Zone}={zone.Count}")));
    }

    private static Endpoint EndpointOf(string text)
    {
        var number = text.TakeWhile(char.IsDigit).Last();
        var state = text.SkipWhile(char.IsDigit).First();
        return new Endpoint([text[0] == '6' ? $"fd00::{number}" : $"10.0.0.{number}"], state == 'r', state is 'r' or 'd', state is 'd' or 'g')
        {
            PodName = $"pod-{number}",
            Zone = text[(text.IndexOf(state, StringComparison.Ordinal) + 1)..],
        };
    }

    [Fact]
    public void Who_is_not_ready_is_counted_at_the_port_that_it_has()
    {
        var service = Make.Service("shop", Make.Port(80, "http"), Make.Port(9090, "metrics"));
        var slice = Make.Slice("a", "shop", EndpointOf("1u")) with { Ports = [new EndpointPort("http", 8080, "TCP", null)] };
        Assert.Equal([1, 0], Merge(Make.Copy(Make.Aws, service, slice))!.Members[0].Ports.Select(static port => port.Unready.Sum(static zone => zone.Count)));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("FD00:0:0::A", "fd00::a")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("1", null)]
    [InlineData("10.1", null)]
    [InlineData("010.0.0.1", null)]
    [InlineData("0x7f.0.0.1", null)]
    [InlineData("10.0.0.1:80", null)]
    [InlineData("10.0.0.1 ", null)]
    [InlineData("10.0.0.1\n", null)]
    [InlineData("10.0.0.256", null)]
    [InlineData("0.0.0.0", null)]
    [InlineData("::", null)]
    [InlineData("224.0.0.1", null)]
    [InlineData("255.255.255.255", null)]
    [InlineData("169.254.169.254", null)]
    [InlineData("::ffff:169.254.169.254", null)]
    [InlineData("::ffff:0.0.0.0", null)]
    [InlineData("fe80::1", null)]
    [InlineData("fe80::1%eth0", null)]
    [InlineData("ff02::1", null)]
    [InlineData("[::1]", null)]
    [InlineData("localhost", null)]
    [InlineData("%[x]; del server", null)]
    [InlineData("", null)]
    public void Addresses_are_canonical_or_refused(string text, string? expected)
    {
        var fragment = Merge(Make.Copy(Make.Aws, Make.Service("shop"), Make.Slice("a", "shop", Make.Ready("10.9.9.9"), Make.Ready(text))));

        string[] wanted = expected is null ? ["10.9.9.9 8080"] : [.. new[] { "10.9.9.9 8080", $"{expected} 8080" }.Order(StringComparer.Ordinal)];
        Assert.Equal(wanted, Endpoints(fragment));
        Assert.Equal(expected is null ? 1 : 0, fragment!.Conditions.Count);
    }

    [Fact]
    public void Refused_addresses_are_counted()
    {
        var fragment = Merge(Make.Copy(Make.Aws, Make.Service("shop"), Make.Slice("a", "shop", Make.Ready("x"), Make.Ready("y\n"), Make.Ready("x"))))!;

        var condition = Assert.Single(fragment.Conditions).Condition;
        Assert.Equal((ConditionType.PartiallyInvalid, Reasons.InvalidEndpoint), (condition.Type, condition.Reason));
        Assert.Equal(
            "aws: Service web/shop: 2 endpoint addresses can't be a server's (one is \"x\") and get no traffic; write unicast IP addresses",
            condition.Message);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:7f00:1")]
    public void The_proxys_own_machine_is_no_endpoint_unless_it_may_be(string address)
    {
        var copy = Make.Copy(Make.Aws, Make.Service("shop"), Make.Slice("a", "shop", Make.Ready(address), Make.Ready("10.0.0.1")));

        var fragment = Merge(copy)!;

        Assert.Equal(["10.0.0.1 8080"], Endpoints(fragment));
        var condition = Assert.Single(fragment.Conditions).Condition;
        Assert.Equal(Reasons.InvalidEndpoint, condition.Reason);
        Assert.StartsWith($"aws: Service web/shop: 1 endpoint addresses are of the proxy's own machine (one is \"{address}\")", condition.Message, StringComparison.Ordinal);
        var allowed = BackendFederation.Merge(Make.Shop, [copy], ExternalNameResolution.Empty, new EndpointOptions(AllowLoopback: true))!;
        Assert.Equal(2, Endpoints(allowed).Length);
        Assert.Empty(allowed.Conditions);
    }

    [Theory]
    [InlineData("127.0.0.1", "own machine")]
    [InlineData("::1", "own machine")]
    [InlineData("::ffff:127.0.0.1", "own machine")]
    [InlineData("169.254.169.254", "can't be a server's")]
    [InlineData("::ffff:169.254.169.254", "can't be a server's")]
    [InlineData("fe80::1", "can't be a server's")]
    [InlineData("0.0.0.0", "can't be a server's")]
    [InlineData("::", "can't be a server's")]
    public void An_external_name_does_not_lead_to_the_proxys_own_machine_or_a_clouds_metadata(string address, string said)
    {
        var resolution = new ExternalNameResolution(new Dictionary<string, EquatableArray<string>> { ["db.example"] = [address] });

        var fragment = BackendFederation.Merge(Make.Shop, [Make.Copy(Make.Aws, External(Make.Port(80, "", target: "9070")))], resolution)!;

        Assert.Empty(Endpoints(fragment));
        Assert.Contains(said, Assert.Single(fragment.Conditions).Condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_of_a_dual_stack_service_is_one_endpoint_of_the_preferred_family()
    {
        var copy = Make.Copy(
            Make.Aws,
            Make.Service("shop"),
            Make.Slice("four", "shop", Make.Ready("10.0.0.1", "one"), Make.Ready("10.0.0.2", "two"), Make.Ready("10.0.0.9")),
            Make.Slice("six", "shop", Make.Ready("2001:db8::1", "one"), Make.Ready("2001:db8::3", "three"), Make.Ready("2001:db8::9")) with { AddressType = "IPv6" });

        Assert.Equal(["10.0.0.1 8080", "10.0.0.2 8080", "10.0.0.9 8080", "2001:db8::3 8080", "2001:db8::9 8080"], Endpoints(Merge(copy)!));
        var six = BackendFederation.Merge(Make.Shop, [copy], ExternalNameResolution.Empty, new EndpointOptions(PreferFamily: AddressFamily.IPv6))!;
        Assert.Equal(["10.0.0.2 8080", "10.0.0.9 8080", "2001:db8::1 8080", "2001:db8::3 8080", "2001:db8::9 8080"], Endpoints(six));
    }

    [Fact]
    public void A_pod_whose_slices_change_one_after_the_other_does_not_change_families()
    {
        var copy = Make.Copy(
            Make.Aws,
            Make.Service("shop"),
            Make.Slice("four", "shop", Make.Ready("10.0.0.1", "one") with { Ready = false }, Make.Ready("10.0.0.2", "two")),
            Make.Slice("six", "shop", Make.Ready("2001:db8::1", "one"), Make.Ready("2001:db8::2", "two")) with { AddressType = "IPv6" });

        Assert.Equal(["10.0.0.2 8080"], Endpoints(Merge(copy)!));
    }

    [Fact]
    public void An_external_name_with_both_families_has_the_addresses_of_the_preferred_one()
    {
        var resolution = new ExternalNameResolution(new Dictionary<string, EquatableArray<string>> { ["db.example"] = ["2001:db8::1", "192.0.2.1"] });
        string[] With(AddressFamily family) =>
            Endpoints(BackendFederation.Merge(Make.Shop, [Make.Copy(Make.Aws, External(Make.Port(80)))], resolution, new EndpointOptions(PreferFamily: family))!);

        Assert.Equal(["192.0.2.1 80"], With(AddressFamily.IPv4));
        Assert.Equal(["2001:db8::1 80"], With(AddressFamily.IPv6));
    }

    [Fact]
    public void Names_that_are_none_are_left_out()
    {
        var endpoint = Make.Ready("10.0.0.1", "pod\n;") with { NodeName = "node 1", Zone = "eu west\"" };

        var fragment = Merge(Make.Copy(Make.Aws, Make.Service("shop"), Make.Slice("a", "shop", endpoint)))!;

        Assert.Equal(new BackendEndpoint("10.0.0.1", 8080, "", "", ""), Assert.Single(fragment.Members[0].Ports[0].Endpoints));
    }

    [Fact]
    public void Ports_that_are_none_or_repeat_are_said()
    {
        var service = Make.Service("shop", Make.Port(80), Make.Port(81, "a b"), Make.Port(0, "zero"), Make.Port(80, "again"));

        var fragment = Merge(Make.Copy(Make.Aws, service, Make.Slice("a", "shop", Make.Ready("10.0.0.1"))))!;

        Assert.Equal(80, Assert.Single(fragment.Members[0].Ports).Number);
        Assert.Contains("\"a b\" 81", Assert.Single(fragment.Conditions).Condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slice_that_did_not_decode_costs_only_itself()
    {
        var broken = Make.Slice("bad", "shop", Make.Ready("10.0.0.2")) with { DecodeError = "endpoints: expected a list" };

        var fragment = Merge(Make.Copy(Make.Aws, Make.Service("shop"), broken, Make.Slice("good", "shop", Make.Ready("10.0.0.1"))))!;

        Assert.Equal(["10.0.0.1 8080"], Endpoints(fragment));
        Assert.Contains("EndpointSlice web/bad", Assert.Single(fragment.Conditions).Condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_headless_service_is_like_any_other()
    {
        // spec.clusterIP is not even read: endpoints are what traffic goes to.
        var fragment = Merge(Make.Copy(Make.Aws, Make.Service("shop", Make.Port(8080)), Make.Slice("a", "shop", Make.Ready("10.0.0.1"))));

        Assert.Equal(["10.0.0.1 8080"], Endpoints(fragment, PortRef.Numbered(8080)));
    }

    private static ServiceResource External(params ServicePort[] ports) => new(Make.Meta(Make.Shop))
    {
        Type = "ExternalName",
        ExternalName = "DB.example.",
        Ports = ports.ToEquatableArray(),
    };

    private static Fragment.Backend Resolved(ServiceResource service) => BackendFederation.Merge(
        Make.Shop,
        [Make.Copy(Make.Aws, service)],
        new ExternalNameResolution(new Dictionary<string, EquatableArray<string>> { ["db.example"] = ["192.0.2.2", "192.0.2.1", "192.0.2.2", "junk"] }))!;

    [Fact]
    public void An_external_name_has_the_addresses_it_resolves_to_at_the_services_port()
    {
        var fragment = Resolved(External(Make.Port(80, "http"), Make.Port(443, "https", target: "8443"), Make.Port(5432, "pg", target: "named")));

        Assert.Equal(["192.0.2.1 80", "192.0.2.2 80"], Endpoints(fragment, PortRef.Named("http")));
        Assert.Equal(["192.0.2.1 8443", "192.0.2.2 8443"], Endpoints(fragment, PortRef.Numbered(443)));
        Assert.Equal(["192.0.2.1 5432", "192.0.2.2 5432"], Endpoints(fragment, PortRef.Named("pg")));
    }

    [Fact]
    public void An_external_name_without_ports_takes_the_number_that_the_path_names()
    {
        var fragment = Resolved(External());

        Assert.Equal(["192.0.2.1 4711", "192.0.2.2 4711"], Endpoints(fragment, PortRef.Numbered(4711)));
        Assert.Null(fragment.Members[0].Find(PortRef.Named("http")));
    }

    [Fact]
    public void An_unresolved_external_name_has_no_endpoints() =>
        Assert.Empty(Merge(Make.Copy(Make.Aws, External(Make.Port(80))))!.Members[0].Ports[0].Endpoints);

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("a b\n")]
    public void A_bad_external_name_is_said(string? name)
    {
        var service = External(Make.Port(80)) with { ExternalName = name };

        var fragment = Merge(Make.Copy(Make.Aws, service))!;

        Assert.Contains("spec.externalName", Assert.Single(fragment.Conditions).Condition.Message, StringComparison.Ordinal);
        Assert.Empty(BackendFederation.ExternalNames([Make.Copy(Make.Aws, service)]));
    }

    [Fact]
    public void Names_to_resolve_are_normal_and_listed_once()
    {
        var copies = new[]
        {
            Make.Copy(Make.Aws, External()),
            Make.Copy(Make.Gcp, External() with { ExternalName = "db.example" }),
            Make.Copy(new("x"), External() with { ExternalName = "a.example" }),
            Make.Copy(new("y"), Make.Service("shop") with { ExternalName = "not.this" }),
        };

        Assert.Equal(["a.example", "db.example"], BackendFederation.ExternalNames(copies));
    }
}
