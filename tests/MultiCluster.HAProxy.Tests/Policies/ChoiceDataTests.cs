using System.Text.RegularExpressions;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Policies;

/// <summary>Routes that several Ingresses share.</summary>
public sealed class ChoiceDataTests
{
    private static readonly RouteKey Key = Make.Prefix("shop.example", "/cart");
    private static readonly Fragment.Backend Canary = Make.Fragment("canary", "10.0.1.1");
    private static readonly Fragment.Backend Main = Make.Fragment("main", "10.0.0.1");

    [Fact]
    public void Every_part_of_a_request_makes_an_entry_that_commands_can_carry()
    {
        var tests = from part in Enum.GetValues<RequestPart>()
                    from match in Enum.GetValues<TextMatch>()
                    from negated in new[] { false, true }
                    select (part == RequestPart.Share ? RequestTest.Share(1, 2, 7) : new RequestTest(part, "x-a", match, [match == TextMatch.Pattern ? "^a$" : "10.0.0.1"])) with { IsNegated = negated };
        foreach (var test in tests)
        {
            var data = ChoiceData.Of(new RouteChoice([new ChoiceRule(new ObjectKey("web", "canary"), [test]), new ChoiceRule(null, [])]));
            Assert.Empty(data.Refused);
            Assert.Equal(2, data.Entries.Count);
            foreach (var (key, value) in data.Entries)
            {
                Assert.Equal(data.Id, PolicyData.IdOf(key).ToString());
                Assert.NotNull(new Commands(Make.Paths).AddMap(key, value));
            }
        }
    }

    [Fact]
    public void Text_of_an_Ingress_stands_for_itself()
    {
        var data = ChoiceData.Of(new RouteChoice([new ChoiceRule(new ObjectKey("web", "canary"), [new RequestTest(RequestPart.Header, "x", TextMatch.Equal, [".*)|(\\E \"';"])])]));
        var key = Assert.Single(data.Entries.Keys, static key => RouteMaps.IsPatterns(key.Map)).Key;
        Assert.Contains(@"(?:\x2E\x2A\x29\x7C\x28\x5CE\x20\x22\x27\x3B)\r", key, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_HAProxy_would_not_take_matches_nothing()
    {
        var data = ChoiceData.Of(new RouteChoice([new ChoiceRule(new ObjectKey("web", "canary"), [new RequestTest(RequestPart.Header, "x", TextMatch.Pattern, ["^(a"])])]));
        Assert.Contains("(?!)", Assert.Single(data.Entries.Keys, static key => RouteMaps.IsPatterns(key.Map)).Key, StringComparison.Ordinal);
    }

    /// <summary>HAProxy would not start with it: each is as large as one may be.</summary>
    [Fact]
    public void Expressions_that_are_too_large_together_are_left_out()
    {
        const string Large = "^(?:[ab][cd]){100}(?:[ab][cd]){99}";
        var test = new RequestTest(RequestPart.Header, "x", TextMatch.Pattern, [Large, Large]);
        Assert.Empty(ChoiceData.Of(new RouteChoice([new ChoiceRule(null, [test])])).Refused);
        var data = ChoiceData.Of(new RouteChoice([new ChoiceRule(null, [test, test])]));
        Assert.Contains("too large together", Assert.Single(data.Refused), StringComparison.Ordinal);
        Assert.Empty(data.Entries);
        Assert.Single(PolicyData.Of(new RoutePolicy { Rewrites = [new(Large, "/a"), new(Large + "e", "/b"), new(Large + "f", "/c")] }).Refused);
    }

    [Theory]
    [InlineData("web_cart_http_1f0c2a9b||web/shop")]
    [InlineData("+web_cart_http_1f0c2a9b||web/shop|5d41402abc4b2a76|ar")]
    [InlineData("~web/cart:http:1f0c2a9b|a7d01e6c2s200|web/shop")]
    [InlineData("+~web/cart:http:1f0c2a9b||web/shop|5d41402abc4b2a76|ar")]
    public void What_a_value_says_it_says_beside_others_too(string value)
    {
        var shared = RouteMaps.WithChoice(value, "@0a1b", "c0ffee");
        Assert.Equal("c0ffee", RouteMaps.ChoiceIdOf(shared));
        Assert.Equal("", RouteMaps.ChoiceIdOf(value));
        Assert.Equal(RouteMaps.BackendOf(value), RouteMaps.BackendOf(shared));
        Assert.Equal(RouteMaps.PolicyOf(value), RouteMaps.PolicyOf(shared));
        Assert.Equal(RouteMaps.SteerTextOf(value), RouteMaps.SteerTextOf(shared));
        Assert.Equal("web/shop", RouteMaps.IngressOf(shared));
        if (RouteMaps.BackendOf(value) is { IsEmpty: false } backend)
            Assert.Equal(shared.Replace(backend.ToString(), "nowhere", StringComparison.Ordinal), RouteMaps.WithBackend(shared, "nowhere"));
        Assert.Equal("", RouteMaps.BackendOf(RouteMaps.WithChoice("", "@0a1b", "c0ffee")));
    }

    [Fact]
    public void Another_weight_is_three_entries_and_the_routes_value()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(20));
        var lines = proxy.Apply(Delta(80)).ConvertAll(static line => Regex.Replace(line, "^([a-z]+ map maps/(?:[a-z]+.map|patterns-)).*$", "$1", RegexOptions.Singleline));
        Assert.Equal(["add map maps/patterns-", "add map maps/policies.map", "set map maps/routes.map"], lines.Order(StringComparer.Ordinal));
        Assert.Equal("set map maps/routes.map", lines[^1]);
        Assert.Equal(1, proxy.Reconciler.Desired.RouteCount);
    }

    [Fact]
    public void Who_takes_requests_is_there_before_and_as_long_as_a_route_leads_to_it()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Make.Route(Key, "main")], Main, Canary));
        var lines = proxy.Apply(Delta(20));
        var (alternative, route) = (lines.FindIndex(static line => line.StartsWith("add map maps/routes.map", StringComparison.Ordinal)), lines.FindIndex(static line => line.StartsWith("set map maps/routes.map", StringComparison.Ordinal)));
        Assert.InRange(alternative, 0, route - 1);
        lines = proxy.Apply(Make.Delta([Make.Route(Key, "main")]));
        Assert.StartsWith("set map maps/routes.map", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("del map maps/routes.map", lines[1], StringComparison.Ordinal);
        Assert.Empty(proxy.Verify());
    }

    [Fact]
    public void A_canary_without_endpoints_takes_nothing_and_another_answers_503()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Delta(20));
        Assert.Equal(2, proxy.Reconciler.Desired.Map(MapName.Routes).Count);
        proxy.Apply(Make.Delta([], Make.Fragment("canary")));
        Assert.Single(proxy.Reconciler.Desired.Map(MapName.Routes));
        proxy.Apply(Make.Delta([], Canary));
        Assert.Equal(2, proxy.Reconciler.Desired.Map(MapName.Routes).Count);
        proxy.Apply(Delta(20, isCanary: false));
        proxy.Apply(Make.Delta([], Make.Fragment("canary")));
        Assert.Equal(2, proxy.Reconciler.Desired.Map(MapName.Routes).Count);
    }

    private static RoutingDelta Delta(int percent, bool isCanary = true)
    {
        var taker = Make.Route(Key, "canary") with
        {
            Ingress = new ObjectKey("web", "canary"),
            When = new RouteCondition { IsCanary = isCanary, Rules = [new RouteRule(true, [RequestTest.Share(0, percent, 100)])] },
        };
        return Make.Delta([Make.Route(Key, "main") with { Alternatives = [taker] }], Main, Canary);
    }
}
