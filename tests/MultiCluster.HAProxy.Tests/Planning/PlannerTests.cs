using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>Plans as the commands that an operator would read in a transcript.</summary>
public sealed class PlannerTests
{
    private static readonly Route Cart = Make.Route(Make.Prefix("a.example", ""), "cart");
    private static readonly Route Tea = Make.Route(Make.Prefix("a.example", ""), "tea");

    [Fact]
    public void In_a_swap_the_new_server_is_ready_before_the_old_one_rests()
    {
        var proxy = new Bench(Make.NewerSlots);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        Assert.Equal(
            [
                "add server slot-0/aws:pod:10.0.0.2:8080 10.0.0.2:8080",
                "set server slot-0/aws:pod:10.0.0.2:8080 state ready",
                "set server slot-0/aws:pod:10.0.0.1:8080 state maint",
                "del server slot-0/aws:pod:10.0.0.1:8080",
            ],
            proxy.Apply(Make.Delta([], Make.Fragment("cart", "10.0.0.2"))));
    }

    [Fact]
    public void A_new_route_comes_after_all_that_it_needs()
    {
        var delta = Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")) with { Certificates = Make.Certificates(("a.example", Make.Certificate("c1"))).Certificates };
        var lines = new Bench(Make.Slots).Apply(delta);
        Assert.Collection(
            lines,
            static line => Assert.StartsWith("new ssl cert certs/c1", line, StringComparison.Ordinal),
            static line => Assert.StartsWith("set ssl cert certs/c1", line, StringComparison.Ordinal),
            static line => Assert.StartsWith("commit ssl cert certs/c1", line, StringComparison.Ordinal),
            static line => Assert.Equal("add ssl crt-list crt-list.txt", line),
            static line => Assert.Equal("add map maps/backends.map slot-0 web/cart:80@aws", line),
            static line => Assert.StartsWith("add server slot-0/", line, StringComparison.Ordinal),
            static line => Assert.EndsWith(" state ready", line, StringComparison.Ordinal),
            static line => Assert.Equal("add map maps/routes.map a.example/ slot-0||web/shop", line));
    }

    [Fact]
    public void A_route_moves_between_the_arrival_of_its_new_servers_and_the_leaving_of_the_old()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        var lines = proxy.Apply(Make.Delta([Tea], Make.Fragment("tea", "10.0.0.2")));
        Assert.Equal(
            [
                "add map maps/backends.map slot-1 web/tea:80@aws",
                "add server slot-1/aws:pod:10.0.0.2:8080 10.0.0.2:8080",
                "set server slot-1/aws:pod:10.0.0.2:8080 state ready",
                "set map maps/routes.map a.example/ slot-1||web/shop",
                "set server slot-0/aws:pod:10.0.0.1:8080 state maint",
                "del server slot-0/aws:pod:10.0.0.1:8080",
                "del map maps/backends.map slot-0",
            ],
            lines);
        Assert.Equal(1, proxy.Reconciler.Desired.Pool.Used);
    }

    [Fact]
    public void A_certificate_is_listed_before_the_one_it_replaces_leaves()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Certificates(("a.example", Make.Certificate("c1"))));
        var lines = proxy.Apply(Make.Certificates(("a.example", Make.Certificate("c2"))));
        Assert.Equal("add ssl crt-list crt-list.txt", lines[3]);
        Assert.StartsWith("del ssl crt-list crt-list.txt certs/c1", lines[4], StringComparison.Ordinal);
        Assert.StartsWith("del ssl cert certs/c1", lines[5], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_slot_a_route_keeps_its_old_backend_until_there_is_one()
    {
        var proxy = new Bench(Make.Slots, slots: 1);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        Assert.Empty(proxy.Apply(Make.Delta([Tea], Make.Fragment("tea", "10.0.0.2"))));
        Assert.True(proxy.Reconciler.NeedsPool);

        // Given up by its route, the old backend's place goes to the one that waits: no reload is needed then.
        proxy.Apply(Make.Without(Tea.Key));
        proxy.Apply(Make.Delta([Tea]));
        Assert.False(proxy.Reconciler.NeedsPool);
        Assert.Equal("10.0.0.2", Assert.Single(proxy.Simulator.Backends["slot-0"].Serving).Address);
    }

    [Fact]
    public void A_backend_wanted_back_while_it_drains_gets_its_servers_back()
    {
        var connections = 1;
        var proxy = new Bench(Make.Slots) { Simulator = { Connections = () => connections } };
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        var lines = proxy.Apply(Make.Without(Cart.Key));
        Assert.Equal("del server slot-0/aws:pod:10.0.0.1:8080", lines[^1]);
        Assert.Equal(Make.Place("cart"), proxy.Reconciler.Desired.Pool.KeyOf("slot-0"));
        connections = 0;
        Assert.Equal(
            ["set server slot-0/aws:pod:10.0.0.1:8080 state ready", "add map maps/routes.map a.example/ slot-0||web/shop"],
            proxy.Apply(Make.Delta([Cart])));
    }

    [Fact]
    public void A_server_whose_address_was_changed_by_hand_is_made_anew()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        var drifted = proxy.Simulator.Observe();
        drifted.SetServer("slot-0", "aws:pod:10.0.0.1:8080", new ActualServer("10.9.9.9", 8080, InMaintenance: false));
        proxy.Reconciler.Adopt(drifted);
        Assert.Equal(
            [
                "set server slot-0/aws:pod:10.0.0.1:8080 state maint",
                "del server slot-0/aws:pod:10.0.0.1:8080",
                "add server slot-0/aws:pod:10.0.0.1:8080 10.0.0.1:8080",
                "set server slot-0/aws:pod:10.0.0.1:8080 state ready",
            ],
            proxy.Run());
    }

    [Fact]
    public void HAProxy_may_spell_an_IPv6_address_in_its_own_way()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "fd00::1")));
        var actual = proxy.Simulator.Observe();
        actual.SetServer("slot-0", "aws:pod:fd00::1:8080", new ActualServer("fd00:0:0::1", 8080, InMaintenance: false));
        proxy.Reconciler.Adopt(actual);
        Assert.Empty(proxy.Run());
    }

    [Fact]
    public void A_dynamic_backend_is_published_before_its_route_and_deleted_after_its_servers()
    {
        var proxy = new Bench(Make.Dynamic);
        var name = BackendNames.Dynamic(Make.Place("cart"));
        Assert.Equal(
            [
                $"add map maps/backends.map {name} web/cart:80@aws",
                $"add backend {name} from slot mode http",
                $"publish backend {name}",
                $"add server {name}/aws:pod:10.0.0.1:8080 10.0.0.1:8080",
                $"set server {name}/aws:pod:10.0.0.1:8080 state ready",
                $"add map maps/routes.map a.example/ {name}||web/shop",
            ],
            proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1"))));
        Assert.Equal(
            [
                "del map maps/routes.map a.example/",
                $"set server {name}/aws:pod:10.0.0.1:8080 state maint",
                $"del server {name}/aws:pod:10.0.0.1:8080",
                $"unpublish backend {name}",
                $"del backend {name}",
                $"del map maps/backends.map {name}",
            ],
            proxy.Apply(Make.Without(Cart.Key)));
    }

    [Fact]
    public void A_dynamic_backend_wanted_back_after_it_was_unpublished_is_published_again()
    {
        var proxy = new Bench(Make.Dynamic);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        proxy.Simulator.Connections = static () => 2;
        Assert.StartsWith("del backend", proxy.Apply(Make.Without(Cart.Key))[^1], StringComparison.Ordinal);
        proxy.Apply(Make.Delta([Cart]));
        Assert.NotEmpty(proxy.Simulator.Backends[BackendNames.Dynamic(Make.Place("cart"))].Serving);
    }

    [Fact]
    public void Back_from_an_older_start_file_a_slot_is_emptied_before_its_new_owner_moves_in()
    {
        var proxy = new Bench(Make.Slots, slots: 1);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        var older = proxy.Render();
        proxy.Apply(Make.Without(Cart.Key));
        proxy.Apply(Make.Delta([Make.Route(Make.Prefix("b.example", ""), "tea")], Make.Fragment("tea", "10.0.0.2")));
        proxy.Simulator.Load(older);
        proxy.Reconciler.Adopt(proxy.Simulator.Observe());
        Assert.Equal(
            [
                "set map maps/routes.map a.example/ no-endpoints||web/shop",
                "set server slot-0/aws:pod:10.0.0.1:8080 state maint",
                "del server slot-0/aws:pod:10.0.0.1:8080",
                "set map maps/backends.map slot-0 web/tea:80@aws",
                "add server slot-0/aws:pod:10.0.0.2:8080 10.0.0.2:8080",
                "set server slot-0/aws:pod:10.0.0.2:8080 state ready",
                "add map maps/routes.map b.example/ slot-0||web/shop",
                "del map maps/routes.map a.example/",
            ],
            proxy.Run());
    }
}
