using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.Acme.Jose;
using MultiCluster.Acme.Tests.Support;

namespace MultiCluster.Acme.Tests.Pebble;

public sealed class AccountTests
{
    private const string MacKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    [PebbleFact]
    public async Task The_same_key_is_the_same_account()
    {
        await using var authority = await Authority.StartAsync();
        using var key = AccountKey.Create();
        var kept = key.Export();
        using var first = authority.Client(key);
        using var second = authority.Client(AccountKey.Read(kept).Value);
        using var other = authority.Client();

        var urls = new[] { first, second, other }.Select(static async client => (await client.RegisterAsync(Authority.Deadline)).Value);
        var accounts = await Task.WhenAll(urls);

        Assert.NotNull(accounts[0]);
        Assert.Equal(accounts[0], accounts[1]);
        Assert.NotEqual(accounts[0], accounts[2]);
    }

    [PebbleFact]
    public async Task An_external_account_is_bound()
    {
        await using var authority = await Authority.StartAsync(static options =>
            options with { ExternalAccounts = new Dictionary<string, string>(StringComparer.Ordinal) { ["kid-1"] = MacKey } });
        using var without = authority.Client();
        using var with = authority.Client(options: authority.Options with { ExternalAccount = ExternalAccount.Read("kid-1", MacKey).Value });
        using var wrong = authority.Client(options: authority.Options with { ExternalAccount = ExternalAccount.Read("kid-1", "AAAA" + MacKey[4..]).Value });

        var (refused, bound, denied) = (
            await without.RegisterAsync(Authority.Deadline), await with.RegisterAsync(Authority.Deadline), await wrong.RegisterAsync(Authority.Deadline));

        Assert.Equal(AcmeErrorKind.Invalid, refused.Error?.Kind);
        Assert.Contains("acme.external-account", refused.Error!.Message, StringComparison.Ordinal);
        Assert.True(bound.IsOk, bound.Error?.Message);
        Assert.Equal(AcmeErrorKind.Refused, denied.Error?.Kind);
    }

    [PebbleFact]
    public async Task Nobody_agreed_to_the_terms_so_nothing_is_sent()
    {
        await using var authority = await Authority.StartAsync();
        using var client = authority.Client(options: authority.Options with { TermsAgreed = false });

        var account = await client.RegisterAsync(Authority.Deadline);

        Assert.Contains("acme.terms-agreed", account.Error?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("POST", authority.Pebble.Log, StringComparison.Ordinal);
    }

    [PebbleFact]
    public async Task A_certificate_is_revoked_and_a_second_time_is_no_error()
    {
        await using var authority = await Authority.StartAsync();
        using var client = authority.Client();
        var issued = await new CertificateIssuer(client, authority.Responder).IssueAsync(["shop.example"], Authority.Deadline);
        Assert.True(issued.IsOk, issued.Error?.Message);
        using var leaf = X509Certificate2.CreateFromPem(issued.Value.Chain);

        Assert.Null(await client.RevokeAsync(leaf.RawData, reason: 4, Authority.Deadline));
        Assert.Null(await client.RevokeAsync(leaf.RawData, reason: 4, Authority.Deadline));
        var stranger = await client.RevokeAsync("none"u8.ToArray(), reason: null, Authority.Deadline);
        Assert.NotNull(stranger);
    }

    [PebbleFact]
    public async Task An_authority_that_is_not_trusted_or_not_there_is_a_value()
    {
        await using var authority = await Authority.StartAsync();
        using var handler = Acme.Http.AcmeHandlers.Create();
        using var key = AccountKey.Create();
        using var untrusted = new AcmeClient(authority.Options, key, handler, TimeProvider.System);
        using var nowhere = new AcmeClient(authority.Options with { Directory = new Uri("https://127.255.255.254:1/dir") }, key, handler, TimeProvider.System);

        var (first, second) = (await untrusted.RegisterAsync(Authority.Deadline), await nowhere.RegisterAsync(Authority.Deadline));

        Assert.Equal(AcmeErrorKind.Unreachable, first.Error?.Kind);
        Assert.Contains("acme.authorities", first.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(AcmeErrorKind.Unreachable, second.Error?.Kind);
    }
}
