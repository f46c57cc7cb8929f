using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Tests.RoutePolicies;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Routing;

/// <summary>Ingresses that share a host and path.</summary>
public sealed class RouteContestTests
{
    private static readonly (string, string) IsCanary = (Reading.N + "canary", "true");

    private readonly RoutingTable _table = new();
    private long _version;

    private Route? Route => _table.Snapshot().Routes.SingleOrDefault().Value;

    private string[] Takers => [.. Route!.Alternatives.Select(static taker => taker.Ingress.Name)];

    [Fact]
    public void A_canary_has_the_main_routes_rules_its_own_servers_and_its_own_clusters()
    {
        Apply("main", 2, (Reading.N + "proxy-body-size", "1m"), ("cluster-weights", "aws=1"), (Reading.N + "load-balance", "ewma"));
        Apply("canary", 1, IsCanary, (Reading.N + "canary-weight", "5"), (Reading.N + "proxy-body-size", "2m"), (Reading.N + "upstream-hash-by", "$request_uri"));
        var canary = Assert.Single(Route!.Alternatives);
        Assert.Equal(("main", "canary"), (Route.Ingress.Name, canary.Ingress.Name));
        Assert.Null(Route.When);
        Assert.Equal(1 << 20, canary.Policy!.MaxBodyBytes);
        Assert.NotNull(canary.Policy.Backend!.HashKey);
        Assert.Equal(Route.Traffic, canary.Traffic);
        Assert.Empty(_table.Conflicts(Make.Key("canary")));
        Assert.Empty(_table.Conflicts(Make.Key("main")));
    }

    [Fact]
    public void Services_of_all_that_share_a_route_are_part_of_routing()
    {
        foreach (var name in (string[])["main", "canary"])
            Set(EntityId.Backend(Make.Key(name)), new Fragment.Backend(Make.Key(name), []));
        Apply("main", 1);
        Apply("canary", 2, IsCanary);
        Assert.Equal(["web/canary", "web/main"], _table.Snapshot().Backends.Select(static item => item.Key.ToString()));
        Set(EntityId.Ingress(Make.Key("canary")), null);
        Assert.Equal(["web/main"], _table.Snapshot().Backends.Select(static item => item.Key.ToString()));
        Assert.Empty(Route!.Alternatives);
    }

    [Fact]
    public void A_canary_alone_is_no_route_and_of_two_the_older_counts()
    {
        Apply("second", 3, IsCanary, (Reading.N + "canary-weight", "7"));
        Assert.Null(Route);
        Assert.EndsWith("create the Ingress whose requests it is to share", Conflict("second"), StringComparison.Ordinal);
        Apply("first", 2, IsCanary);
        Apply("main", 4);
        Assert.Equal(["first"], Takers);
        Assert.Contains("has Ingress web/first for its canary, and can have one; remove one of the two", Conflict("second"), StringComparison.Ordinal);
        Set(EntityId.Ingress(Make.Key("first")), null);
        Assert.Equal(["second"], Takers);
        Assert.Empty(_table.Conflicts(Make.Key("second")));
        Set(EntityId.Ingress(Make.Key("main")), null);
        Assert.Null(Route);
    }

    [Fact]
    public void Who_asks_for_most_comes_first_and_equal_conditions_compete()
    {
        Apply("one", 1, (Reading.J + "http-header-match", "a: 1"));
        Apply("two", 2, (Reading.J + "http-header-match", "a: 1\nb: 2"));
        Apply("same", 3, (Reading.J + "http-header-match", "a: 1"));
        Assert.Equal(["two", "one"], Takers);
        Assert.NotNull(Route!.When);
        Assert.Contains("belongs to Ingress web/one", Conflict("same"), StringComparison.Ordinal);
        Apply("rest", 4);
        Apply("canary", 5, IsCanary);
        Assert.Equal(["two", "one", "canary"], Takers);
        Assert.Equal((Make.Key("rest"), null), (Route!.Ingress, Route.When));
    }

    [Fact]
    public void Another_namespace_takes_nothing()
    {
        Apply("main", 5);
        foreach (var annotation in new[] { IsCanary, (Reading.J + "http-header-match", "a: 1") })
        {
            var fragment = Fragment("thief", 1, annotation);
            var key = new ObjectKey("other", "thief");
            Set(EntityId.Ingress(key), fragment with { Key = key, Routes = [fragment.Routes[0] with { Backend = new BackendRef(key, PortRef.Numbered(80)) }] });
            Assert.Empty(Takers);
            Assert.Contains("whose requests only its own namespace may take", _table.Conflicts(key)[0].Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_more_share_a_route_than_a_proxy_can_tell_apart()
    {
        Apply("rest", 1);
        for (var i = 0; i < RouteContest.MaxAlternatives + 1; i++)
            Apply($"n{i:00}", 2, (Reading.J + "http-header-match", $"a: {i}"));
        Assert.Equal(RouteContest.MaxAlternatives, Takers.Length);
        Assert.Contains("can have no more; remove one of them", Conflict("n16"), StringComparison.Ordinal);
    }

    private string Conflict(string name) => Assert.Single(_table.Conflicts(Make.Key(name)), static condition => condition is { Type: ConditionType.Conflict, Reason: Reasons.PathConflict }).Message;

    private void Apply(string name, int day, params (string, string)[] annotations) => Set(EntityId.Ingress(Make.Key(name)), Fragment(name, day, annotations));

    private static Fragment.Ingress Fragment(string name, int day, params (string, string)[] annotations) =>
        Make.Merge(Make.Ingress(Make.Rule("shop.example", Make.Path("/", name))).Named(name).CreatedOn(day).With(annotations).CopyIn(Make.Aws));

    private void Set(EntityId entity, Fragment? fragment) => _table.Apply(new FragmentUpdate(entity, new FragmentVersion(1, ++_version), fragment), Make.Now);
}
