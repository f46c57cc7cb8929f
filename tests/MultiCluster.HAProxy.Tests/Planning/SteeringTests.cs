using System.Collections.Immutable;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Planning;

public sealed class SteeringTests
{
    private static readonly RouteKey Key = Make.Prefix("shop.example", "");
    private static readonly Fragment.Backend Cart = Make.Spread("cart", ("aws", "10.0.0.1"), ("gcp", "10.1.0.1"));

    [Fact]
    public void Another_weight_is_map_entries_and_new_ones_come_before_old_ones_go()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(Make.Policy(("aws", 50), ("gcp", 50))));
        var lines = proxy.Apply(Delta(Make.Policy(("aws", 75), ("gcp", 25))));
        Assert.All(lines, static line => Assert.Matches("^(add|set|del) map maps/shares.map ", line));
        Assert.InRange(lines.Count, 1, 40);
        Assert.Equal(lines.OrderBy(static line => line.StartsWith("del", StringComparison.Ordinal)), lines);
        Assert.Equal((7500, 2500), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));
    }

    [Theory]
    [InlineData(10, 100)]
    [InlineData(7, 100)]
    [InlineData(5, 71.4)]
    [InlineData(2, 28.6)]
    [InlineData(1, 14.3)]
    [InlineData(0, 0)]
    public void Endpoints_that_are_not_ready_count_against_the_threshold(int ready, double percent)
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(Primary, Of(10, unready: 0)));
        proxy.Apply(Delta(Primary, Of(ready, unready: 10 - ready)));
        Assert.Equal(percent, Math.Round(Drawn(proxy, "aws") / 100.0, 1));
        Assert.Equal(10_000, Drawn(proxy, "aws") + Drawn(proxy, "gcp"));
    }

    /// <summary>Of ten endpoints of gcp, which shares the first priority with ten healthy ones of aws. The last one that is no longer ready is no cliff.</summary>
    [Theory]
    [InlineData(10, 0, 5_000, 5_000, 0)]
    [InlineData(4, 6, 6_364, 3_636, 0)]
    [InlineData(2, 8, 6_667, 1_905, 1_428)]
    [InlineData(1, 9, 6_875, 982, 2_143)]
    [InlineData(0, 10, 7_143, 0, 2_857)]
    [InlineData(0, 0, 10_000, 0, 0)]
    public void A_member_without_a_ready_endpoint_lacks_what_it_has(int ready, int unready, int aws, int gcp, int lab)
    {
        var proxy = new Bench(Make.Slots);
        var policy = new TrafficPolicy { Clusters = [new ClusterTraffic(new MemberName("aws")), new ClusterTraffic(new MemberName("gcp")), new ClusterTraffic(new MemberName("lab"), Priority: 1)] };
        var cart = new Fragment.Backend(new ObjectKey("web", "cart"), [Ports("aws", 0, 10, 0), Ports("gcp", 1, ready, unready), Ports("lab", 2, 10, 0)]);
        proxy.Apply(Make.Delta([Make.Route(Key, "cart", "aws", "gcp", "lab") with { Traffic = policy }], cart));
        Assert.Equal((aws, gcp, lab), (Drawn(proxy, "aws"), Drawn(proxy, "gcp"), Drawn(proxy, "lab")));

        static MemberBackend Ports(string member, int net, int ready, int unready) => new(new MemberName(member),
        [
            new BackendPort("http", 80, "", Enumerable.Range(1, ready).Select(pod => Make.Endpoint($"10.{net}.0.{pod}")).ToEquatableArray())
            {
                Unready = unready == 0 ? [] : [new UnreadyEndpoints("zone", unready)],
            },
        ]);
    }

    [Theory]
    [InlineData(MemberState.Active, false, 7_143)]
    [InlineData(MemberState.Drain, false, 10_000)]
    [InlineData(MemberState.Disabled, false, 10_000)]
    [InlineData(MemberState.Active, true, 10_000)]
    public void Only_a_member_that_should_take_traffic_lacks_any(MemberState state, bool isRemoved, int aws)
    {
        var proxy = new Bench(Make.Slots);
        var policy = new TrafficPolicy { Clusters = [new ClusterTraffic(new MemberName("aws")), new ClusterTraffic(new MemberName("gcp")), new ClusterTraffic(new MemberName("lab"), Priority: 1)] };
        var unready = new BackendPort("http", 80, "", []) { Unready = [new UnreadyEndpoints("zone", 1)] };
        var cart = Make.Spread("cart", ("aws", "10.0.0.1"), ("lab", "10.2.0.1"));
        cart = cart with { Members = [cart.Members[0], new MemberBackend(new MemberName("gcp"), [unready]), cart.Members[1]] };
        proxy.Apply(Make.Delta([Make.Route(Key, "cart", "aws", "gcp", "lab") with { Traffic = policy }], cart));
        proxy.Apply(Make.Traits(("gcp", new MemberTraits(state) { IsRemoved = isRemoved })));
        Assert.Equal((aws, 10_000 - aws), (Drawn(proxy, "aws"), Drawn(proxy, "lab")));
    }

    [Fact]
    public void How_many_are_not_ready_is_shares_and_nothing_else()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(Primary, Of(2, unready: 0)));
        Assert.Equal(10_000, Drawn(proxy, "aws"));
        var lines = proxy.Apply(Make.Delta([], Of(2, unready: 8)));
        Assert.All(lines, static line => Assert.Matches("^(add|set|del) map maps/shares.map ", line));
        Assert.InRange(lines.Count, 1, 40);
        Assert.Equal(2_857, Drawn(proxy, "aws"));
        // Of those that are ready one fails its checks: it is missing as the others are.
        Fail(proxy, "aws", "aws:pod:10.0.0.1:8080:c");
        Assert.Equal(1_429, Drawn(proxy, "aws"));
        proxy.Apply(Make.Delta([], Of(2, unready: 0)));
        Assert.Equal(7_143, Drawn(proxy, "aws"));
        Assert.Empty(proxy.Apply(Make.Delta([], Of(2, unready: 0))));
    }

    [Fact]
    public void A_rollout_that_starts_a_pod_beside_few_gives_away_little()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(Primary, Of(10, unready: 3)));
        Assert.Equal(10_000, Drawn(proxy, "aws"));
        proxy.Apply(Make.Delta([], Of(2, unready: 1)));
        Assert.Equal(9_524, Drawn(proxy, "aws"));
    }

    private static readonly TrafficPolicy Primary = new()
    {
        Clusters = [new ClusterTraffic(new MemberName("aws")), new ClusterTraffic(new MemberName("gcp"), Priority: 1)],
    };

    /// <param name="ready">In aws; gcp has one.</param>
    private static Fragment.Backend Of(int ready, int unready) => new(new ObjectKey("web", "cart"),
    [
        new MemberBackend(new MemberName("aws"),
        [
            new BackendPort("http", 80, "", Enumerable.Range(1, ready).Select(static pod => Make.Endpoint($"10.0.0.{pod}")).ToEquatableArray())
            {
                Unready = unready == 0 ? [] : [new UnreadyEndpoints("zone", unready)],
            },
        ]),
        Cart.Members[1],
    ]);

    [Fact]
    public void Checks_that_fail_move_the_share_and_back()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(Make.Policy(("aws", 50), ("gcp", 50))));
        Fail(proxy, "gcp", isDown: true);
        Assert.Equal((10_000, 0), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));
        Fail(proxy, "gcp", isDown: false);
        Assert.Equal((5_000, 5_000), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));
    }

    [Fact]
    public void Who_comes_back_waits_and_then_ramps()
    {
        var proxy = new Bench(Make.Slots);
        var policy = new TrafficPolicy
        {
            Clusters = [new ClusterTraffic(new MemberName("aws")), new ClusterTraffic(new MemberName("gcp"), Priority: 1)],
            FailbackDelay = TimeSpan.FromSeconds(60),
            SlowStart = TimeSpan.FromSeconds(10),
        };
        proxy.Apply(Delta(policy));
        Assert.Equal(10_000, Drawn(proxy, "aws"));
        Fail(proxy, "aws", isDown: true);
        Assert.Equal(0, Drawn(proxy, "aws"));
        Fail(proxy, "aws", isDown: false);
        foreach (var (seconds, drawn) in ((int, int)[])[(0, 0), (59, 0), (60, 1_000), (65, 5_000), (69, 9_000), (70, 10_000)])
        {
            Advance(proxy, seconds);
            Assert.Equal(drawn, Drawn(proxy, "aws"));
        }
    }

    [Fact]
    public void A_new_agent_gives_nothing_at_once_to_a_member_that_was_about_to_come_back()
    {
        var policy = Make.Policy(("aws", 50), ("gcp", 50)) with { FailbackDelay = TimeSpan.FromSeconds(60) };
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(policy));
        Fail(proxy, "gcp", isDown: true);
        Fail(proxy, "gcp", isDown: false);
        Assert.Equal(0, Drawn(proxy, "gcp"));

        var observed = proxy.Simulator.Observe();
        var held = observed.Map(MapName.Backends).Select(static entry => KeyValuePair.Create(entry.Key, BackendNames.Parse(entry.Value)!));
        var next = new Reconciler(new DesiredData(new BackendPool(Make.Slots, 4, held)), new Planner(new Commands(Make.Paths), Make.Slots));
        next.Adopt(observed);
        next.Apply(Delta(policy));
        Assert.True(next.Next().IsEmpty);
        next.Desired.Now = TimeSpan.FromSeconds(60);
        next.TakeHealth(ImmutableDictionary<string, IReadOnlySet<string>>.Empty);
        Assert.Contains(next.Next().Commands, static planned => planned.Command.Line.Contains("shares.map", StringComparison.Ordinal));
    }

    [Fact]
    public void A_member_that_drains_keeps_its_servers_and_one_that_is_disabled_loses_them()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Make.Route(Key, "cart", "aws", "gcp")], Cart));
        Assert.Equal(["set server slot-0/gcp:pod:10.1.0.1:8080 state drain"], proxy.Apply(Make.Traits(("gcp", new MemberTraits(MemberState.Drain)))));
        Assert.Empty(proxy.Verify());
        Assert.Equal(["set server slot-0/gcp:pod:10.1.0.1:8080 state ready"], proxy.Apply(Make.Traits(("gcp", MemberTraits.Default))));
        foreach (var traits in (MemberTraits[])[new(MemberState.Disabled), MemberTraits.Default with { IsRemoved = true }])
        {
            Assert.Contains("del server slot-0/gcp:pod:10.1.0.1:8080", proxy.Apply(Make.Traits(("gcp", traits))));
            Assert.Contains("set server slot-0/gcp:pod:10.1.0.1:8080 state ready", proxy.Apply(Make.Traits(("gcp", null))));
        }
    }

    [Fact]
    public void Servers_of_a_stale_member_are_swapped_for_checked_ones()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Make.Route(Key, "cart", "aws", "gcp")], Cart));
        Assert.Equal(
            [
                "add server slot-0/gcp:pod:10.1.0.1:8080:c 10.1.0.1:8080 check inter 2000ms fall 3 rise 2",
                "enable health slot-0/gcp:pod:10.1.0.1:8080:c",
                "set server slot-0/gcp:pod:10.1.0.1:8080:c state ready",
                "set server slot-0/gcp:pod:10.1.0.1:8080 state maint",
                "del server slot-0/gcp:pod:10.1.0.1:8080",
            ],
            proxy.Apply(Make.Traits(("gcp", MemberTraits.Default with { IsStale = true }))));
    }

    [Fact]
    public void A_server_stays_as_long_as_HAProxy_refuses_the_one_that_takes_its_place()
    {
        var proxy = new Bench(Make.Slots) { Refuse = static command => command.Line.StartsWith("add server slot-0/gcp:pod:10.1.0.1:8080:c ", StringComparison.Ordinal) };
        proxy.Apply(Make.Delta([Make.Route(Key, "cart", "aws", "gcp")], Cart));
        proxy.Apply(Make.Traits(("gcp", MemberTraits.Default with { IsStale = true })));
        Assert.InRange(proxy.Refusals, 1, 10);
        Assert.Equal(["10.0.0.1", "10.1.0.1"], proxy.Simulator.Backends["slot-0"].Serving.Select(static server => server.Address).Order(StringComparer.Ordinal));
        proxy.Refuse = static _ => false;
        proxy.Verify();
        Assert.Equal(["aws:pod:10.0.0.1:8080", "gcp:pod:10.1.0.1:8080:c"], proxy.Simulator.Backends["slot-0"].Servers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_route_that_waits_for_a_place_does_not_wait_without_endpoints()
    {
        var proxy = new Bench(Make.Slots, slots: 2);
        var plain = Make.Route(Key, "cart", "aws", "gcp");
        var policy = new TrafficPolicy { Balance = LoadBalancing.LeastConnections };
        var tea = Make.Route(Make.Prefix("tea.example", ""), "tea", "aws", "gcp") with { Traffic = policy };
        proxy.Apply(Make.Delta([plain, tea], Cart, Make.Spread("tea", ("aws", "10.2.0.1"), ("gcp", "10.3.0.1"))));
        Assert.Empty(proxy.Apply(Make.Delta([plain with { Traffic = policy }])));
        Assert.True(proxy.Reconciler.NeedsPool);
        Assert.Equal(["set map maps/routes.map shop.example/ no-endpoints||web/shop"], proxy.Apply(Make.Delta([], Make.Spread("cart"))).Take(1));
        Assert.False(proxy.Reconciler.NeedsPool);
        Assert.Empty(proxy.Simulator.Backends["slot-0"].Servers);
    }

    [Fact]
    public void Beyond_the_limit_nothing_is_checked_and_that_is_said_once()
    {
        var desired = new DesiredData(new BackendPool(Make.Slots, 4, []), new SteeringOptions(ProxyLocality.Unknown, 1, "key"));
        desired.Apply(Delta(new TrafficPolicy()));
        Assert.Single(desired.Backends.SelectMany(static backend => backend.Servers.Values), static server => server.IsChecked);
        var (item, reason) = Assert.Single(desired.TakeNewRefusals());
        Assert.Equal(new RefusedItem(RefusedKind.Check, "web/cart:80@gcp|rr"), item);
        Assert.Contains("limit of 1", reason, StringComparison.Ordinal);
        desired.Apply(Delta(new TrafficPolicy { SessionAffinity = false }));
        Assert.Empty(desired.TakeNewRefusals());
    }

    [Fact]
    public void Room_under_the_limit_goes_to_who_was_left_unchecked()
    {
        var desired = new DesiredData(new BackendPool(Make.Slots, static _ => 4, []), new SteeringOptions(ProxyLocality.Unknown, 1, "key"));
        desired.Apply(Delta(new TrafficPolicy()));
        Assert.Equal(["aws"], Checked());
        desired.Apply(Delta(new TrafficPolicy(), Make.Spread("cart", ("gcp", "10.1.0.1"))));
        Assert.Equal(["gcp"], Checked());
        Assert.Empty(desired.Refused);

        // Also what another Service leaves.
        var other = Make.Route(Make.Prefix("tea.example", ""), "tea") with { Traffic = new TrafficPolicy() };
        desired.Apply(Make.Delta([other], Make.Fragment("tea", "10.2.0.1")));
        Assert.Equal(["gcp"], Checked());
        desired.Apply(Make.Without(Key));
        Assert.Equal(["aws"], Checked());
        Assert.Empty(desired.Refused);

        IEnumerable<string> Checked() => desired.Backends.Where(static backend => backend.CheckedServers > 0).Select(static backend => backend.Key.Member.Value);
    }

    [Fact]
    public void While_removals_are_held_a_choice_stays_as_it_is()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(Make.Policy(("aws", 50), ("gcp", 50))));
        proxy.Reconciler.HoldRemovals(new RemovalHold([new MemberName("gcp")]));
        Assert.Empty(proxy.Apply(Delta(Make.Policy(("aws", 75), ("gcp", 25)), Make.Spread("cart", ("aws", "10.0.0.1")))));
        Assert.Equal((5_000, 5_000), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));
        proxy.Reconciler.HoldRemovals(null);
        proxy.Run();
        Assert.Equal((10_000, 0), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));
    }

    /// <summary>A cloud is away, the controller has started anew and knows from its database what was there: an operator drains.</summary>
    [Fact]
    public void While_only_removals_are_held_a_choice_follows_and_what_it_leads_to_stays()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(Make.Policy(("aws", 50), ("gcp", 50))));
        proxy.Reconciler.HoldRemovals(new RemovalHold([new MemberName("aws")]) { OfValues = false });
        proxy.Apply(Delta(Make.Policy(("aws", 25), ("gcp", 75))));
        Assert.Equal((2_500, 7_500), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));

        proxy.Apply(Delta(Make.Policy(("aws", 0), ("gcp", 50))));
        Assert.Equal((0, 10_000), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));
        Assert.True(proxy.Reconciler.HoldsNothingBack);

        // A drain that leaves nobody.
        proxy.Apply(Delta(Make.Policy(("aws", 0), ("gcp", 0))));
        Assert.Equal((0, 0), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));
        proxy.Apply(Delta(Make.Policy(("aws", 0), ("gcp", 50))));
        Assert.Equal((0, 10_000), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));
        Assert.True(proxy.Reconciler.HoldsNothingBack);

        // A route that is gone may be the missing member's, and needs its choice.
        Assert.Empty(proxy.Apply(Make.Without(Key)));
        Assert.Equal((0, 10_000), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));
        Assert.False(proxy.Reconciler.HoldsNothingBack);
        proxy.Reconciler.HoldRemovals(null);
        proxy.Run();
        Assert.Empty(proxy.Simulator.Map(MapName.Routes));
        Assert.Empty(proxy.Simulator.Map(MapName.Shares));
    }

    /// <summary>The name of an owner before is on the place of one group, and may not be changed yet.</summary>
    [Fact]
    public void While_removals_are_held_a_new_choice_comes_whole_or_not_at_all()
    {
        var proxy = new Bench(Make.Slots);
        var actual = proxy.Simulator.Observe();
        actual.Map(MapName.Backends)["lc-0"] = "web/old:80@aws|lc";
        proxy.Reconciler.Adopt(actual);
        proxy.Reconciler.HoldRemovals(new RemovalHold([new MemberName("lab")]));
        var policy = Make.Policy(("aws", 50), ("gcp", 50)) with { Balance = LoadBalancing.LeastConnections };
        Assert.DoesNotContain(proxy.Apply(Delta(policy)), static line => line.Contains("routes.map", StringComparison.Ordinal) || line.Contains("shares.map", StringComparison.Ordinal));
        proxy.Reconciler.HoldRemovals(null);
        proxy.Verify();
        Assert.Equal((5_000, 5_000), (Drawn(proxy, "aws"), Drawn(proxy, "gcp")));
        Assert.Single(proxy.Simulator.Map(MapName.Routes));
    }

    [Theory]
    [InlineData(false, false, false, "")]
    [InlineData(true, false, false, " ssl verify none sni req.hdr(host),host_only check-ssl check-sni shop.example")]
    [InlineData(true, true, false, " ssl verify required ca-file certs/authorities.pem sni req.hdr(host),host_only check-ssl check-sni shop.example")]
    [InlineData(true, true, true, " ssl verify required ca-file certs/authorities.pem sni req.hdr(host),host_only send-proxy-v2 check-ssl check-sni shop.example check-send-proxy")]
    [InlineData(false, false, true, " send-proxy-v2 check-send-proxy")]
    public void A_member_is_spoken_to_as_it_wants(bool tls, bool verify, bool proxyProtocol, string words)
    {
        var proxy = new Bench(Make.Slots);
        var fragment = Make.Fragment("cart", "10.0.0.1");
        fragment = fragment with { Members = [fragment.Members[0] with { Transport = new EndpointTransport(tls, verify, proxyProtocol) }] };
        Assert.Contains(proxy.Apply(Delta(new TrafficPolicy(), fragment)), line => line.StartsWith("add server", StringComparison.Ordinal)
            && line.EndsWith(" check inter 2000ms fall 3 rise 2" + words, StringComparison.Ordinal));
    }

    [Fact]
    public void A_group_is_not_taken_for_the_backend_of_a_plain_route()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta(
            [Make.Route(Key, "cart"), Make.Route(Make.Prefix("shop.example", "/x"), "cart") with { Traffic = new TrafficPolicy() }], Make.Fragment("cart", "10.0.0.1")));
        Assert.Equal(["web/cart:80@aws", "web/cart:80@aws|rr"], proxy.Simulator.Map(MapName.Backends).Select(static entry => entry.Value).Order(StringComparer.Ordinal));
    }

    private static RoutingDelta Delta(TrafficPolicy policy, Fragment.Backend? cart = null) =>
        Make.Delta([Make.Route(Key, "cart", "aws", "gcp") with { Traffic = policy }], cart ?? Cart);

    private static int Drawn(Bench proxy, string member)
    {
        var groups = proxy.Simulator.Map(MapName.Backends).Where(entry => BackendNames.Parse(entry.Value)!.Member.Value == member).Select(static entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        return proxy.Simulator.Map(MapName.Shares).Where(entry => groups.Contains(entry.Value)).Sum(static entry => (int)Math.Pow(10, 5 - (entry.Key.Length - entry.Key.LastIndexOf('/') - 1)));
    }

    private static void Fail(Bench proxy, string member, bool isDown) =>
        Fail(proxy, member, isDown ? [.. proxy.Reconciler.Desired.Backends.Single(backend => backend.Key.Member.Value == member).Servers.Keys] : []);

    private static void Fail(Bench proxy, string member, params string[] servers)
    {
        var group = proxy.Reconciler.Desired.Backends.Single(backend => backend.Key.Member.Value == member);
        var down = servers.ToHashSet(StringComparer.Ordinal);
        proxy.Reconciler.TakeHealth(new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal) { [group.Name!] = down });
        proxy.Run();
    }

    private static void Advance(Bench proxy, int seconds)
    {
        proxy.Reconciler.Desired.Now = TimeSpan.FromSeconds(seconds);
        proxy.Reconciler.TakeHealth(ImmutableDictionary<string, IReadOnlySet<string>>.Empty);
        proxy.Run();
    }
}
