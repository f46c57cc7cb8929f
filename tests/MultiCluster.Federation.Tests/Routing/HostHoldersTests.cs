using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Routing;

/// <summary>Whose a host is, for certificates, and what an authority's question does to it.</summary>
public sealed class HostHoldersTests
{
    private static readonly ObjectKey Acme = new("acme", "challenges");

    private readonly RoutingTable _table = new();
    private long _version;

    [Fact]
    public void A_host_is_of_the_first_who_has_it_in_a_rule()
    {
        Set("shop/first", Claim("shop.example", "", 1));
        Set("other/second", Claim("shop.example", "", 2), Claim("*.wild.example", "", 2));
        Set("blog/third", Claim("shop.example", "/blog", 3), Claim("a.wild.example", "/x", 3));
        Assert.Equal("shop.example: shop", Holders("shop.example"));
        Assert.Equal("a.wild.example: blog", Holders("a.wild.example"));
        Assert.Equal("b.wild.example: other", Holders("b.wild.example"));
        Assert.Equal("nobody.example: ", Holders("nobody.example"));
        Set("any/fourth", Claim("", "", 4));
        Assert.Equal("nobody.example: any", Holders("nobody.example"));
        Assert.Equal("a.wild.example: blog", Holders("a.wild.example"));
    }

    [Fact]
    public void A_challenge_makes_no_host_anybodys_and_takes_no_further_name_away()
    {
        Set("shop/first", Claim("shop.example", "", 1), Claim("alias.example", "", 1) with { IsFurtherName = true });
        Set(Acme.ToString(), Challenge("alias.example"), Challenge("new.example"));
        Assert.Equal("alias.example: shop", Holders("alias.example"));
        Assert.Equal("new.example: ", Holders("new.example"));
        Assert.Equal("shop/first", _table.Find("alias.example", "/any")?.Ingress.ToString());
        Assert.Equal(Acme, _table.Find("alias.example", "/.well-known/acme-challenge/t")?.Ingress);
        Assert.Empty(_table.Conflicts(new ObjectKey("shop", "first")));
        Set(Acme.ToString());
        Assert.Equal("shop/first", _table.Find("alias.example", "/.well-known/acme-challenge/t")?.Ingress.ToString());
        Set("other/second", Claim("alias.example", "/b", 2));
        Assert.Equal("alias.example: other", Holders("alias.example"));
    }

    private string Holders(string host) => string.Join(", ", _table.Holders([host]).Select(static item => $"{item.Key}: {string.Join(' ', item.Value.Order(StringComparer.Ordinal))}"));

    private static RouteClaim Claim(string host, string path, int day) =>
        new(new RouteKey(host, path, PathMatch.Prefix), new BackendRef(Make.Key($"s{day}"), PortRef.Numbered(80)), [Make.Aws], new Rank(Make.Day(day), Make.Aws, Make.Key("rank")));

    private static RouteClaim Challenge(string host) => Claim(host, "", 1) with
    {
        Key = new RouteKey(host, "/.well-known/acme-challenge/t", PathMatch.Exact),
        Rank = new Rank(DateTimeOffset.MinValue, Make.Aws, Acme),
        Policy = new RoutePolicy { Answer = new FixedAnswer("t.key") },
    };

    private void Set(string ingress, params RouteClaim[] claims)
    {
        var key = new ObjectKey(ingress.Split('/')[0], ingress.Split('/')[1]);
        _table.Apply(new FragmentUpdate(EntityId.Ingress(key), new FragmentVersion(1, ++_version), claims.Length == 0 ? null : new Fragment.Ingress(key, [.. claims], [], [], [])), Make.Now);
    }
}
