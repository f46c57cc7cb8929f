using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Data;

public sealed class FallbackTests
{
    private static readonly RouteKey Key = RouteKey.OfFallback(new ObjectKey("web", "shop"));

    [Fact]
    public void No_host_has_the_key_of_a_fallback()
    {
        Assert.True(Key.IsFallback);
        Assert.Equal(new MapKey(MapName.Defaults, "!web/shop"), RouteMaps.KeyOf(Key));
        Assert.False(SafeText.IsHost(Key.Host));
        Assert.Null(RouteMaps.KeyOf(RouteKey.OfFallback(new ObjectKey("web", "a b"))));
        Assert.Null(RouteMaps.KeyOf(Key with { Path = "/a", Match = PathMatch.Prefix }));
    }

    [Fact]
    public void It_leads_to_its_place_unless_it_takes_nobody()
    {
        var desired = Make.Desired(Make.Slots);
        var route = Make.Route(Key, "spare");
        desired.Apply(Make.Delta([route], Make.Fragment("spare", "10.0.0.1")));
        Assert.Equal($"{desired.Find(route.Backend)!.Name}||{route.Ingress}", desired.Map(MapName.Defaults)["!web/shop"]);
        desired.Apply(Make.Delta([route with { Policy = new RoutePolicy { Closed = true } }]));
        Assert.Empty(desired.Map(MapName.Defaults));
    }

    [Fact]
    public void A_policy_names_it()
    {
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Delta([Make.Route(Make.Prefix("shop.example", ""), "cart") with { Policy = new RoutePolicy { Fallback = "web/shop" } }], Make.Fragment("cart", "10.0.0.1")));
        Assert.Equal("web/shop", Assert.Single(desired.Map(MapName.Policies)).Value);
    }
}
