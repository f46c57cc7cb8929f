using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class ClientCertificateTests
{
    private static readonly string Authority = Certificates.Ecdsa([], commonName: "clients").Certificate;

    [Theory]
    [InlineData("J:auth-tls-secret=ca", ClientVerification.Required, CertificateDialect.Community)]
    [InlineData("J:auth-tls-secret=shop/ca & J:auth-tls-verify-client=on & J:auth-tls-strict=false", ClientVerification.Required, CertificateDialect.Community)]
    [InlineData("J:auth-tls-secret=ca & J:auth-tls-verify-client=optional", ClientVerification.Optional, CertificateDialect.Community)]
    [InlineData("N:auth-tls-secret=shop/ca & N:auth-tls-verify-client=optional_no_ca & N:auth-tls-verify-depth=3", ClientVerification.AnyIssuer, CertificateDialect.Nginx)]
    public void Signatures_of_the_Secret_count(string lines, ClientVerification verification, CertificateDialect dialect)
    {
        var policy = Reading.Policy(lines, Reading.Context(secrets: ("ca", "ca.crt", $"text before\n{Authority}\n")));
        Assert.False(policy.Closed);
        Assert.Equal(
            new ClientCertificates(verification, new ClientAuthorities("shop/ca", Authority + "\n", ""), dialect, null, null, TellsCertificate: false),
            policy.ClientCertificates);
        Assert.Equal(verification == ClientVerification.Required, policy.HttpsRedirect is not null);
    }

    [Fact]
    public void What_endpoints_are_told()
    {
        var context = Reading.Context(secrets: ("ca", "ca.crt", Authority));
        var community = Reading.Policy("J:auth-tls-secret=ca & J:auth-tls-cert-header=true & J:ssl-fingerprint-lower=true & J:ssl-fingerprint-sha2-bits=384 & J:auth-tls-error-page=https://a.example/b", context).ClientCertificates!;
        Assert.Equal((true, true, 384, "https://a.example/b"), (community.TellsCertificate, community.LowerFingerprints, community.Sha2Bits, community.ErrorPage));
        var nginx = Reading.Policy("N:auth-tls-secret=ca & N:auth-tls-pass-certificate-to-upstream=true & N:auth-tls-match-cn=CN=(ann|bob)", context).ClientCertificates!;
        Assert.True(nginx.TellsCertificate);
        Assert.StartsWith("^", nginx.SubjectPattern ?? "^", StringComparison.Ordinal);
        Assert.Contains("CN=", nginx.SubjectPattern, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("J:auth-tls-secret=other", "names Secret shop/other, which there is not; create it, and until then every request is refused", Reasons.SecretNotFound)]
    [InlineData("J:auth-tls-secret=bank/ca", "of another namespace, in which no ReferenceGrant lets Ingresses of shop use it", Reasons.RefNotPermitted)]
    [InlineData("J:auth-tls-secret=file:///etc/ca.pem", "a file of the proxy's machine")]
    [InlineData("J:auth-tls-secret=ca & J:auth-tls-verify-client=maybe", "and until then every request is refused")]
    [InlineData("N:auth-tls-secret=empty", "which has no ca.crt")]
    [InlineData("N:auth-tls-secret=bad", "whose ca.crt holds a PEM block that is no CERTIFICATE")]
    [InlineData("N:auth-tls-secret=list", "whose ca.crl holds no PEM block X509 CRL")]
    [InlineData("N:auth-tls-secret=ca & N:auth-tls-match-cn=CN=(a", "and until then every request is refused")]
    [InlineData("N:auth-tls-verify-client=on", "stands without nginx.ingress.kubernetes.io/auth-tls-secret")]
    public void Where_it_cannot_be_read_who_counts_everybody_is_refused(string lines, string problem, string reason = Reasons.InvalidPolicy)
    {
        var reading = Reading.Of(lines, Reading.Context(secrets:
        [
            ("ca", "ca.crt", Authority), ("empty", "tls.crt", Authority), ("bad", "ca.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
            ("list", "ca.crt", Authority), ("list", "ca.crl", Authority),
        ]));
        Assert.Equal((true, null), (reading.Policy.Closed, reading.Policy.ClientCertificates));
        Assert.Contains(problem, reading.Problems[0].Text, StringComparison.Ordinal);
        Assert.Equal(reason, reading.Problems[0].Reason);
    }

    [Theory]
    [InlineData("J:auth-tls-secret=ca & J:auth-tls-verify-client=off")]
    [InlineData("N:auth-tls-verify-client=optional")]
    [InlineData("J:auth-tls-cert-header=true")]
    public void Off_is_off(string lines) => Assert.Equal(RoutePolicy.None, Reading.Policy(lines, Reading.Context(secrets: ("ca", "ca.crt", Authority))));

    [Fact]
    public void A_page_that_is_none_leaves_the_refusal()
    {
        var reading = Reading.Of("N:auth-tls-secret=ca & N:auth-tls-error-page=@page", Reading.Context(secrets: ("ca", "ca.crt", Authority)));
        Assert.Null(reading.Policy.ClientCertificates!.ErrorPage);
        Assert.Contains("write a URL", Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("J:tls-alpn=h2, http/1.1", "h2,http/1.1", null, null, null, null)]
    [InlineData("J:ssl-ciphers=ECDHE-RSA-AES128-GCM-SHA256:!aNULL & J:ssl-cipher-suites=TLS_AES_128_GCM_SHA256", null, "ECDHE-RSA-AES128-GCM-SHA256:!aNULL", "TLS_AES_128_GCM_SHA256", null, null)]
    [InlineData("J:ssl-options-host=no-sslv3 no-tlsv10 no-tlsv11", null, null, null, "TLSv1.2", null)]
    [InlineData("J:ssl-options-host=no-tlsv13", null, null, null, null, "TLSv1.2")]
    [InlineData("J:ssl-options-host=force-tlsv12", null, null, null, "TLSv1.2", "TLSv1.2")]
    [InlineData("J:ssl-options-host=ssl-min-ver TLSv1.1 ssl-max-ver TLSv1.2", null, null, null, "TLSv1.1", "TLSv1.2")]
    [InlineData("N:ssl-ciphers=HIGH:!MD5", null, "HIGH:!MD5", null, null, null)]
    public void Connections_of_a_host(string lines, string? protocols, string? ciphers, string? suites, string? least, string? most) => Assert.Equal(
        new HostTls { Protocols = protocols, Ciphers = ciphers, CipherSuites = suites, MinVersion = least, MaxVersion = most },
        Reading.Policy(lines).HostTls);

    [Theory]
    [InlineData("J:tls-alpn=h3", "write h2, http/1.1 or both")]
    [InlineData("J:ssl-ciphers=NONE-AT-ALL", "of which at least one is known")]
    [InlineData("J:ssl-ciphers=HIGH:@SECLEVEL=0", "of which at least one is known")]
    [InlineData("J:ssl-cipher-suites=TLS_A", "write TLS_AES_128_GCM_SHA256")]
    [InlineData("J:ssl-options-host=no-tlsv12", "a gap between them")]
    [InlineData("J:ssl-options-host=ssl-min-ver TLSv1.3 no-tlsv13", "leaves no versions")]
    [InlineData("J:ssl-options-host=verify", "which is not known here")]
    public void What_is_no_way_to_connect_counts_for_nothing(string lines, string problem)
    {
        var reading = Reading.Of(lines);
        Assert.Null(reading.Policy.HostTls);
        Assert.Contains(problem, Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }
}
