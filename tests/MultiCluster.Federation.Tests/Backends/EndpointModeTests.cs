using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Tests.Backends;

public sealed class EndpointModeTests
{
    private static readonly EndpointTransport Secure = new(Tls: true, VerifyTls: true, ProxyProtocol: true);
    private static readonly ServiceResource OnNodes = Make.Service("shop", Make.Port(80) with { NodePort = 30080 }) with { Type = "NodePort" };

    private static ServiceCopy Copy(EndpointMode mode, ServiceResource service, params NodeResource[] nodes) =>
        Make.Copy(Make.Aws, service, Make.Slice("s", "shop", Make.Ready("10.0.0.9") with { NodeName = "n2" })) with
        {
            Access = new EndpointAccess(mode, Secure),
            Nodes = nodes.ToEquatableArray(),
        };

    [Theory]
    [InlineData(true, EndpointMode.PodIP, true, "10.96.0.7:80")]
    [InlineData(false, EndpointMode.PodIP, true, "")]
    [InlineData(true, EndpointMode.NodePort, true, "")]
    [InlineData(true, EndpointMode.PodIP, false, "")]
    public void A_Service_has_its_own_address_where_proxies_reach_it(bool isReached, EndpointMode mode, bool hasPods, string expected)
    {
        var copy = Copy(mode, OnNodes with { ClusterAddresses = ["fd00::7", "10.96.0.7"] });
        copy = copy with { Access = copy.Access with { HasServiceAddresses = isReached }, Slices = hasPods ? copy.Slices : [] };
        var own = Merge(copy).Members[0].Find(PortRef.Numbered(80))!.OfService;
        Assert.Equal(expected, string.Join(' ', own.Select(static endpoint => $"{endpoint.Address}:{endpoint.Port}")));
    }

    private static NodeResource Node(string name, params string[] addresses) =>
        new(new ObjectMeta(new ObjectKey("", name)) { Labels = EquatableMap.From([new(MemberTraits.ZoneLabel, "eu-1a")]) })
        {
            TakesTraffic = true,
            Addresses = addresses.ToEquatableArray(),
        };

    private static ServiceResource Balanced(params string[] addresses) =>
        OnNodes with { Type = "LoadBalancer", LoadBalancerAddresses = addresses.ToEquatableArray() };

    private static Fragment.Backend Merge(ServiceCopy copy, EndpointOptions? options = null, params string[] resolved) => BackendFederation.Merge(
        Make.Shop,
        [copy],
        new ExternalNameResolution(new Dictionary<string, EquatableArray<string>> { ["lb.example"] = resolved.ToEquatableArray() }),
        options)!;

    private static string Endpoints(Fragment.Backend fragment) =>
        string.Join(' ', fragment.Members[0].Find(PortRef.Numbered(80))!.Endpoints.Select(static endpoint => $"{endpoint.Address}:{endpoint.Port}"));

    [Fact]
    public void NodePort_is_one_internal_address_of_each_ready_node()
    {
        var fragment = Merge(Copy(
            EndpointMode.NodePort, OnNodes, Node("n1", "10.1.0.1", "fd00::1", "192.0.2.1"), Node("n2", "fd00::2", "10.1.0.2"), Node("n3", "10.1.0.3") with { TakesTraffic = false }));

        Assert.Equal("10.1.0.1:30080 10.1.0.2:30080", Endpoints(fragment));
        Assert.Equal(("n1", "eu-1a", ""), (fragment.Members[0].Ports[0].Endpoints[0].Node, fragment.Members[0].Ports[0].Endpoints[0].Zone, fragment.Members[0].Ports[0].Endpoints[0].Pod));
        Assert.Equal(Secure, fragment.Members[0].Transport);
        Assert.Empty(fragment.Conditions);
    }

    [Theory]
    [InlineData(EndpointMode.PodIP, 1)]
    [InlineData(EndpointMode.NodePort, 0)]
    [InlineData(EndpointMode.LoadBalancer, 0)]
    public void Pods_that_are_not_ready_count_only_where_pods_are_the_endpoints(EndpointMode mode, int unready)
    {
        var copy = Copy(mode, Balanced("192.0.2.1") with { Ports = OnNodes.Ports }, Node("n1", "10.1.0.1"));
        var slice = copy.Slices[0];
        copy = copy with { Slices = [slice with { Endpoints = [slice.Endpoints[0], new Endpoint(["10.0.0.8"], Ready: false, Serving: false, Terminating: false)] }] };

        var port = Merge(copy).Members[0].Ports[0];
        Assert.Single(port.Endpoints);
        Assert.Equal(unready, port.Unready.Sum(static zone => zone.Count));
    }

    [Fact]
    public void With_a_local_traffic_policy_only_nodes_with_a_ready_endpoint_count()
    {
        var local = OnNodes with { IsExternalTrafficLocal = true };

        Assert.Equal("10.1.0.2:30080", Endpoints(Merge(Copy(EndpointMode.NodePort, local, Node("n1", "10.1.0.1"), Node("n2", "10.1.0.2")))));
        var none = Merge(Copy(EndpointMode.NodePort, local, Node("n1", "10.1.0.1")));
        Assert.Equal("", Endpoints(none));
        Assert.Empty(none.Conditions);
    }

    [Fact]
    public void Of_many_nodes_32_are_used_and_a_node_that_goes_moves_one_place_at_most()
    {
        NodeResource[] nodes = [.. Enumerable.Range(1, 200).Select(static i => Node($"n{i}", $"10.1.0.{i}"))];
        var before = Endpoints(Merge(Copy(EndpointMode.NodePort, OnNodes, nodes))).Split(' ').ToHashSet();

        Assert.Equal(32, before.Count);
        foreach (var gone in nodes)
        {
            var after = Endpoints(Merge(Copy(EndpointMode.NodePort, OnNodes, [.. nodes.Where(node => node != gone)]))).Split(' ');
            Assert.Equal(32, after.Length);
            Assert.InRange(after.Count(address => !before.Contains(address)), 0, 1);
        }
    }

    [Fact]
    public void LoadBalancer_is_its_addresses_and_what_its_host_names_resolve_to_at_the_services_port()
    {
        var copy = Copy(EndpointMode.LoadBalancer, Balanced("192.0.2.7", "LB.Example."));

        Assert.Equal("192.0.2.7:80 198.51.100.1:80", Endpoints(Merge(copy, null, "198.51.100.1", "127.0.0.1")));
        Assert.Equal(["lb.example"], BackendFederation.ExternalNames([copy]));
        Assert.Empty(BackendFederation.ExternalNames([Copy(EndpointMode.PodIP, Balanced("lb.example"))]));
    }

    public static TheoryData<ServiceResource, string> Auto => new()
    {
        { Balanced("192.0.2.7"), "192.0.2.7:80" },
        { Balanced(), "" },
        { OnNodes, "10.1.0.1:30080" },
        { OnNodes with { Type = "ClusterIP" }, "10.0.0.9:8080" },
    };

    [Theory]
    [MemberData(nameof(Auto))]
    public void Auto_goes_by_the_services_type(ServiceResource service, string expected) =>
        Assert.Equal(expected, Endpoints(Merge(Copy(EndpointMode.Auto, service, Node("n1", "10.1.0.1")))));

    public static TheoryData<EndpointMode, ServiceResource, string> Unusable => new()
    {
        { EndpointMode.NodePort, OnNodes, "aws has no ready Node that may be read; allow list and watch of nodes" },
        { EndpointMode.NodePort, Make.Service("shop"), "port \"\" 80 has no nodePort, which aws is reached by; make the Service of type NodePort" },
        { EndpointMode.LoadBalancer, OnNodes, "has no load balancer address, which aws is reached by; make it of type LoadBalancer" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Nothing_usable_leaves_the_port_without_endpoints_and_says_what_to_do(EndpointMode mode, ServiceResource service, string expected)
    {
        var fragment = Merge(Copy(mode, service));

        Assert.Equal("", Endpoints(fragment));
        Assert.Contains(expected, Assert.Single(fragment.Conditions).Condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_does_not_change_external_names()
    {
        var external = Make.Service("shop") with { Type = "ExternalName", ExternalName = "lb.example" };

        Assert.Equal("198.51.100.1:80", Endpoints(Merge(Copy(EndpointMode.NodePort, external), null, "198.51.100.1")));
    }
}
