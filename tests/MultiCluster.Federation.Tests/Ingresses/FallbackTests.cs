using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Ingresses;

public sealed class FallbackTests
{
    private const string Name = "nginx.ingress.kubernetes.io/default-backend";

    private static readonly IngressResource Shop = Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop"))).With((Name, "spare"), ("haproxy-ingress.github.io/balance-algorithm", "leastconn"));

    [Fact]
    public void A_fallback_is_a_route_of_its_own_to_the_first_port()
    {
        var fragment = Make.Merge(
            Shop.CopyIn(Make.Aws, Make.Service("shop"), Make.Service("spare", Make.Port(53, "dns", "UDP"), Make.Port(8080, "http"), Make.Port(9090, "admin"))),
            Shop.CopyIn(Make.Gcp, Make.Service("shop"), Make.Service("spare", Make.Port(8081, "http"))));
        var (fallback, main) = (fragment.Routes.Items.Single(static claim => claim.Key.IsFallback), fragment.Routes.Items.Single(static claim => !claim.Key.IsFallback));
        Assert.Equal(RouteKey.OfFallback(Make.Shop), fallback.Key);
        Assert.Equal(new BackendRef(Make.Key("spare"), PortRef.Named("http")), fallback.Backend);
        Assert.Equal([Make.Aws, Make.Gcp], fallback.Members);
        Assert.Equal(("web/shop", false), (main.Policy?.Fallback, main.Policy?.Closed));
        Assert.NotNull(fallback.Policy?.Backend);
        Assert.Equal(fallback.Policy, new() { Backend = fallback.Policy?.Backend });
        Assert.Null(fragment.ConditionOf(ConditionType.PartiallyInvalid));
    }

    [Fact]
    public void What_it_needs_is_told_and_the_rest_is_served()
    {
        var fragment = Make.Merge(Shop.CopyIn(Make.Aws, Make.Service("shop")));
        Assert.False(Assert.Single(fragment.Routes).Key.IsFallback);
        Assert.Contains("names Service web/spare, which aws does not have", fragment.ConditionOf(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);

        fragment = Make.Merge(Shop.CopyIn(Make.Aws, Make.Service("shop"), Make.Service("spare", Make.Port(53, "dns", "UDP"))));
        Assert.Contains("which has no TCP port in aws", fragment.ConditionOf(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);

        fragment = Make.Merge(Shop.With((Name, "other/spare")).CopyIn(Make.Aws, Make.Service("shop")));
        Assert.Null(Assert.Single(fragment.Routes).Policy?.Fallback);
        Assert.Contains("default-backend", fragment.ConditionOf(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Service_that_says_who_may_ask_is_nobodys_fallback()
    {
        var spare = Make.Service("spare") with
        {
            Meta = Make.Meta(Make.Key("spare")) with { Annotations = EquatableMap.From([KeyValuePair.Create("haproxy-ingress.github.io/allowlist-source-range", "10.0.0.0/8")]) },
        };
        var fragment = Make.Merge(Shop.CopyIn(Make.Aws, Make.Service("shop"), spare));
        Assert.True(fragment.Routes.Items.Single(static claim => claim.Key.IsFallback).Policy!.Closed);
        Assert.Contains("whose own annotations guard access", fragment.ConditionOf(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);
    }
}
