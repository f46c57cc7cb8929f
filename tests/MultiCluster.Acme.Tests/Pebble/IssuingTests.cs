using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiCluster.Acme.Issued;
using MultiCluster.Acme.Jose;
using MultiCluster.Acme.Tests.Support;

namespace MultiCluster.Acme.Tests.Pebble;

public sealed class IssuingTests
{
    [PebbleFact]
    public async Task Two_names_get_one_certificate_with_its_key()
    {
        await using var authority = await Authority.StartAsync();

        var issued = await authority.Issuer().IssueAsync(["shop.example", "WWW.shop.example"], Authority.Deadline);

        Assert.True(issued.IsOk, issued.Error?.Message);
        Assert.Equal(["shop.example", "www.shop.example"], NamesOf(issued.Value));
        Assert.Equal(["shop.example", "www.shop.example"], issued.Value.Hosts);
        Assert.StartsWith("Pebble Root CA", issued.Value.Root, StringComparison.Ordinal);
        Assert.Equal(90, (issued.Value.NotAfter - issued.Value.NotBefore).TotalDays, tolerance: 0.01);
        using var pair = X509Certificate2.CreateFromPem(issued.Value.Chain, Encoding.ASCII.GetString(issued.Value.Key.Reveal().Span));
        Assert.True(pair.HasPrivateKey);
        Assert.Equal(2, issued.Value.Chain.Split("-----BEGIN CERTIFICATE-----").Length - 1);
        Assert.Equal(2, authority.Responder.Seen.Select(static challenge => challenge.Host).Distinct().Count());
        Assert.True(authority.Responder.IsEmpty, "a challenge was not withdrawn");
    }

    [PebbleFact]
    public async Task A_wrong_answer_names_the_host_and_what_the_authority_saw()
    {
        await using var authority = await Authority.StartAsync();
        authority.Responder.Answer = static challenge => challenge.Host == "www.shop.example" ? "parking page" : challenge.KeyAuthorization;

        var issued = await authority.Issuer().IssueAsync(["shop.example", "www.shop.example"], Authority.Deadline);

        Assert.Equal(AcmeErrorKind.ChallengeFailed, issued.Error?.Kind);
        Assert.Equal("www.shop.example", issued.Error!.Host);
        Assert.Contains("www.shop.example", issued.Error.Message, StringComparison.Ordinal);
        Assert.Contains("parking page", issued.Error.Message, StringComparison.Ordinal);
        Assert.Equal("unauthorized", issued.Error.Problem?.Type);
        Assert.True(authority.Responder.IsEmpty, "a challenge was not withdrawn");
    }

    [PebbleFact]
    public async Task A_storm_of_refused_nonces_is_survived()
    {
        await using var authority = await Authority.StartAsync(static options => options with { RefusedNoncesPercent = 60 });

        // 0.6 to the power of 60 is once in 20 million million requests.
        var issued = await authority.Issuer(authority.Options with { NonceAttempts = 60 }).IssueAsync(["shop.example"], Authority.Deadline);

        Assert.True(issued.IsOk, issued.Error?.Message);
    }

    [PebbleFact]
    public async Task Nonces_that_are_always_refused_end_the_order_as_a_value()
    {
        await using var authority = await Authority.StartAsync(static options => options with { RefusedNoncesPercent = 100 });

        var issued = await authority.Issuer(authority.Options with { NonceAttempts = 5 }).IssueAsync(["shop.example"], Authority.Deadline);

        Assert.Equal("badNonce", issued.Error?.Problem?.Type);
        Assert.Equal(AcmeErrorKind.Unreachable, issued.Error!.Kind);
    }

    [PebbleFact]
    public async Task Two_accounts_and_several_orders_run_at_once()
    {
        await using var authority = await Authority.StartAsync();
        using var first = authority.Client();
        using var second = authority.Client();
        var issuers = new[] { new CertificateIssuer(first, authority.Responder), new CertificateIssuer(second, authority.Responder) };

        var orders = Enumerable.Range(0, 8).Select(number => issuers[number % 2].IssueAsync([$"shop-{number}.example", "shared.example"], Authority.Deadline));
        var issued = await Task.WhenAll(orders);

        Assert.All(issued, static one => Assert.True(one.IsOk, one.Error?.Message));
        Assert.Equal(8, issued.Select(static one => Encoding.ASCII.GetString(one.Value!.Key.Reveal().Span)).Distinct(StringComparer.Ordinal).Count());
        for (var number = 0; number < 8; number++)
            Assert.Equal(["shared.example", $"shop-{number}.example"], NamesOf(issued[number].Value!));
        Assert.NotEqual((await first.RegisterAsync(Authority.Deadline)).Value, (await second.RegisterAsync(Authority.Deadline)).Value);
        Assert.True(authority.Responder.IsEmpty, "a challenge was not withdrawn");
    }

    [PebbleFact]
    public async Task What_was_proved_before_is_not_asked_again()
    {
        await using var authority = await Authority.StartAsync(static options => options with { ReusedAuthorizationsPercent = 100 });
        var issuer = authority.Issuer();

        var first = await issuer.IssueAsync(["shop.example"], Authority.Deadline);
        var challenges = authority.Responder.Seen.Count;
        var second = await issuer.IssueAsync(["shop.example"], Authority.Deadline);

        Assert.True(first.IsOk && second.IsOk, first.Error?.Message ?? second.Error?.Message);
        Assert.Equal(1, challenges);
        Assert.Equal(challenges, authority.Responder.Seen.Count);
        Assert.False(first.Value.Key.Equals(second.Value.Key), "each certificate has a key of its own");
    }

    [PebbleFact]
    public async Task The_preferred_chain_is_taken_where_it_is_offered()
    {
        await using var authority = await Authority.StartAsync(static options => options with { AlternateRoots = 2, ReusedAuthorizationsPercent = 100 });
        var first = await authority.Issuer().IssueAsync(["shop.example"], Authority.Deadline);
        Assert.True(first.IsOk, first.Error?.Message);
        var roots = authority.Pebble.Log.Split('\n').Where(static line => line.Contains("new root issuer", StringComparison.Ordinal))
            .Select(static line => line.Split("CN=")[1].Split(" with")[0]).ToList();
        Assert.Equal(3, roots.Count);

        foreach (var root in roots)
        {
            var issued = await authority.Issuer(authority.Options with { PreferredChain = root }).IssueAsync(["shop.example"], Authority.Deadline);
            Assert.Equal(root, issued.Value?.Root);
        }

        var other = await authority.Issuer(authority.Options with { PreferredChain = "Nobody's Root" }).IssueAsync(["shop.example"], Authority.Deadline);
        Assert.Equal(first.Value.Root, other.Value?.Root);
    }

    [PebbleFact]
    public async Task What_not_all_proxies_answer_is_not_shown_to_the_authority()
    {
        await using var authority = await Authority.StartAsync();
        authority.Responder.Refusal = new AcmeError(AcmeErrorKind.NotPublished, "proxy edge-2 did not take it within 10 s");

        var issued = await authority.Issuer().IssueAsync(["shop.example"], Authority.Deadline);

        Assert.Equal(authority.Responder.Refusal, issued.Error);
        Assert.Empty(authority.Responder.Asked);
        Assert.True(authority.Responder.IsEmpty, "a challenge was not withdrawn");
    }

    private static IEnumerable<string> NamesOf(IssuedCertificate issued)
    {
        using var leaf = X509Certificate2.CreateFromPem(issued.Chain);
        return [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames().Order(StringComparer.Ordinal)];
    }
}
