using System.Net;
using System.Security.Cryptography;
using MultiCluster.Acme.Tests.Support;

namespace MultiCluster.Acme.Tests.Http;

public sealed class OrderRunTests
{
    [Fact]
    public async Task An_order_takes_few_requests_and_uses_each_nonce_once()
    {
        using var run = new ScriptedRun();

        var issued = await run.IssueAsync();

        Assert.True(issued.IsOk, issued.Error?.Message);
        Assert.Equal("Test Root", issued.Value.Root);
        Assert.Equal(
            ["/dir", "/nonce", "/account", "/new", "/authorization", "/challenge", "/order", "/finalize", "/certificate"], run.Authority.Asked.Select(static one => one.Path));
        Assert.Equal(run.Authority.Nonces.Count, run.Authority.Nonces.Distinct(StringComparer.Ordinal).Count());
        Assert.True(run.Responder.IsEmpty, "a challenge was not withdrawn");
    }

    [Fact]
    public async Task The_authority_says_how_long_to_wait()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/order", () => run.Authority.PendingOrder("7"), () => run.Authority.PendingOrder("7"));
        run.Authority.Say("/authorization", run.Authority.PendingAuthorization, run.Authority.PendingAuthorization, run.Authority.PendingAuthorization);

        var issued = await run.IssueAsync();

        Assert.True(issued.IsOk, issued.Error?.Message);
        var looks = run.Authority.Asked.Where(static one => one.Path == "/order").Select(static one => one.At).ToList();
        Assert.True(looks.Count >= 3, "it was not looked at again");
        Assert.InRange((looks[1] - looks[0]).TotalSeconds, 7, 10);
        Assert.InRange((looks[2] - looks[1]).TotalSeconds, 7, 10);
    }

    [Fact]
    public async Task An_order_that_never_moves_ends_in_its_time()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/challenge", [.. Enumerable.Repeat(() => ScriptedAuthority.Json(HttpStatusCode.OK, "{}"), 9)]);
        var began = run.Clock.GetUtcNow();

        var issued = await run.IssueAsync();

        Assert.Equal(AcmeErrorKind.TimedOut, issued.Error?.Kind);
        Assert.Contains("waited 300 s for the authority to look at shop.example", issued.Error!.Message, StringComparison.Ordinal);
        Assert.InRange((run.Clock.GetUtcNow() - began).TotalSeconds, 250, 301);
        Assert.Equal(1, run.Authority.Count("/challenge"));
        Assert.True(run.Responder.IsEmpty, "a challenge was not withdrawn");
    }

    [Fact]
    public async Task Too_many_orders_tell_when_to_come_back_and_are_not_repeated()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/new", static () => ScriptedAuthority.Problem(HttpStatusCode.TooManyRequests, "rateLimited", "too many certificates", "3600"));

        var issued = await run.IssueAsync();

        Assert.Equal(AcmeErrorKind.RateLimited, issued.Error?.Kind);
        Assert.Equal(run.Clock.GetUtcNow().AddHours(1), issued.Error!.RetryAt);
        Assert.Equal("order for shop.example: too many certificates (rateLimited)", issued.Error.Message);
        Assert.Equal(1, run.Authority.Count("/new"));
    }

    [Fact]
    public async Task An_order_that_got_no_answer_is_not_made_twice()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/new", static () => throw new HttpRequestException("connection reset"));

        var issued = await run.IssueAsync();

        Assert.Equal(AcmeErrorKind.Unreachable, issued.Error?.Kind);
        Assert.Contains("connection reset", issued.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(1, run.Authority.Count("/new"));
    }

    [Theory]
    [InlineData("/authorization")]
    [InlineData("/challenge")]
    [InlineData("/order")]
    [InlineData("/finalize")]
    [InlineData("/certificate")]
    public async Task An_answer_that_gets_lost_costs_no_order(string path)
    {
        using var run = new ScriptedRun();
        run.Authority.Say(
            path,
            static () => throw new HttpRequestException("connection reset"),
            static () => ScriptedAuthority.Problem(HttpStatusCode.ServiceUnavailable, "serverInternal", "try later", "3"));

        var issued = await run.IssueAsync();

        Assert.True(issued.IsOk, issued.Error?.Message);
        Assert.Equal(1, run.Authority.Count("/new"));
        Assert.True(run.Responder.IsEmpty, "a challenge was not withdrawn");
    }

    [Theory]
    [InlineData("/authorization")]
    [InlineData("/challenge")]
    [InlineData("/order")]
    [InlineData("/finalize")]
    [InlineData("/certificate")]
    public async Task An_authority_that_is_gone_ends_the_order(string path)
    {
        using var run = new ScriptedRun();
        run.Authority.Say(path, [.. Enumerable.Repeat<Func<HttpResponseMessage>>(static () => throw new HttpRequestException("connection reset"), 100)]);

        var issued = await run.IssueAsync();

        Assert.Equal(AcmeErrorKind.Unreachable, issued.Error?.Kind);
        Assert.InRange(run.Authority.Count(path), 4, 30);
        Assert.True(run.Responder.IsEmpty, "a challenge was not withdrawn");
    }

    [Fact]
    public async Task A_certificate_request_that_comes_too_early_is_made_again()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/finalize", static () => ScriptedAuthority.Problem(HttpStatusCode.Forbidden, "orderNotReady"));

        var issued = await run.IssueAsync();

        Assert.True(issued.IsOk, issued.Error?.Message);
        Assert.Equal(2, run.Authority.Count("/finalize"));
    }

    [Fact]
    public async Task A_challenge_that_another_order_was_through_with_is_no_failure()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/challenge", () =>
        {
            run.Authority.Prove();
            return ScriptedAuthority.Problem(HttpStatusCode.BadRequest, "malformed", "the challenge is not pending");
        });

        var issued = await run.IssueAsync();

        Assert.True(issued.IsOk, issued.Error?.Message);
    }

    [Fact]
    public async Task A_challenge_that_is_refused_ends_the_order()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/challenge", static () => ScriptedAuthority.Problem(HttpStatusCode.BadRequest, "malformed", "not like this"));

        Assert.Equal("challenge for shop.example: not like this (malformed)", (await run.IssueAsync()).Error?.Message);
    }

    [Fact]
    public async Task Cancelling_takes_the_challenges_back()
    {
        using var run = new ScriptedRun();
        using var cancel = new CancellationTokenSource();
        run.Authority.Say("/challenge", () =>
        {
            cancel.Cancel();
            return ScriptedAuthority.Json(HttpStatusCode.OK, "{}");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.IssueAsync(cancel.Token));

        Assert.Single(run.Responder.Seen);
        Assert.True(run.Responder.IsEmpty, "a challenge was not withdrawn");
    }

    [Theory]
    [InlineData("key", "another key")]
    [InlineData("name", "does not name shop.example")]
    [InlineData("life", "ended at")]
    [InlineData("garbage", "no PEM")]
    [InlineData("nothing", "0 certificates")]
    [InlineData("many", "11 certificates")]
    public async Task A_certificate_that_does_not_fit_is_refused(string what, string wrong)
    {
        using var run = new ScriptedRun();
        run.Authority.Issue = request =>
        {
            using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return what switch
            {
                "key" => ScriptedAuthority.Sign(request, otherKey: other),
                "name" => ScriptedAuthority.Sign(request, name: "other.example"),
                "life" => ScriptedAuthority.Sign(request, life: TimeSpan.FromHours(2)),
                "garbage" => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "many" => string.Concat(Enumerable.Repeat(ScriptedAuthority.Sign(request), 6))[..^1].Replace("\n\n", "\n", StringComparison.Ordinal) is var chain
                    ? chain[..chain.LastIndexOf("-----BEGIN", StringComparison.Ordinal)]
                    : "",
                _ => "",
            };
        };

        var issued = await run.IssueAsync();

        Assert.Equal(AcmeErrorKind.BadCertificate, issued.Error?.Kind);
        Assert.Contains(wrong, issued.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_for_other_hosts_is_none_of_ours()
    {
        using var run = new ScriptedRun();
        run.Authority.Host = "other.example";

        Assert.Contains("other.example", (await run.IssueAsync()).Error?.Message, StringComparison.Ordinal);
        Assert.Empty(run.Responder.Seen);
    }
}
