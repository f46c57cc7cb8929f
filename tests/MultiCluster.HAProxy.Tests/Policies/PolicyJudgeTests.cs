using System.Net;
using MultiCluster.HAProxy.Explanation;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Policies;

/// <summary>What "explain" tells of a policy; that it is what HAProxy does is shown with HAProxy.</summary>
public sealed class PolicyJudgeTests
{
    private static readonly AskedRequest Request = new("GET", IsTls: false, "shop.example:8080", "/a/b", "?q=1", "/a/b", [new("host", "shop.example:8080")], IPAddress.Parse("192.0.2.7"));

    public static readonly TheoryData<string, RoutePolicy, int?, string?> Policies = new()
    {
        { "nothing", RoutePolicy.None, null, null },
        { "closed", new RoutePolicy { Closed = true }, 403, null },
        { "an allow list that does not hold it", new RoutePolicy { Sources = new SourceRules(true, ["10.0.0.0/8"], []) }, 403, null },
        { "the smaller network that denies", new RoutePolicy { Sources = new SourceRules(true, ["192.0.0.0/8"], ["192.0.2.0/24"]) }, 403, null },
        { "the smaller network that allows", new RoutePolicy { Sources = new SourceRules(false, ["192.0.2.0/24"], ["192.0.0.0/8"]) }, null, null },
        { "a header for the address that is not there", new RoutePolicy { Sources = new SourceRules(false, [], ["10.0.0.0/8"], "x-real-ip") }, 403, null },
        { "https", new RoutePolicy { HttpsRedirect = new HttpsRedirect(301, 8443) }, 301, "https://shop.example:8443/a/b?q=1" },
        { "refused before it is redirected", new RoutePolicy { Closed = true, HttpsRedirect = new HttpsRedirect(301) }, 403, null },
        { "another host", new RoutePolicy { Redirect = new Redirection(RedirectionKind.Host, "new.example", 302) }, 302, "http://new.example/a/b?q=1" },
        { "another beginning", new RoutePolicy { Redirect = new Redirection(RedirectionKind.Prefix, "https://new.example/x", 307) }, 307, "https://new.example/x/a/b?q=1" },
        { "a root for \"/\" only", new RoutePolicy { AppRoot = "/app" }, null, null },
        { "an account", new RoutePolicy { BasicAuthentication = new BasicAuthentication("r", [new("ann", "{SHA}x")]) }, 401, null },
        { "an account or an address", new RoutePolicy { AnyGuard = true, Sources = new SourceRules(true, ["192.0.2.7/32"], []), BasicAuthentication = new BasicAuthentication("r", [new("ann", "{SHA}x")]) }, null, null },
        { "neither account nor address", new RoutePolicy { AnyGuard = true, Sources = new SourceRules(true, ["10.0.0.0/8"], []), BasicAuthentication = new BasicAuthentication("r", [new("ann", "{SHA}x")]) }, 401, null },
        { "authorities that are none", new RoutePolicy { ClientCertificates = new ClientCertificates(ClientVerification.Required, new ClientAuthorities("a/b", "", ""), CertificateDialect.Community, "https://help.example/", null, false) }, 403, null },
        { "a page of its own", new RoutePolicy { Closed = true, ErrorPages = [new ErrorPage(403, 302, "", [new HeaderChange(HeaderAction.Add, "location", "https://help.example/")], "")] }, 302, "https://help.example/" },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_policy_answers_or_lets_through(string what, RoutePolicy policy, int? status, string? location)
    {
        var verdict = PolicyJudge.Judge(policy, Request);
        Assert.Equal((what, status, location, true), (what, verdict.Status, verdict.Location, verdict.IsCertain));
        Assert.Equal(status is null, verdict.UpstreamPath is not null);
    }

    [Fact]
    public void What_others_have_a_word_in_is_said()
    {
        var policy = new RoutePolicy
        {
            RateLimits = [new RateLimit(RateLimitKind.Requests, 5, RateLimit.Periods[0], 429, [])],
            ExternalAuthentication = new ExternalAuthentication("http://auth.example/", null, [], [], [], null),
            Token = new TokenCheck("HS256", ["a"], null, [], "x-token"),
        };
        var verdict = PolicyJudge.Judge(policy, Request with { Headers = [new("x-token", "a.b.c")] });
        Assert.Null(verdict.Status);
        Assert.Equal(["a client with more than 5 requests in 1 s gets 429", "what http://auth.example/ says of it", "whether the token is good, else 401"], verdict.Open);
    }

    [Fact]
    public void Without_an_address_it_is_not_told_who_may_ask()
    {
        var verdict = PolicyJudge.Judge(new RoutePolicy { Sources = new SourceRules(true, [], []) }, Request with { Source = null });
        Assert.Contains("--from", Assert.Single(verdict.Open), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^/a/(.*)$", "/x/\\1", "/a/b", "/x/b")]
    [InlineData("^/A/(.*)$", "/x/\\1", "/a/b", "/a/b")]
    [InlineData("b", "c", "/a/b", "/c")]
    [InlineData("^/a/(.*)$", "/x y/\\1", "/a/b", "/x%20y/b")]
    public void Endpoints_see_the_rewritten_path(string pattern, string replacement, string path, string seen) =>
        Assert.Equal(seen, PolicyJudge.Judge(new RoutePolicy { Rewrites = [new PathRewrite(pattern, replacement)] }, Request with { Path = path, RoutePath = path }).UpstreamPath);

    [Fact]
    public void A_share_is_told_with_what_is_left_of_it()
    {
        var canary = Taker("canary", new RouteRule(true, [new RequestTest(RequestPart.Header, "x", TextMatch.Equal, ["no"])]) with { Takes = false }, new RouteRule(true, [RequestTest.Share(0, 20, 100)]));
        var main = Route("main") with { Alternatives = [canary] };
        Assert.Equal([("canary", 20), ("main", 80)], Takers(main, Request, hasEndpoints: true));
        Assert.Equal([("main", 100)], Takers(main, Request with { Headers = [new("x", "no")] }, hasEndpoints: true));
        Assert.Equal([("main", 100)], Takers(main, Request, hasEndpoints: false));
    }

    [Fact]
    public void Where_nobody_takes_the_rest_it_finds_no_route()
    {
        var some = Taker("some", new RouteRule(true, [new RequestTest(RequestPart.Method, "", TextMatch.Equal, ["POST"])]));
        var main = Route("some") with { When = some.When, Alternatives = [some] };
        var taker = Assert.Single(RequestTaker.Of(main, Request, static _ => true));
        Assert.Null(taker.Route);
        Assert.Equal("some", Assert.Single(RequestTaker.Of(main, Request with { Method = "POST" }, static _ => true)).Route!.Ingress.Name);
    }

    private static List<(string, int)> Takers(Route main, AskedRequest request, bool hasEndpoints) =>
        [.. RequestTaker.Of(main, request, _ => hasEndpoints).Select(static taker => (taker.Route!.Ingress.Name, (int)Math.Round(taker.Share * 100)))];

    private static Route Taker(string name, params RouteRule[] rules) => Route(name) with { When = new RouteCondition { IsCanary = true, Rules = [.. rules] } };

    private static Route Route(string name) => Make.Route(Make.Prefix("shop.example", "/"), name) with { Ingress = new ObjectKey("web", name) };
}
