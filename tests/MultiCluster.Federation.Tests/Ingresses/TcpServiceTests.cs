using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Ingresses;

public sealed class TcpServiceTests
{
    [Theory]
    [InlineData("5432", "db/pg:5432", "5432 db pg 5432   ")]
    [InlineData("5432", "db/pg:tcp", "5432 db pg tcp   ")]
    [InlineData("5432", " db/pg:5432:ssl ", "5432 db pg 5432  tls ")]
    [InlineData("5432", "db/pg:5432:PROXY", "5432 db pg 5432 proxy  ")]
    [InlineData("5432", "db/pg:5432:PROXY:PROXY", "5432 db pg 5432 proxy  v2")]
    [InlineData("5432", "db/pg:5432::PROXY-V1", "5432 db pg 5432   v1")]
    [InlineData("5432", "db/pg:5432:::", "5432 db pg 5432   ")]
    [InlineData("5432", "db/pg", null)]
    [InlineData("5432", "pg:5432", null)]
    [InlineData("5432", "db/pg:0", null)]
    [InlineData("5432", "db/pg:5432:TLS", null)]
    [InlineData("5432", "db/pg:5432:::db/cert", null)]
    [InlineData("5432", "", null)]
    [InlineData("5432", "db/p%[src]:5432", null)]
    [InlineData("5432", "db/pg:5432\n", "5432 db pg 5432   ")]
    [InlineData("65536", "db/pg:5432", null)]
    [InlineData("x", "db/pg:5432", null)]
    public void Lines_are_those_of_all_three_controllers(string key, string value, string? expected)
    {
        var line = TcpLine.Read(key, value, out var problem);
        Assert.Equal(expected, line is null ? null : $"{line.Port} {line.Namespace} {line.Service} {(object?)line.ServicePort ?? line.PortName} {(line.AcceptsProxy ? "proxy" : "")} {(line.Tls ? "tls" : "")} {line.Sends}");
        Assert.Equal(expected is null, problem is not null);
    }

    [Fact]
    public void A_line_is_an_Ingress_of_the_Services_namespace()
    {
        var map = new ObjectKey("ingress", "tcp");
        var view = new MemberView(Make.Aws, new ClassOptions("x", false), new MemberViewOptions { TcpServices = [map] });
        foreach (var kind in view.Kinds)
            view.Apply(new MemberEvent.Listed(kind, []));
        Assert.False(view.IsComplete);
        var changes = view.Apply(new MemberEvent.Listed(ResourceKind.ConfigMap, [Map(("5432", "db/pg:5432"), ("6379", "web/redis:6379"), ("1", "nonsense"))]));

        Assert.True(view.IsComplete);
        Assert.Equal(["db/tcp-service-5432", "web/tcp-service-6379"], changes.OfType<CopyChange.IngressChanged>().Select(static change => change.Ingress.ToString()));
        Assert.StartsWith("ConfigMap ingress/tcp, 1: \"nonsense\" is no port", Assert.Single(view.TakeTcpProblems()), StringComparison.Ordinal);
        Assert.Empty(view.TakeTcpProblems());

        // An equal one changes nothing; a Service that comes is told to whoever routes to it.
        Assert.Empty(view.Apply(new MemberEvent.Upserted(Map(("5432", "db/pg:5432"), ("6379", "web/redis:6379"), ("1", "nonsense")))));
        Assert.Contains(view.Apply(new MemberEvent.Upserted(new ServiceResource(new ObjectMeta(new ObjectKey("db", "pg"))))), static change => change is CopyChange.IngressChanged);
        var gone = view.Apply(new MemberEvent.Deleted(ResourceKind.ConfigMap, map));
        Assert.All(gone.OfType<CopyChange.IngressChanged>(), static change => Assert.Null(change.Copy));
        Assert.Equal(2, gone.Count);
        ConfigMapResource Map(params (string Key, string Value)[] data) =>
            new(new ObjectMeta(map)) { Data = EquatableMap.From(data.Select(static item => KeyValuePair.Create(item.Key, item.Value))) };
    }

    [Fact]
    public void An_Ingress_with_a_port_routes_connections_alone()
    {
        var route = Assert.Single(Merge(("tcp-service-port", "5432"), ("tcp-service-proxy-protocol", "true"), ("rewrite-target", "/x")).Routes);
        Assert.Equal(RouteKey.OfPort(5432), route.Key);
        Assert.Equal((5432, "TCP port 5432"), (route.Key.Port, route.Key.ToString()));
        Assert.Equal(RoutePolicy.None with { Tcp = new TcpService(AcceptsProxy: true), Backend = BackendPolicy.None with { IsTcp = true } }, route.Policy);
    }

    [Fact]
    public void Nobody_gets_in_where_a_rule_lets_in_some_only_and_a_bad_port_serves_nothing()
    {
        var closed = Merge(("tcp-service-port", "5432"), ("allowlist-source-range", "10.0.0.0/8"));
        Assert.True(Assert.Single(closed.Routes).Policy!.Closed);
        Assert.Contains(closed.Conditions, static item => item.Condition.Message.Contains("Sources can't be applied", StringComparison.Ordinal));

        var bad = Merge(("tcp-service-port", "%[src]"));
        Assert.Empty(bad.Routes);
        Assert.Contains(bad.Conditions, static item => item.Condition is { Type: ConditionType.Accepted, Status: false } && item.Condition.Message.Contains("tcp-service-port", StringComparison.Ordinal));
    }

    private static Fragment.Ingress Merge(params (string Key, string Value)[] annotations) => Make.MergeOne(
        Make.Ingress(Make.Rule("", Make.Path("/", "shop"))).With([.. annotations.Select(static item => ($"haproxy-ingress.github.io/{item.Key}", item.Value))]), Make.Service("shop", Make.Port(80)));
}
