using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.RoutePolicies;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Members;

/// <summary>ConfigMaps of headers that annotations name.</summary>
public sealed class HeaderMapTests
{
    private const string Key = "nginx.ingress.kubernetes.io/custom-headers";

    private static readonly ObjectKey Map = Make.Key("headers");

    private readonly MemberView _view = new(
        Make.Aws, new ClassOptions(WatchWithoutClass: true), new MemberViewOptions { HeaderMaps = [Map, new ObjectKey("other", "headers")] });

    [Fact]
    public void What_it_says_takes_the_place_of_its_name_and_changes_with_it()
    {
        foreach (var kind in _view.Kinds)
            _view.Apply(new MemberEvent.Listed(kind, []));
        Assert.Equal("headers", ValueAfter(Ingress("headers")));
        Assert.Equal($"# {Map}\nX-A: 1\nX-B: 2\r3\n", ValueAfter(Headers(Map, ("X-A", "1"), ("X-B", "2\n3\n"))));
        Assert.Empty(_view.Apply(new MemberEvent.Upserted(Headers(Map, ("X-A", "1"), ("X-B", "2\n3\n")))));
        Assert.Equal($"# {Map}\n", ValueAfter(Headers(Map)));
        // Not of another namespace, and none that the configuration does not name.
        Assert.Equal("other/headers", ValueAfter(Ingress("other/headers")));
        Assert.Empty(_view.Apply(new MemberEvent.Upserted(Headers(new ObjectKey("other", "headers"), ("X-A", "1")))));
        Assert.Equal("unnamed", ValueAfter(Ingress("unnamed")));
        Assert.Empty(_view.Apply(new MemberEvent.Upserted(Headers(Make.Key("unnamed"), ("X-A", "1")))));
        Assert.NotEqual("headers", ValueAfter(Ingress("headers")));
        Assert.Equal("headers", ValueOf(_view.Apply(new MemberEvent.Deleted(ResourceKind.ConfigMap, Map))));
    }

    [Fact]
    public void A_bad_line_costs_itself_and_a_map_that_is_not_read_is_told()
    {
        var reading = Reading.Of("N:custom-headers=# shop/headers\nX-A: 1\nConnection: close\nX-B: $host\nX-C: 2\r3\nX-D: 100%");
        Assert.Equal([new HeaderChange(HeaderAction.Set, "x-a", "1"), new HeaderChange(HeaderAction.Set, "x-d", "100%")], reading.Policy.ResponseHeaders);
        Assert.Equal(3, reading.Problems.Count);
        Assert.Contains("haproxy.header-config-maps", Assert.Single(Reading.Of("N:custom-headers=shop/headers").Problems).Text, StringComparison.Ordinal);

        var asked = Reading.Policy("N:auth-url=https://a.example & N:auth-proxy-set-headers=# shop/headers\nX-A: $scheme://$host").ExternalAuthentication!;
        Assert.Equal([new HeaderChange(HeaderAction.Set, "x-a", "{scheme}://{name}")], asked.Headers);
    }

    private static IngressResource Ingress(string map) => Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop"))).With((Key, map));

    private static ConfigMapResource Headers(ObjectKey key, params (string Key, string Value)[] data) =>
        new(new ObjectMeta(key)) { Data = EquatableMap.From(data.Select(static item => KeyValuePair.Create(item.Key, item.Value))) };

    private string? ValueAfter(Resource next) => ValueOf(_view.Apply(new MemberEvent.Upserted(next)));

    private static string? ValueOf(IReadOnlyList<CopyChange> changes) =>
        Assert.IsType<CopyChange.IngressChanged>(Assert.Single(changes)).Copy!.Ingress.Meta.Annotations.Find(Key);
}
