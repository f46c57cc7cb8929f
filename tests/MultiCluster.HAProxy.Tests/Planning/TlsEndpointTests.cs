using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Planning;

public sealed class TlsEndpointTests
{
    private static readonly EndpointTransport Verified = new(Tls: true, VerifyTls: true);

    [Fact]
    public void Checks_ask_for_the_first_host_of_the_routes_and_follow_it()
    {
        var proxy = new Bench(Make.Slots);
        var first = proxy.Apply(Make.Delta([Steered("m.example")], Spoken("cart", Verified)));
        Assert.Contains(first, static line => line.StartsWith("add server", StringComparison.Ordinal) && line.Contains(" check-ssl check-sni m.example", StringComparison.Ordinal));

        // Not the first: nothing changes for the servers.
        Assert.DoesNotContain(proxy.Apply(Make.Delta([Steered("x.example")])), static line => line.Contains(" server ", StringComparison.Ordinal));
        var swap = proxy.Apply(Make.Delta([Steered("a.example")]));
        var added = swap.FindIndex(static line => line.Contains(" check-sni a.example", StringComparison.Ordinal));
        Assert.InRange(added, 0, swap.FindIndex(static line => line.StartsWith("del server", StringComparison.Ordinal)));
        Assert.Contains(proxy.Apply(Make.Without(Make.Prefix("a.example", ""))), static line => line.Contains(" check-sni m.example", StringComparison.Ordinal));
        Assert.Empty(proxy.Verify());
    }

    [Theory]
    [InlineData("*.shop.example", " check-ssl check-sni check.shop.example")]
    [InlineData("", " sni req.hdr(host),host_only")]
    public void Any_name_does_for_a_wildcard_and_without_a_host_checks_are_connections(string host, string words)
    {
        var proxy = new Bench(Make.Slots);
        Assert.Contains(
            proxy.Apply(Make.Delta([Steered(host)], Spoken("cart", Verified))),
            line => line.StartsWith("add server", StringComparison.Ordinal) && line.EndsWith(words, StringComparison.Ordinal));
        Assert.Empty(proxy.Verify());

        // In the file a check of such a server would be by TLS by itself.
        var file = string.Concat(proxy.Render().Parts.Single(static part => part.Path == ProgramPaths.Config).Chunks);
        Assert.Contains(host.Length == 0 ? $"{words} no-check-ssl\n" : $"{words}\n", file, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_endpoints_know_nothing_of_names()
    {
        var proxy = new Bench(Make.Slots);
        Assert.Contains(proxy.Apply(Make.Delta([Steered("m.example")], Spoken("cart", default))), static line => line.StartsWith("add server", StringComparison.Ordinal));
        Assert.DoesNotContain(proxy.Apply(Make.Delta([Steered("a.example")])), static line => line.Contains(" server ", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_authorities_a_verified_member_is_left_out_and_named_and_others_are_as_ever()
    {
        var desired = new DesiredData(new BackendPool(Make.Slots, static _ => 4, []), new SteeringOptions(ProxyLocality.Unknown, 10, "key", CanVerify: false));
        var cart = Make.Spread("cart", ("aws", "10.0.0.1"), ("gcp", "10.1.0.1"));
        cart = cart with { Members = [cart.Members[0] with { Transport = Verified }, cart.Members[1]] };
        var shop = Make.Route(Make.Prefix("shop.example", ""), "cart", "aws", "gcp") with { Traffic = new TrafficPolicy() };
        desired.Apply(Make.Delta([shop], cart));

        Assert.Equal(["gcp"], desired.Steers.Single().Groups.Select(static group => group.Member.Value));
        var (item, reason) = Assert.Single(desired.Refused);
        Assert.Equal(new RefusedItem(RefusedKind.Authorities, "web/cart:80@aws|rr"), item);
        Assert.Contains("haproxy.ca-file", reason, StringComparison.Ordinal);
        desired.Apply(Make.Without(shop.Key));
        Assert.Empty(desired.Refused);
    }

    [Fact]
    public void The_program_holds_authorities_of_its_own_and_nothing_takes_them_for_somebodys_servers()
    {
        var options = new ProgramOptions { Binds = [new BindOptions("*:80", false)], PoolSize = 0, Authorities = new EndpointAuthorities(Make.Pem, IsConfigured: false) };
        var simulator = new ProxySimulator(Make.Dynamic);
        var desired = Make.Desired(Make.Dynamic);
        simulator.Load(new StartFileRenderer(options, Make.Paths, Make.Dynamic, Make.Pem).Render(desired));
        var observed = simulator.Observe();
        Assert.True(observed.HasBackend(ProgramRenderer.AuthoritiesBackend));
        var reconciler = new Reconciler(desired, new Planner(new Commands(Make.Paths), Make.Dynamic));
        reconciler.Adopt(observed);
        Assert.True(reconciler.Next().IsEmpty);
        Assert.Empty(DataDiff.Between(desired, observed));

        var system = ProgramRenderer.Identity(options, Make.Paths, Make.Dynamic);
        Assert.Equal(system, Identity(new EndpointAuthorities(Make.Pem + Make.Pem, IsConfigured: false)));
        Assert.NotEqual(Identity(new EndpointAuthorities(Make.Pem, IsConfigured: true)), Identity(new EndpointAuthorities(Make.Pem + Make.Pem, IsConfigured: true)));

        ProgramIdentity Identity(EndpointAuthorities authorities) => ProgramRenderer.Identity(options with { Authorities = authorities }, Make.Paths, Make.Dynamic);
    }

    [Fact]
    public void A_session_has_the_name_of_its_service_whoever_leads_there()
    {
        var cart = new SteerKey(Make.Backend("cart", "aws"), new ObjectKey("web", "shop"));
        Assert.Equal(cart.Session, new SteerKey(Make.Backend("cart", "aws", "gcp"), new ObjectKey("web", "other")).Session);
        Assert.NotEqual(cart.Session, new SteerKey(Make.Backend("pay", "aws"), new ObjectKey("web", "shop")).Session);
        Assert.Matches("^[0-9a-f]{8}$", cart.Session);
        Assert.Contains($"|a{cart.Session}s7|", RouteMaps.Value(cart, new TrafficPolicy { SessionAffinity = true, MaxConnectionsPerEndpoint = 7 }), StringComparison.Ordinal);
    }

    private static Route Steered(string host) => Make.Route(Make.Prefix(host, ""), "cart") with { Traffic = new TrafficPolicy() };

    private static Fragment.Backend Spoken(string service, EndpointTransport transport)
    {
        var fragment = Make.Fragment(service, "10.0.0.1");
        return fragment with { Members = [fragment.Members[0] with { Transport = transport }] };
    }
}
