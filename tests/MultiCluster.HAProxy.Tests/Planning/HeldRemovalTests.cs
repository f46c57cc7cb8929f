using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>A member has not been read: nothing goes that it may want.</summary>
public sealed class HeldRemovalTests
{
    private static readonly Route Cart = Make.Route(Make.Prefix("a.example", ""), "cart");

    [Fact]
    public void While_removals_are_held_things_are_only_added()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        proxy.Reconciler.HoldRemovals(Unread("aws"));
        var added = Make.Route(Make.Prefix("b.example", ""), "cart");
        Assert.Equal(
            ["add server slot-0/aws:pod:10.0.0.2:8080 10.0.0.2:8080", "set server slot-0/aws:pod:10.0.0.2:8080 state ready", "add map maps/routes.map b.example/ slot-0||web/shop"],
            proxy.Apply(Make.Delta([added], Make.Fragment("cart", "10.0.0.2"))));
        Assert.Empty(proxy.Apply(Make.Without(Cart.Key)));
        proxy.Reconciler.HoldRemovals(null);
        Assert.Equal(
            ["del map maps/routes.map a.example/", "set server slot-0/aws:pod:10.0.0.1:8080 state maint", "del server slot-0/aws:pod:10.0.0.1:8080"],
            proxy.Run());
    }

    /// <summary>Pods of a member that is read come and go, also while another one is away for hours.</summary>
    [Fact]
    public void While_removals_are_held_for_one_member_servers_of_another_go()
    {
        var proxy = new Bench(Make.Slots);
        var cart = Make.Route(Make.Prefix("a.example", ""), "cart", "aws", "gcp");
        proxy.Apply(Make.Delta([cart], Make.Spread("cart", ("aws", "10.0.0.1"), ("gcp", "10.1.0.1"))));
        proxy.Reconciler.HoldRemovals(Unread("gcp"));
        Assert.Equal(
            ["set server slot-0/aws:pod:10.0.0.1:8080 state maint", "del server slot-0/aws:pod:10.0.0.1:8080"],
            proxy.Apply(Make.Delta([], Make.Fragment("cart"))));
        Assert.False(proxy.Reconciler.HoldsNothingBack);
        proxy.Reconciler.HoldRemovals(null);
        Assert.Equal(["set server slot-0/gcp:pod:10.1.0.1:8080 state maint", "del server slot-0/gcp:pod:10.1.0.1:8080"], proxy.Run());
        Assert.True(proxy.Reconciler.HoldsNothingBack);
    }

    /// <summary>An agent that stopped before the name of the place was in the map leaves such servers.</summary>
    [Fact]
    public void While_removals_are_held_nobody_moves_in_with_servers_of_nobody_knows_whom()
    {
        var proxy = new Bench(Make.Slots);
        var actual = proxy.Simulator.Observe();
        actual.SetServer("slot-0", "aws:pod:10.9.0.9:8080", new ActualServer("10.9.0.9", 8080, InMaintenance: false));
        proxy.Reconciler.Adopt(actual);
        proxy.Reconciler.HoldRemovals(Unread("aws"));
        Assert.Empty(proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1"))));
        Assert.Empty(proxy.Apply(Make.Delta([], Make.Fragment("cart", "10.0.0.1", "10.0.0.2"))));
    }

    [Fact]
    public void Routes_of_nobody_knows_whom_are_diverted_before_anybody_moves_in()
    {
        var proxy = new Bench(Make.Slots);
        var actual = proxy.Simulator.Observe();
        actual.Map(MapName.Routes)["b.example/"] = "slot-0||web/other";
        proxy.Reconciler.Adopt(actual);
        proxy.Reconciler.Apply(Make.Delta([Cart, Make.Route(Make.Prefix("b.example", ""), "none")], Make.Fragment("cart", "10.0.0.1")));
        var lines = proxy.Reconciler.Next().Commands.Select(static planned => planned.Command.Line).ToList();
        Assert.EndsWith("b.example/ no-endpoints||web/other", lines[0], StringComparison.Ordinal);
        Assert.Contains("add server slot-0/", string.Join('\n', lines.Skip(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Whose_name_was_refused_keeps_its_routes_meanwhile()
    {
        var proxy = new Bench(Make.Slots) { Refuse = static command => command.Line.StartsWith("add map", StringComparison.Ordinal) && command.Line.Contains("backends.map", StringComparison.Ordinal) };
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        Assert.InRange(proxy.Refusals, 1, 10);
        Assert.Equal([KeyValuePair.Create("a.example/", "slot-0||web/shop")], proxy.Simulator.Map(MapName.Routes));
        proxy.Refuse = static _ => false;
        Assert.Equal(["add map maps/backends.map slot-0 web/cart:80@aws"], proxy.Verify());
    }

    [Fact]
    public void While_removals_are_held_a_server_that_hands_have_named_stays()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        var actual = proxy.Simulator.Observe();
        actual.SetServer("slot-0", "canary", new ActualServer("10.0.0.9", 8080, InMaintenance: false));
        proxy.Reconciler.Adopt(actual);
        proxy.Reconciler.HoldRemovals(Unread("gcp"));
        Assert.Empty(proxy.Run());
        Assert.False(proxy.Reconciler.HoldsNothingBack);
    }

    /// <summary>Then a start file of what is wanted says all that HAProxy has.</summary>
    [Fact]
    public void Nothing_is_held_back_while_HAProxy_has_only_what_is_wanted()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        proxy.Reconciler.HoldRemovals(Unread("gcp"));
        proxy.Reconciler.Adopt(proxy.Simulator.Observe());
        Assert.False(proxy.Reconciler.HoldsNothingBack);
        proxy.Run();
        Assert.True(proxy.Reconciler.HoldsNothingBack);
        proxy.Apply(Make.Without(Cart.Key));
        Assert.False(proxy.Reconciler.HoldsNothingBack);
        proxy.Apply(Make.Delta([Cart]));
        Assert.True(proxy.Reconciler.HoldsNothingBack);
    }

    /// <summary>An Ingress may come before its Service's endpoints, also while some member is away for hours.</summary>
    [Fact]
    public void While_removals_are_held_a_route_that_led_nowhere_gets_its_endpoints()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Reconciler.HoldRemovals(Unread("aws"));
        Assert.Equal([$"add map maps/routes.map a.example/ {ProgramRenderer.NoRouteBackend}||web/shop"], proxy.Apply(Make.Delta([Cart])));
        var lines = proxy.Apply(Make.Delta([], Make.Fragment("cart", "10.0.0.1")));
        Assert.Equal("set map maps/routes.map a.example/ slot-0||web/shop", lines[^1]);
        Assert.Empty(proxy.Apply(Make.Delta([], Make.Fragment("cart"))));
    }

    /// <summary>It may be taken back when all has been read.</summary>
    [Fact]
    public void While_removals_are_held_a_route_that_led_nowhere_goes_to_no_other_Ingress()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Cart]));
        proxy.Reconciler.HoldRemovals(Unread("aws"));
        var others = Cart with { Ingress = new ObjectKey("web", "other"), Backend = Make.Backend("tea") };
        Assert.DoesNotContain(proxy.Apply(Make.Delta([others], Make.Fragment("tea", "10.0.0.2"))), static line => line.StartsWith("set map", StringComparison.Ordinal));
    }

    [Fact]
    public void A_slot_is_not_handed_on_while_a_held_route_still_leads_to_it()
    {
        var proxy = new Bench(Make.Slots, slots: 1);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        proxy.Apply(Make.Delta([], Make.Fragment("cart")));
        proxy.Reconciler.HoldRemovals(Unread("aws"));
        proxy.Apply(Make.Without(Cart.Key));
        var lines = proxy.Apply(Make.Delta([Make.Route(Make.Prefix("b.example", ""), "tea")], Make.Fragment("tea", "10.0.0.2")));
        Assert.DoesNotContain(lines, static line => line.Contains("server", StringComparison.Ordinal));
        Assert.True(proxy.Reconciler.NeedsPool);
    }

    private static RemovalHold Unread(string member) => new([new MemberName(member)]);
}
