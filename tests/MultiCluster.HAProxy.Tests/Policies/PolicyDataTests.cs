using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Tests.Policies;

public sealed class PolicyDataTests
{
    [Fact]
    public void Equal_policies_are_one_and_changed_ones_another()
    {
        var policy = new RoutePolicy { AppRoot = "/a" };
        Assert.Equal(PolicyData.Of(policy).Id, PolicyData.Of(policy with { }).Id);
        Assert.NotEqual(PolicyData.Of(policy).Id, PolicyData.Of(policy with { AppRoot = "/b" }).Id);
    }

    [Fact]
    public void Every_entry_bears_the_id_and_makes_a_command()
    {
        var data = PolicyData.Of(new RoutePolicy
        {
            Sources = new(true, ["10.0.0.0/9"], ["fd00::/7"], "x-real-ip"),
            RateLimits = [new(RateLimitKind.Requests, 5, TimeSpan.FromMinutes(1), 429, ["10.0.0.0/8"])],
            Cors = new(false, ["https://*.a.example"], [@"https://\w+"], "GET", "x", "", true, 5),
            BasicAuthentication = new("realm", [new("a", "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=")]),
            Rewrites = [new("^/a(.*)", @"/b;\1"), new("/c", "/d")],
            RequestHeaders = [new(HeaderAction.Set, "x", "y; z")],
        });
        Assert.Empty(data.Refused);
        Assert.NotEmpty(data.Entries);
        foreach (var (key, value) in data.Entries)
        {
            Assert.Equal(data.Id, PolicyData.IdOf(key).ToString());
            Assert.NotNull(new Commands(Make.Paths).AddMap(key, value));
            Assert.NotNull(new Commands(Make.Paths).DeleteMap(key));
            Assert.DoesNotContain(' ', key.Key + value);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1{uri}")]
    [InlineData("http://[::1]{uri}")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("file:///etc/passwd")]
    [InlineData("{uri}")]
    public void Requests_are_sent_to_no_address_of_the_own_machine(string target)
    {
        var data = PolicyData.Of(new RoutePolicy { Mirror = new Mirror(target, null, true) });
        Assert.Single(data.Refused);
        Assert.Empty(data.Entries);
    }

    [Fact]
    public void A_policy_without_rules_has_flags_nevertheless() =>
        Assert.Equal("-", PolicyData.Of(new RoutePolicy { Timeouts = new() }).Flags);

    [Theory]
    [InlineData("10.0.0.0/8", ".0A")]
    [InlineData("0.0.0.0/0", ".")]
    [InlineData("10.0.0.0/7", ".0A .0B")]
    [InlineData("192.0.2.7", ".C0000207")]
    [InlineData("192.0.2.4/30", ".C0000204 .C0000205 .C0000206 .C0000207")]
    [InlineData("0.0.0.0/1", ".0 .1 .2 .3 .4 .5 .6 .7")]
    [InlineData("::/0", ":")]
    [InlineData("2001:db8::/33", ":20010DB80 :20010DB81 :20010DB82 :20010DB83 :20010DB84 :20010DB85 :20010DB86 :20010DB87")]
    [InlineData("::1", ":00000000000000000000000000000001")]
    [InlineData("::ffff:10.0.0.0/104", ".0A")]
    public void A_network_is_the_beginnings_of_its_addresses(string network, string keys) =>
        Assert.Equal(keys.Split(' '), Sources(PolicyData.Of(new RoutePolicy { Sources = new(true, [network], []) })).Keys.Order(StringComparer.Ordinal));

    /// <summary>Networks that end within one digit share keys: the smaller one's counts, and of equal ones that which denies.</summary>
    [Theory]
    [InlineData("10.0.0.0/9", "10.0.0.0/10", "10.0.0.0/9 allow: .0A4 a, .0A0 d")]
    [InlineData("10.0.0.0/10", "10.0.0.0/9", "smaller allow: .0A4 d, .0A0 a")]
    [InlineData("10.0.0.0/9", "10.0.0.0/9", "equal: .0A4 d, .0A0 d")]
    public void The_smallest_network_decides(string allow, string deny, string expected)
    {
        var sources = Sources(PolicyData.Of(new RoutePolicy { Sources = new(true, [allow], [deny]) }));
        Assert.EndsWith($".0A4 {sources[".0A4"]}, .0A0 {sources[".0A0"]}", expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_is_exempt_from_the_limits_of_larger_ones_too()
    {
        var data = PolicyData.Of(new RoutePolicy
        {
            RateLimits =
            [
                new(RateLimitKind.Requests, 5, TimeSpan.FromSeconds(1), 429, ["10.0.0.0/8"]),
                new(RateLimitKind.Connections, 5, default, 429, ["10.1.0.0/16"]),
            ],
        });
        Assert.Equal((".0A 1, .0A01 1c"), string.Join(", ", Sources(data).OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key} {pair.Value}")));
    }

    [Fact]
    public void What_guards_access_and_cannot_be_written_lets_in_nobody()
    {
        AssertClosed(new RoutePolicy { Closed = true }, refused: 0);
        AssertClosed(new RoutePolicy { Sources = new(false, [], ["10.0.0.0/33"]) });
        AssertClosed(new RoutePolicy { Sources = new(true, [], [], new string('x', 13000)) });
        AssertClosed(new RoutePolicy { BasicAuthentication = new(new string('x', 13000), []) });
        AssertClosed(new RoutePolicy { RateLimits = [new(RateLimitKind.Requests, 1, TimeSpan.FromSeconds(7), 429, [])] });
        AssertClosed(new RoutePolicy { Redirect = new(RedirectionKind.Url, new string('x', 13000), 301) });
    }

    [Theory]
    [InlineData("http://auth.example/ask", null, false)]
    [InlineData("https://10.0.0.1:8443/ask?x=y", "HEAD", false)]
    [InlineData("http://auth.example/ask", "PATCH", true)]
    [InlineData("ftp://auth.example/ask", null, true)]
    [InlineData("/ask", null, false)]
    [InlineData("/a sk", null, true)]
    [InlineData("http://localhost:9000/", null, true)]
    [InlineData("http://127.1.2.3/", null, true)]
    [InlineData("http://0x7f000001/", null, true)]
    [InlineData("http://[::1]/", null, true)]
    [InlineData("http://[::ffff:127.0.0.1]/", null, true)]
    [InlineData("http://169.254.169.254/latest", null, true)]
    [InlineData("http://0.0.0.0/", null, true)]
    public void A_service_that_is_not_asked_lets_in_nobody(string url, string? method, bool isClosed)
    {
        var data = PolicyData.Of(new RoutePolicy { ExternalAuthentication = new(url, method, [], [], [], null) });
        Assert.Equal((isClosed ? PolicyFlags.Closed : PolicyFlags.ExternalAuthentication).ToString(), data.Flags);
    }

    [Theory]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("connection")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("")]
    public void Headers_that_frame_messages_stay_as_they_are(string name)
    {
        var data = PolicyData.Of(new RoutePolicy { RequestHeaders = [new(HeaderAction.Set, name, "1")], ResponseHeaders = [new(HeaderAction.Delete, name, "")] });
        Assert.Equal(("-", 2), (data.Flags, data.Refused.Count));
    }

    [Theory]
    [InlineData("/a", @"/b?\1")]
    [InlineData("/a", "/b#c")]
    [InlineData("/a", @"/b\x")]
    [InlineData("/a", @"/b\")]
    [InlineData("/a", "")]
    [InlineData("/a(", "/b")]
    [InlineData("", "/b")]
    public void A_rewriting_that_cannot_be_written_is_refused(string pattern, string replacement)
    {
        var data = PolicyData.Of(new RoutePolicy { Rewrites = [new(pattern, replacement)], AppRoot = "/x" });
        Assert.Equal(PolicyFlags.AppRoot.ToString(), data.Flags);
        Assert.Single(data.Refused);
    }

    [Fact]
    public void An_answer_that_cannot_be_written_lets_nobody_through()
    {
        var data = PolicyData.Of(new RoutePolicy { Answer = new FixedAnswer("token.digest") });
        Assert.Equal((PolicyFlags.Answer.ToString(), "dG9rZW4uZGlnZXN0"), (data.Flags, Assert.Single(data.Entries).Value));
        Assert.Equal(PolicyFlags.Closed.ToString(), PolicyData.Of(new RoutePolicy { Answer = new FixedAnswer(new string('a', 100_000)) }).Flags);
    }

    [Theory]
    [InlineData("{SHA}short")]
    [InlineData("{CLEAR-SHA256}zz")]
    [InlineData("clear")]
    public void Nobody_gets_in_with_a_hash_that_no_map_can_hold(string hash)
    {
        var data = PolicyData.Of(new RoutePolicy { BasicAuthentication = new("r", [new("a", hash)]) });
        Assert.Equal(PolicyFlags.BasicAuthentication.ToString(), data.Flags);
        Assert.Single(data.Entries);
        Assert.Single(data.Refused);
    }

    [Theory]
    [InlineData("$6$salt$hash")]
    [InlineData("$apr1$salt$hash")]
    [InlineData("abJnggxhB/yWI")]
    public void A_hash_with_a_salt_is_found_by_the_digest_of_the_name(string hash)
    {
        var data = PolicyData.Of(new RoutePolicy { BasicAuthentication = new("r", [new("a", hash)]) });
        Assert.Empty(data.Refused);
        Assert.Equal(
            Convert.ToBase64String(Encoding.ASCII.GetBytes(hash)).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            data.Entries[new MapKey(MapName.Policies, $"{data.Id}:KCA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB")]);
    }

    private static Dictionary<string, string> Sources(PolicyData data) => data.Entries
        .Where(static pair => pair.Key.Map == MapName.Sources)
        .ToDictionary(static pair => pair.Key.Key[(PolicyData.IdLength + 2)..], static pair => pair.Value, StringComparer.Ordinal);

    private static void AssertClosed(RoutePolicy policy, int refused = 1)
    {
        var data = PolicyData.Of(policy with { AppRoot = "/x" });
        Assert.Equal((PolicyFlags.Closed.ToString(), refused), (data.Flags, data.Refused.Count));
        Assert.Empty(data.Entries);
    }
}
