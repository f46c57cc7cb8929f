using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Data;

public sealed class TextTests
{
    [Theory]
    [InlineData("shop.example", "/cart", PathMatch.Prefix, "shop.example/cart/")]
    [InlineData("shop.example", "", PathMatch.Prefix, "shop.example/")]
    [InlineData("shop.example", "/cart", PathMatch.Exact, "shop.example/cart/\u0001")]
    [InlineData("shop.example", "/", PathMatch.Exact, "shop.example//\u0001")]
    [InlineData("", "/any", PathMatch.Prefix, "*/any/")]
    [InlineData("*.shop.example", "/käse", PathMatch.Prefix, "*.shop.example/käse/")]
    [InlineData("shop.example", "", PathMatch.Default, "shop.example")]
    [InlineData("", "", PathMatch.Default, "*")]
    public void A_route_has_one_key(string host, string path, PathMatch match, string key)
    {
        var entry = RouteMaps.KeyOf(new RouteKey(host, path, match));
        Assert.Equal(key, entry?.Key);
        Assert.Equal(match == PathMatch.Default ? MapName.Defaults : MapName.Routes, entry?.Map);
    }

    [Theory]
    [InlineData("a", "b.example/x", PathMatch.Prefix)]
    [InlineData("a/b", "/x", PathMatch.Prefix)]
    [InlineData("a.example", "/x", PathMatch.Default)]
    [InlineData("a.example", "", PathMatch.Exact)]
    [InlineData("*", "/x", PathMatch.Prefix)]
    [InlineData("*.", "/x", PathMatch.Prefix)]
    [InlineData("a.*.example", "/x", PathMatch.Prefix)]
    [InlineData(".example", "/x", PathMatch.Prefix)]
    [InlineData("A.example", "/x", PathMatch.Prefix)]
    [InlineData("a.example", "/x\u0001", PathMatch.Prefix)]
    [InlineData("a.example", "/x y", PathMatch.Prefix)]
    [InlineData("a.example", "/x\n", PathMatch.Prefix)]
    [InlineData("a.example", "/x;y", PathMatch.Prefix)]
    [InlineData("a.example", "/x\u00a0", PathMatch.Prefix)]
    [InlineData("a.example", "/x\ud800", PathMatch.Prefix)]
    [InlineData("a.example", "/x", (PathMatch)7)]
    public void What_could_be_read_as_something_else_has_no_key(string host, string path, PathMatch match) =>
        Assert.Null(RouteMaps.KeyOf(new RouteKey(host, path, match)));

    [Fact]
    public void Host_and_path_are_limited()
    {
        Assert.NotNull(RouteMaps.KeyOf(Make.Prefix(new string('a', 255), "/" + new string('b', 3000))));
        Assert.Null(RouteMaps.KeyOf(Make.Prefix(new string('a', 256), "")));
        Assert.Null(RouteMaps.KeyOf(Make.Prefix("a", "/" + new string('b', 4096))));
    }

    [Theory]
    [InlineData("-----BEGIN X-----\nAA==\n-----END X-----\n", true)]
    [InlineData("-----BEGIN X-----\n\nshow info\n", false)]
    [InlineData("-----BEGIN X-----\r\n", false)]
    [InlineData("-----BEGIN X-----\u00e4", false)]
    [InlineData("show info", false)]
    [InlineData("", false)]
    public void A_payload_holds_no_end_of_payload(string text, bool isPem) =>
        Assert.Equal(isPem, SafeText.IsPem(System.Text.Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("web", "cart", "http", "aws")]
    [InlineData("web", "cart", "8080", "aws,gcp")]
    [InlineData("a-b", "c.d", "https-1", "eu-1,eu-2,us")]
    public void A_backends_real_name_reads_back(string ns, string service, string port, string members)
    {
        var reference = int.TryParse(port, out var number) ? PortRef.Numbered(number) : PortRef.Named(port);
        var key = new BackendKey(new BackendRef(new ObjectKey(ns, service), reference), Make.Members(members.Split(',')));
        Assert.Equal($"{ns}/{service}:{port}@{members}", BackendNames.RealName(new PlaceKey(key)));
        Assert.Equal(new PlaceKey(key), BackendNames.Parse(BackendNames.RealName(new PlaceKey(key))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("web")]
    [InlineData("web/cart")]
    [InlineData("web/cart:80")]
    [InlineData("web/cart:80@")]
    [InlineData("/cart:80@aws")]
    [InlineData("web:80/cart@aws")]
    [InlineData("web/cart:80@aws|")]
    [InlineData("web/cart:80@aws|xx")]
    [InlineData("web/cart:80@aws|rr|")]
    [InlineData("web/cart:80@aws|rr|near")]
    [InlineData("web/cart:80@aws|rr|zone|zone")]
    [InlineData("web/cart:80@aws,gcp|rr")]
    [InlineData("web/cart:80@aws|~")]
    [InlineData("web/cart:80@aws|~xx")]
    [InlineData("web/cart:80@aws|~rr|")]
    [InlineData("web/cart:80@aws|~rr|src")]
    [InlineData("web/cart:80@aws|~hash")]
    [InlineData("web/cart:80@aws|~hash|src|src")]
    [InlineData("web/cart:80@aws|~hash|path:0")]
    [InlineData("web/cart:80@aws|~rr|maxconn:0")]
    [InlineData("web/cart:80@aws|~rr|maxconn:010")]
    [InlineData("web/cart:80@aws|~rr|maxqueue:1|maxconn:1")]
    [InlineData("web/cart:80@aws|~rr*/up")]
    [InlineData("web/cart:80@aws|~rr-http")]
    [InlineData("web/cart:80@aws|~rr-http*/up~3f")]
    [InlineData("web/cart:80@aws|~rr-http*/up~")]
    [InlineData("web/cart:80@aws|rr|~lc")]
    public void Another_text_is_no_backend(string text) => Assert.Null(BackendNames.Parse(text));

    [Fact]
    public void A_groups_real_name_reads_back_and_differs_from_that_of_the_whole()
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { BackendNames.RealName(Make.Place("cart", "aws")) };
        foreach (var profile in BackendProfile.All)
        {
            foreach (var distribution in Enum.GetValues<TrafficDistribution>())
            {
                foreach (var tier in Enum.GetValues<LocalityTier>().Where(tier => tier == LocalityTier.Any == (distribution == TrafficDistribution.None)))
                {
                    if (distribution == TrafficDistribution.PreferSameRegion && tier == LocalityTier.Zone)
                        continue;
                    var place = PlaceKey.OfGroup(Make.Backend("cart").Ref, new MemberName("aws"), new GroupKind(profile, distribution, tier));
                    Assert.True(names.Add(BackendNames.RealName(place)));
                    Assert.True(BackendNames.IsUsable(place));
                    Assert.Equal(place, BackendNames.Parse(BackendNames.RealName(place)));
                }
            }
        }

        Assert.Contains("web/cart:80@aws|rr", names);
        Assert.Contains("web/cart:80@aws|lc-cookie|zone-other", names);
    }

    [Fact]
    public void Dynamic_names_differ_where_underscores_would_not_tell()
    {
        var a = new BackendKey(new BackendRef(new ObjectKey("a", "b_c"), PortRef.Numbered(80)), Make.Members("m"));
        var b = new BackendKey(new BackendRef(new ObjectKey("a_b", "c"), PortRef.Numbered(80)), Make.Members("m"));
        Assert.NotEqual(BackendNames.Dynamic(new PlaceKey(a)), BackendNames.Dynamic(new PlaceKey(b)));
        Assert.NotEqual(BackendNames.Dynamic(Make.Place("x", "aws")), BackendNames.Dynamic(Make.Place("x", "gcp")));
    }

    [Fact]
    public void A_server_is_named_by_what_it_is()
    {
        var aws = new MemberName("aws");
        Assert.Equal("aws:cart-7d9f:10.0.0.7:8080", BackendNames.Server(aws, Make.Endpoint("10.0.0.7", pod: "cart-7d9f"), 8080));
        Assert.Equal("aws:-:fd00::7:80", BackendNames.Server(aws, Make.Endpoint("fd00::7", pod: ""), 80));
        Assert.Equal("aws:pod:10.0.0.7:80:c", BackendNames.Server(aws, Make.Endpoint("10.0.0.7"), 80, default, isChecked: true));
        Assert.Equal("aws:pod:10.0.0.7:80:t", BackendNames.Server(aws, Make.Endpoint("10.0.0.7"), 80, new EndpointTransport(Tls: true)));
        Assert.Equal("aws:pod:10.0.0.7:80:cTp", BackendNames.Server(aws, Make.Endpoint("10.0.0.7"), 80, new EndpointTransport(true, true, true), isChecked: true));
        Assert.Equal("aws:-:10.0.0.7:80", BackendNames.Server(aws, Make.Endpoint("10.0.0.7", pod: "x:10.0.0.9"), 80));
    }
}
