using System.Net;
using MultiCluster.Acme.Jose;
using MultiCluster.Acme.Tests.Support;

namespace MultiCluster.Acme.Tests.Http;

public sealed class AcmeClientTests
{
    [Fact]
    public async Task An_account_that_the_authority_lost_is_made_anew()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/new", static () => ScriptedAuthority.Problem(HttpStatusCode.BadRequest, "accountDoesNotExist"));

        var issued = await run.IssueAsync();

        Assert.True(issued.IsOk, issued.Error?.Message);
        Assert.Equal(2, run.Authority.Count("/account"));
    }

    [Fact]
    public async Task An_account_that_is_never_known_is_made_once_more_only()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/new", [.. Enumerable.Repeat(static () => ScriptedAuthority.Problem(HttpStatusCode.BadRequest, "accountDoesNotExist"), 9)]);

        Assert.Equal(AcmeErrorKind.AccountUnknown, (await run.IssueAsync()).Error?.Kind);
        Assert.Equal(2, run.Authority.Count("/new"));
    }

    [Fact]
    public async Task A_refused_nonce_is_replaced_by_the_one_that_came_with_the_refusal()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/account", static () => ScriptedAuthority.Problem(HttpStatusCode.BadRequest, "badNonce"), static () => ScriptedAuthority.Problem(HttpStatusCode.BadRequest, "badNonce"));

        var account = await run.Client.RegisterAsync(CancellationToken.None);

        Assert.True(account.IsOk, account.Error?.Message);
        Assert.Equal((3, 1), (run.Authority.Count("/account"), run.Authority.Count("/nonce")));
        Assert.Equal(["nonce-1", "nonce-2", "nonce-3"], run.Authority.Nonces);
    }

    [Theory]
    [InlineData("deactivated")]
    [InlineData("revoked")]
    public async Task An_account_that_is_closed_is_refused(string status)
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/account", () => ScriptedAuthority.Json(HttpStatusCode.OK, $$"""{"status":"{{status}}"}"""));

        Assert.Contains(status, (await run.Client.RegisterAsync(CancellationToken.None)).Error?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>maintenance</html>")]
    [InlineData("{}")]
    [InlineData("""{"newNonce":"http://ca.example/n","newAccount":"https://ca.example/a","newOrder":"https://ca.example/o"}""")]
    public async Task What_is_no_directory_is_said_to_be_none_and_asked_for_again(string body)
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/dir", () => ScriptedAuthority.Json(HttpStatusCode.OK, body));

        Assert.Equal(AcmeErrorKind.Malformed, (await run.Client.RegisterAsync(CancellationToken.None)).Error?.Kind);
        Assert.True((await run.Client.RegisterAsync(CancellationToken.None)).IsOk);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/dir", static () => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://169.254.169.254/") } });

        Assert.Contains("status 302", (await run.Client.RegisterAsync(CancellationToken.None)).Error?.Message, StringComparison.Ordinal);
        Assert.Single(run.Authority.Asked);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut()
    {
        using var run = new ScriptedRun();
        run.Authority.Say("/dir", static () => ScriptedAuthority.Json(HttpStatusCode.OK, new string(' ', 2 << 20)));

        Assert.Equal(AcmeErrorKind.Unreachable, (await run.Client.RegisterAsync(CancellationToken.None)).Error?.Kind);
    }

    [Theory]
    [InlineData("http://ca.example/dir")]
    [InlineData("dir")]
    public async Task A_directory_is_https_or_nothing_is_sent(string url)
    {
        using var run = new ScriptedRun(ScriptedAuthority.Options with { Directory = new Uri(url, UriKind.RelativeOrAbsolute) });

        Assert.Equal(AcmeErrorKind.Invalid, (await run.Client.RegisterAsync(CancellationToken.None)).Error?.Kind);
        Assert.Empty(run.Authority.Asked);
    }

    [Fact]
    public async Task An_authority_that_does_not_answer_is_given_up_in_time()
    {
        var clock = new TestKit.Time.ManualTimeProvider();
        using var handler = new SilentHandler();
        using var key = AccountKey.Create();
        using var client = new AcmeClient(ScriptedAuthority.Options, key, handler, clock);

        var account = client.RegisterAsync(CancellationToken.None);
        await clock.WaitForTimersAsync(1, TimeSpan.FromSeconds(30));
        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("directory https://ca.example/dir: no answer from ca.example within 30 s", (await account).Error?.Message);
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("not reached");
        }
    }
}
