using System.Globalization;
using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Admin;

public sealed class AdminViewsTests
{
    [Fact]
    public void One_ingress_costs_the_same_in_a_small_and_in_a_large_table()
    {
        var (small, large) = (BytesOfOne(Table(10)), BytesOfOne(Table(5_000)));
        Assert.InRange(large, 0, small + 1_000);
    }

    [Fact]
    public void What_is_wrong_with_a_service_shows_on_the_ingresses_that_name_it()
    {
        var wrong = new Condition(ConditionType.PartiallyInvalid, true, Reasons.InvalidEndpoint, "aws: Service web/s1: loopback") { Details = ["loopback"] };
        var table = Table(2);
        var backend = table.Backends[0].Value! with { Conditions = [new CopyCondition(Make.Aws, wrong), new CopyCondition(Make.Gcp, wrong)] };
        table = table with { Backends = [KeyValuePair.Create(table.Backends[0].Key, (Fragment.Backend?)backend), table.Backends[1]] };

        var condition = Assert.Single(AdminViews.Of(State(1), new TableIndex(table)).Conditions);

        Assert.Equal(("aws", "PartiallyInvalid", true, "InvalidEndpoint"), (condition.Member, condition.Type, condition.Status, condition.Reason));
        Assert.Equal(["loopback"], condition.Details!);
        Assert.Empty(AdminViews.Of(State(2), new TableIndex(table)).Conditions);
    }

    [Fact]
    public void Endpoints_are_those_of_the_members_that_declare_the_path()
    {
        var view = AdminViews.Of(State(1), new TableIndex(Table(1)));
        var route = Assert.Single(view.Routes);
        Assert.Equal(("s1.example", "/", 1, true), (route.Host, route.Path, route.Endpoints, route.Owner));
    }

    private static long BytesOfOne(RoutingDelta table)
    {
        var index = new TableIndex(table);
        var state = State(1);
        AdminViews.Of(state, index);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AdminViews.Of(state, index);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static EntityProtocol.IngressState State(int number)
    {
        var claim = new RouteClaim(RouteKeyOf(number), BackendOf(number), [Make.Aws], new Rank(null, Make.Aws, Make.Key(Name(number))));
        return new EntityProtocol.IngressState(Make.Key(Name(number)), new Fragment.Ingress(Make.Key(Name(number)), [claim], [], [Make.Aws], []), []);
    }

    private static RoutingDelta Table(int count) => new(
        1,
        [.. Enumerable.Range(1, count).Select(static i => KeyValuePair.Create(RouteKeyOf(i), (Route?)new Route(RouteKeyOf(i), new BackendKey(BackendOf(i), [Make.Aws]), Make.Key(Name(i)))))],
        [.. Enumerable.Range(1, count).Select(static i => KeyValuePair.Create(Make.Key(Name(i)), (Fragment.Backend?)Backend(i)))],
        []);

    private static Fragment.Backend Backend(int number) => new(
        Make.Key(Name(number)),
        [Member(Make.Aws, "10.0.0.1"), Member(Make.Gcp, "10.0.0.2")]);

    private static MemberBackend Member(MemberName member, string address) =>
        new(member, [new BackendPort("", 80, "", [new BackendEndpoint(address, 8080, "", "", "")])]);

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"s{number}");

    private static RouteKey RouteKeyOf(int number) => new($"{Name(number)}.example", "", PathMatch.Prefix);

    private static BackendRef BackendOf(int number) => new(Make.Key(Name(number)), PortRef.Numbered(80));
}
