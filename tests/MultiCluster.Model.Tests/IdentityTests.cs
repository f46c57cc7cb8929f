using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Model.Tests;

public sealed class IdentityTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("a-1", true)]
    [InlineData("1a", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("A", false)]
    [InlineData("a.b", false)]
    [InlineData("a_b", false)]
    [InlineData("a\n", false)]
    [InlineData("é", false)]
    [InlineData("٣", false)]
    public void Labels(string text, bool expected) => Assert.Equal(expected, DnsNames.IsLabel(text));

    [Theory]
    [InlineData("a.b", true)]
    [InlineData("a", true)]
    [InlineData("a..b", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData(".", false)]
    public void Subdomains(string text, bool expected) => Assert.Equal(expected, DnsNames.IsSubdomain(text));

    [Fact]
    public void Lengths_are_bounded()
    {
        Assert.True(DnsNames.IsLabel(new string('a', 63)));
        Assert.False(DnsNames.IsLabel(new string('a', 64)));
        Assert.True(DnsNames.IsSubdomain(string.Join('.', Enumerable.Repeat(new string('a', 62), 4)) + ".a"));
        Assert.False(DnsNames.IsSubdomain(string.Join('.', Enumerable.Repeat(new string('a', 63), 4))));
    }

    [Fact]
    public void Objects_are_ordered_by_namespace_then_name()
    {
        ObjectKey[] keys = [new("a", "z"), new("b", "a"), new("b", "b")];

        Assert.Equal(keys, keys.Reverse().Order());
        Assert.True(keys[0] < keys[1] && keys[2] > keys[1] && keys[1] <= keys[1] && keys[1] >= keys[0]);
        Assert.Equal("a/z", keys[0].ToString());
        Assert.Equal("nginx", new ObjectKey("", "nginx").ToString());
    }

    [Fact]
    public void Rank_is_age_then_member_then_name()
    {
        var key = new ObjectKey("web", "a");
        Rank[] ranks =
        [
            new(DateTimeOffset.UnixEpoch, new MemberName("z"), new ObjectKey("z", "z")),
            new(DateTimeOffset.UnixEpoch.AddDays(1), new MemberName("a"), key),
            new(DateTimeOffset.UnixEpoch.AddDays(1), new MemberName("b"), key),
            new(DateTimeOffset.UnixEpoch.AddDays(1), new MemberName("b"), new ObjectKey("web", "b")),
            new(null, new MemberName("a"), key),
            new(null, new MemberName("b"), key),
        ];

        Assert.Equal(ranks, ranks.Reverse().Order());
        Assert.True(ranks[0] < ranks[1] && ranks[3] > ranks[2]);
    }

    [Fact]
    public void Names_are_ordered_ordinally_not_by_culture()
    {
        Assert.True(new MemberName("B") < new MemberName("a"));
        Assert.True(new MemberName("a-b") < new MemberName("ab"));
    }

    [Fact]
    public void An_owners_epoch_comes_before_its_count() => Prop.ForAll<(int, int), (int, int)>(static (a, b) =>
        Assert.Equal(a.CompareTo(b), new FragmentVersion(a.Item1, a.Item2).CompareTo(new FragmentVersion(b.Item1, b.Item2)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Route_keys_have_a_total_order()
    {
        RouteKey[] keys =
        [
            new("", "", PathMatch.Prefix),
            new("a.example", "/x", PathMatch.Exact),
            new("a.example", "/x", PathMatch.Prefix),
            new("a.example", "/y", PathMatch.Exact),
            new("b.example", "", PathMatch.Default),
        ];

        Assert.Equal(keys, keys.Reverse().Order());
        Assert.Equal(["*/ (Prefix)", "a.example/x (Exact)"], keys.Take(2).Select(static key => key.ToString()));
        Assert.True(new RouteKey("*.example", "", PathMatch.Prefix).IsWildcardHost);
    }
}
