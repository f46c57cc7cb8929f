using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Data;

public sealed class ExpressionDataTests
{
    private const string Host = "a.example";

    private static Route Of(string path, int rank = 0, PathMatch match = PathMatch.RegexAnyCase) =>
        Make.Route(new RouteKey(Host, path, match), "app") with { Expression = new PathExpression($"^{path}", rank) };

    private static Route Plain(string path) => Make.Route(Make.Prefix(Host, path), "app");

    private static List<string> Values(DesiredData data) => [.. data.Map(MapName.Routes).OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => $"{entry.Key} {entry.Value}")];

    [Fact]
    public void The_order_of_arrival_makes_no_difference_and_the_greatest_rank_comes_first()
    {
        Route[] routes = [Of("/a", 2), Of("/abc", 4), Of("/ab", 2), Of("/x")];

        var data = PathExpressionData.Of(routes);

        Assert.Equivalent(data, PathExpressionData.Of(routes.Reverse()));
        var pattern = data.Entries.Keys.Single(static key => RouteMaps.IsPatterns(key.Map)).Key;
        Assert.EndsWith(@"(?|(?=.*(0))(?=.*(0)).*\n(?m:^/abc)|(?=.*(0))(?=.*(1)).*\n(?m:^/ab)|(?=.*(0))(?=.*(2)).*\n(?m:^/a)|(?=.*(0))(?=.*(3)).*\n(?m:^/x))", pattern, StringComparison.Ordinal);
        Assert.Equal(
            [$"4|{RouteMaps.KeyOf(routes[1].Key)!.Value.Key}", $"2|{RouteMaps.KeyOf(routes[2].Key)!.Value.Key}", $"2|{RouteMaps.KeyOf(routes[0].Key)!.Value.Key}", $"0|{RouteMaps.KeyOf(routes[3].Key)!.Value.Key}"],
            data.Entries.Where(static entry => entry.Key.Map == MapName.Policies && entry.Key.Key[^1] != PathExpressionData.SpaceLetter).OrderBy(static entry => entry.Key.Key, StringComparer.Ordinal).Select(static entry => entry.Value));
    }

    [Fact]
    public void Prefixes_of_a_host_say_that_it_has_expressions_for_as_long_as_it_has()
    {
        var data = Make.Desired(Make.Dynamic);
        data.Apply(Make.Delta([Plain("/plain"), Make.Route(Make.Prefix("b.example", ""), "app")], Make.Fragment("app", "10.0.0.1")));
        var before = Values(data);

        var touched = data.Apply(Make.Delta([Of("/a")]));

        var id = RouteMaps.ExpressionsOf(data.Map(MapName.Routes)[$"{Host}/"]).ToString();
        Assert.Equal($"*{id}|0", data.Map(MapName.Routes)[$"{Host}/"]);
        Assert.StartsWith($"*{id}|6|", data.Map(MapName.Routes)[$"{Host}/plain/"], StringComparison.Ordinal);
        Assert.DoesNotContain('*', data.Map(MapName.Routes)["b.example/"]);
        Assert.Contains(touched.Maps, static key => RouteMaps.IsPatterns(key.Map));
        data.Apply(Make.Delta([Plain("")]));
        Assert.StartsWith($"*{id}|1|", data.Map(MapName.Routes)[$"{Host}/"], StringComparison.Ordinal);
        data.Apply(Make.Without(Plain("").Key));
        Assert.Equal($"*{id}|0", data.Map(MapName.Routes)[$"{Host}/"]);
        data.Apply(Make.Delta([Of("/b")]));
        Assert.DoesNotContain(data.Map(MapName.Policies), entry => entry.Key.StartsWith(id, StringComparison.Ordinal));
        data.Apply(Make.Without(Of("/a").Key, Of("/b").Key));
        Assert.Equal(before, Values(data));
        Assert.Empty(data.Map(MapName.Policies));
    }

    [Fact]
    public void The_namespace_of_all_of_them_is_told_while_there_is_one()
    {
        var data = Make.Desired(Make.Dynamic);
        data.Apply(Make.Delta([Of("/a"), Of("/b")]));
        var space = Of("/a").Ingress.Namespace;
        Assert.Equal([space], Spaces());
        data.Apply(Make.Delta([Of("/b") with { Ingress = Of("/b").Ingress with { Namespace = "other" } }]));
        Assert.Empty(Spaces());
        data.Apply(Make.Without(Of("/a").Key));
        Assert.Equal(["other"], Spaces());

        IEnumerable<string> Spaces() => data.Map(MapName.Policies).Where(static entry => entry.Key.EndsWith($":{PathExpressionData.SpaceLetter}", StringComparison.Ordinal)).Select(static entry => entry.Value);
    }

    [Fact]
    public void A_new_backend_of_a_route_leaves_the_expressions_as_they_are()
    {
        var data = Make.Desired(Make.Dynamic);
        data.Apply(Make.Delta([Of("/a"), Plain("/plain")], Make.Fragment("app", "10.0.0.1"), Make.Fragment("b", "10.0.0.2")));

        var touched = data.Apply(Make.Delta([Make.Route(Of("/a").Key, "b") with { Expression = Of("/a").Expression }]));

        Assert.Equal([RouteMaps.KeyOf(Of("/a").Key)!.Value], touched.Maps.Where(static key => key.Map != MapName.Backends));
    }

    [Fact]
    public void What_has_no_room_is_left_out_and_told()
    {
        var data = Make.Desired(Make.Dynamic);
        data.Apply(Make.Delta(Enumerable.Range(0, 300).Select(static i => Of($"/{i:000}")), Make.Fragment("app", "10.0.0.1")));

        Assert.Equal(100, data.Refused.Count);
        Assert.All(data.Refused.Values, static reason => Assert.Contains("more expressions", reason, StringComparison.Ordinal));
        Assert.All(data.Map(MapName.Patterns + Convert.ToInt32(data.Map(MapName.Policies).Keys.First()[..1], 16)).Keys, static key => Assert.True(SafeText.IsKey(MapName.Patterns, key)));
        data.Apply(Make.Without([.. Enumerable.Range(0, 100).Select(static i => Of($"/{i:000}").Key)]));
        Assert.Empty(data.Refused);
    }

    [Fact]
    public void What_HAProxy_does_not_take_is_left_out()
    {
        var data = Make.Desired(Make.Dynamic);
        data.Apply(Make.Delta([Of("/("), Of("/a"), Of(new string('/', 3000)), Make.Route(new RouteKey(Host, "/none", PathMatch.Regex), "app")], Make.Fragment("app", "10.0.0.1")));

        Assert.Equal(3, data.Refused.Count);
        Assert.Single(data.Map(MapName.Policies), static entry => entry.Key[^1] != PathExpressionData.SpaceLetter);
    }
}
