using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Ingresses;

/// <summary>How annotations of copies and Services come to routes; what each means is tested by itself.</summary>
public sealed class IngressPolicyTests
{
    private const string Deny = "haproxy.org/deny-list";

    [Fact]
    public void Without_annotations_of_controllers_routes_have_no_policy()
    {
        Assert.Null(PolicyOf(Federate.Merge(Federate.Shop.With(("example.com/deny-list", "10.0.0.1"), ("federate", "true")).CopyIn(Make.Aws))));
    }

    [Fact]
    public void What_one_cluster_says_holds_wherever_the_route_is_served()
    {
        var merge = Federate.Merge(Federate.Shop.CopyIn(Make.Aws), Federate.Shop.With((Deny, "10.0.0.1")).CopyIn(Make.Gcp));

        Assert.Equal(["10.0.0.1/32"], PolicyOf(merge)!.Sources!.Deny);
        Assert.Equal(["aws", "gcp"], merge.Members());
    }

    [Fact]
    public void Of_copies_that_differ_the_oldest_counts_and_all_are_told()
    {
        var merge = Federate.Merge(
            Federate.Shop.With((Deny, "10.0.0.2")).CreatedOn(2).CopyIn(Make.Aws), Federate.Shop.With((Deny, "10.0.0.1")).CreatedOn(1).CopyIn(Make.Gcp));

        Assert.Equal(["10.0.0.1/32"], PolicyOf(merge)!.Sources!.Deny);
        var conflict = merge.Find(ConditionType.Conflict, Make.Aws)!;
        Assert.Equal((true, Reasons.AnnotationConflict), (conflict.Status, conflict.Reason));
        Assert.Contains("haproxy.org/deny-list is \"10.0.0.1\" as in gcp", conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Services_annotations_are_of_the_routes_that_lead_to_it_alone()
    {
        var ingress = Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop"), Make.Path("/bill", "bill")));
        var bill = Make.Service("bill", Make.Port(80)) is var service ? service with { Meta = service.Meta with { Annotations = Annotations(("haproxy-ingress.github.io/denylist-source-range", "10.0.0.1")) } } : null!;

        var routes = Make.MergeOne(ingress, Make.Service("shop", Make.Port(80)), bill).Routes;

        Assert.Equal(["/bill"], routes.Where(static route => route.Policy is not null).Select(static route => route.Key.Path));
    }

    [Fact]
    public void Equal_policies_of_an_ingress_are_one_object()
    {
        var routes = Make.MergeOne(Make.Ingress(Make.Rule("shop.example", Make.Path("/a", "shop"), Make.Path("/b", "shop"))).With((Deny, "10.0.0.1"))).Routes;

        Assert.Equal(2, routes.Count);
        Assert.Same(routes[0].Policy, routes[1].Policy);
    }

    [Theory]
    [InlineData("shop.example", true)]
    [InlineData("*.example", true)]
    [InlineData("other.example", false)]
    [InlineData(null, true)]
    public void A_host_has_TLS_where_spec_tls_names_it(string? host, bool redirects)
    {
        var ingress = Federate.Shop.With(("nginx.ingress.kubernetes.io/ssl-redirect", "true")) with { Tls = [new IngressTls(host is null ? [] : [host], null)] };

        Assert.Equal(redirects, PolicyOf(Federate.Merge(ingress.CopyIn(Make.Aws)))?.HttpsRedirect is not null);
    }

    [Fact]
    public void Only_copies_that_have_a_bad_annotation_are_told_of_it()
    {
        var merge = Federate.Merge(Federate.Shop.With((Deny, "nonsense")).CopyIn(Make.Aws), Federate.Shop.CopyIn(Make.Gcp));

        Assert.Contains("haproxy.org/deny-list", merge.Find(ConditionType.PartiallyInvalid, Make.Aws)!.Message, StringComparison.Ordinal);
        Assert.Null(merge.Find(ConditionType.PartiallyInvalid, Make.Gcp));
    }

    [Theory]
    [InlineData("nginx.ingress.kubernetes.io/configuration-snippet", "is refused")]
    [InlineData("haproxy-ingress.github.io/denylist-source-rang", "did you mean haproxy-ingress.github.io/denylist-source-range?")]
    [InlineData("haproxy-ingress.github.io/max-connections", "is global")]
    public void What_has_no_effect_is_told(string name, string text)
    {
        var condition = Federate.Merge(Federate.Shop.With((name, "5")).CopyIn(Make.Aws)).Find(ConditionType.PartiallyInvalid, Make.Aws)!;

        Assert.Equal(Reasons.UnsupportedAnnotation, condition.Reason);
        Assert.Contains($"annotation {name} ", condition.Message, StringComparison.Ordinal);
        Assert.Contains(text, condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_what_needs_nothing_nothing_is_told() => Assert.Null(
        Federate.Merge(Federate.Shop.With(("nginx.ingress.kubernetes.io/proxy-buffers-number", "many")).CopyIn(Make.Aws)).Find(ConditionType.PartiallyInvalid, Make.Aws));

    /// <summary>Yesterday it needed a client certificate; today it must not be open to all.</summary>
    [Theory]
    [InlineData("nginx.ingress.kubernetes.io/auth-tls-secret", "web/ca", true)]
    [InlineData("haproxy-ingress.github.io/oauth", "keycloak", true)]
    [InlineData("nginx.ingress.kubernetes.io/configuration-snippet", "x", false)]
    public void What_guards_access_and_is_not_applied_closes_the_route(string name, string value, bool closes)
    {
        var merge = Federate.Merge(Federate.Shop.With((name, value)).CopyIn(Make.Aws));

        Assert.Equal(closes, PolicyOf(merge)?.Closed == true);
        Assert.Equal(closes, merge.Find(ConditionType.PartiallyInvalid, Make.Aws)!.Message.Contains("every request is refused", StringComparison.Ordinal));
    }

    /// <summary>All its paths are wrong for now; what it says of access holds all the same.</summary>
    [Fact]
    public void A_copy_of_which_nothing_is_served_still_guards()
    {
        var empty = (Federate.Shop with { Rules = [] }).With((Deny, "10.0.0.1")).CreatedOn(1);

        Assert.Equal(["10.0.0.1/32"], PolicyOf(Federate.Merge(empty.CopyIn(Make.Aws), Federate.Shop.CreatedOn(2).CopyIn(Make.Gcp)))!.Sources!.Deny);
    }

    private static RoutePolicy? PolicyOf(MultiCluster.Federation.Ingresses.IngressMerge merge) => Assert.Single(merge.Fragment!.Routes).Policy;

    private static EquatableMap Annotations(params (string Name, string Value)[] items) =>
        EquatableMap.From(items.Select(static item => KeyValuePair.Create(item.Name, item.Value)));
}
