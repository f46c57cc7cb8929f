using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Ingresses;

/// <summary>Names that annotations give to hosts of rules.</summary>
public sealed class FurtherNameTests
{
    private const string NginxAlias = "nginx.ingress.kubernetes.io/server-alias";
    private const string Alias = "haproxy-ingress.github.io/server-alias";
    private const string From = "haproxy-ingress.github.io/redirect-from";
    private const string Www = "nginx.ingress.kubernetes.io/from-to-www-redirect";

    private static IngressResource With(IngressResource ingress, string name, string value) =>
        ingress with { Meta = ingress.Meta with { Annotations = EquatableMap.From([KeyValuePair.Create(name, value)]) } };

    private static IngressResource Shop => Make.Ingress(Make.Rule("shop.example", Make.Path("/a", "a"), Make.Path("/b", "b")));

    [Theory]
    [InlineData(NginxAlias, "one.example,two.example", "one.example/a one.example/b two.example/a two.example/b")]
    [InlineData(NginxAlias, " One.example , one.example ", "one.example/a one.example/b")]
    [InlineData(Alias, "one.example *.two.example", "*.two.example/a *.two.example/b one.example/a one.example/b")]
    [InlineData(From, "old.example", "old.example/ -> shop.example 302")]
    [InlineData(Www, "true", "www.shop.example/ -> shop.example 308")]
    [InlineData(Www, "false", "")]
    public void Routes_have_further_names(string name, string value, string expected)
    {
        var fragment = Make.MergeOne(With(Shop, name, value));

        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 0 ? "" : expected,
            string.Join(' ', fragment.Routes.Where(static claim => claim.IsFurtherName).Select(static claim =>
                $"{claim.Key.Host}{(claim.Key.Path.Length == 0 ? "/" : claim.Key.Path)}{(claim.Policy?.Redirect is { Kind: RedirectionKind.Host } to ? $" -> {to.Target} {to.Code}" : "")}")));
        Assert.Equal(2, fragment.Routes.Count(static claim => !claim.IsFurtherName));
        Assert.Null(fragment.ConditionOf(ConditionType.PartiallyInvalid));
    }

    [Theory]
    [InlineData(NginxAlias, "~^x$,good.example", "an expression")]
    [InlineData(NginxAlias, "10.0.0.1,good.example", "IP address")]
    [InlineData(Alias, "shop.example good.example", "a host of its own rules")]
    [InlineData(Alias, "a.*.example good.example", "wildcard")]
    public void A_name_that_is_none_costs_itself(string name, string value, string told)
    {
        var fragment = Make.MergeOne(With(Shop, name, value));

        Assert.Contains(told, fragment.ConditionOf(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);
        Assert.Contains(fragment.Routes, static claim => claim.Key.Host == "good.example");
        Assert.All(fragment.Routes.Where(static claim => claim.Key.Host == "shop.example"), static claim => Assert.False(claim.IsFurtherName));
    }

    [Fact]
    public void A_name_yields_to_whoever_has_it_in_a_rule_and_is_served_again_when_that_goes()
    {
        var table = new RoutingTable();
        var version = 0;
        TableChange Apply(string name, Fragment.Ingress? ingress) => table.Apply(new FragmentUpdate(EntityId.Ingress(Make.Key(name)), new FragmentVersion(1, ++version), ingress), Make.Now);
        Apply("old", Make.MergeOne(With(Shop, Alias, "taken.example").Named("old").CreatedOn(1)));
        Assert.NotNull(table.Find("taken.example", "/a"));

        var change = Apply("young", Make.MergeOne(Make.Ingress(Make.Rule("taken.example", Make.Path("/own", "c"))).Named("young").CreatedOn(9)));

        Assert.Null(table.Find("taken.example", "/a"));
        Assert.Equal("c", table.Find("taken.example", "/own")!.Backend.Ref.Service.Name);
        Assert.Contains("taken.example is a host of another Ingress's rules", Assert.Single(change.Conflicts).Conditions[0].Message, StringComparison.Ordinal);
        change = Apply("young", null);
        Assert.NotNull(table.Find("taken.example", "/a"));
        Assert.Empty(Assert.Single(change.Conflicts).Conditions);
    }

    [Fact]
    public void Of_two_that_want_one_name_the_older_has_it()
    {
        var table = new RoutingTable();
        var version = 0;
        void Apply(IngressResource ingress) => table.Apply(new FragmentUpdate(EntityId.Ingress(ingress.Key), new FragmentVersion(1, ++version), Make.MergeOne(ingress)), Make.Now);
        Apply(With(Make.Ingress(Make.Rule("young.example", Make.Path("/", "young"))).Named("young").CreatedOn(9), Alias, "name.example"));
        Apply(With(Make.Ingress(Make.Rule("old.example", Make.Path("/", "old"))).Named("old").CreatedOn(1), Alias, "name.example"));

        Assert.Equal("old", table.Find("name.example", "/")!.Backend.Ref.Service.Name);
    }
}
