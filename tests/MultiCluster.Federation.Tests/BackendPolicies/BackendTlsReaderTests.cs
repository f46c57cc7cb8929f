using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiCluster.Federation.BackendPolicies;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.BackendPolicies;

public sealed class BackendTlsReaderTests
{
    private const string J = "haproxy-ingress.github.io/";
    private const string H = "haproxy.org/";
    private const string N = "nginx.ingress.kubernetes.io/";

    private static readonly Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> Secrets = Make();

    private static readonly RoutePolicyContext Context = new(
        new ObjectKey("shop", "front"), "cart", "/", PathMatch.Prefix, false, static key => key.Namespace == "shop" ? Secrets.GetValueOrDefault(key.Name) : null);

    [Theory]
    [InlineData(J + "secure-verify-ca-secret", "missing")]
    [InlineData(J + "secure-verify-ca-secret", "bank/good")]
    [InlineData(J + "secure-verify-ca-secret", "file:///etc/ssl/ca.pem")]
    [InlineData(J + "secure-verify-ca-secret", "")]
    [InlineData(J + "secure-verify-ca-secret", "bad")]
    [InlineData(J + "secure-verify-ca-secret", "own")]
    [InlineData(H + "server-ca", "missing")]
    [InlineData(H + "server-ca", "bad")]
    [InlineData(N + "proxy-ssl-verify", "on")]
    [InlineData(N + "proxy-ssl-verify", "maybe")]
    public void Who_can_not_be_verified_gets_no_request(string key, string value)
    {
        var reading = Read((key, value));
        Assert.True(reading.Policy.Tls?.IsClosed);
        Assert.Contains(reading.Problems, problem => problem.Field == $"annotation {key}");
    }

    [Fact]
    public void Authorities_and_certificates_come_from_Secrets_of_the_namespace()
    {
        foreach (var reading in (BackendPolicyReading[])[Read((J + "secure-verify-ca-secret", "shop/good")), Read((H + "server-ca", "official")), Read((N + "proxy-ssl-secret", "good"), (N + "proxy-ssl-verify", "on"))])
        {
            Assert.Empty(reading.Problems);
            Assert.StartsWith("-----BEGIN CERTIFICATE-----", reading.Policy.Tls!.Authorities, StringComparison.Ordinal);
            Assert.Equal((false, SniSource.None), (reading.Policy.Tls.IsClosed, reading.Policy.Tls.Sni));
        }

        var identity = Read((H + "server-crt", "own")).Policy.Tls!.Identity!;
        Assert.Contains("PRIVATE KEY", identity.Pem, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", $"{new RoutePolicy { Backend = new BackendPolicy { Tls = new ServerTls { Identity = identity } } }}", StringComparison.Ordinal);
        Assert.Empty(new RoutePolicy { Backend = new BackendPolicy { Tls = new ServerTls { Identity = identity } } }.Redacted().Backend!.Tls!.Identity!.Pem);
    }

    [Theory]
    [InlineData("no-tlsv10 no-tlsv11", "TLSv1.2", null)]
    [InlineData("ssl-min-ver TLSv1.1 ssl-max-ver TLSv1.2 no-sslv3", "TLSv1.1", "TLSv1.2")]
    [InlineData("force-tlsv13", "TLSv1.3", null)]
    [InlineData("no-tls-tickets", null, null)]
    public void Options_leave_out_versions(string options, string? least, string? most)
    {
        var tls = Read((J + "ssl-options-backend", options)).Policy.Tls;
        Assert.Equal((least, most), (tls?.MinVersion, tls?.MaxVersion));
    }

    [Theory]
    [InlineData(J + "ssl-options-backend", "no-tlsv12")]
    [InlineData(J + "ssl-options-backend", "no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13")]
    [InlineData(J + "ssl-options-backend", "verify none")]
    [InlineData(J + "ssl-options-backend", "ca-file /etc/x")]
    [InlineData(J + "ssl-ciphers-backend", "BOGUS")]
    [InlineData(J + "ssl-ciphers-backend", "HIGH crt /etc/x")]
    [InlineData(J + "ssl-cipher-suites-backend", "TLS_NONE")]
    [InlineData(J + "secure-sni", "a b")]
    [InlineData(J + "secure-sni", "str(a)")]
    [InlineData(J + "secure-verify-hostname", "a_/")]
    [InlineData(J + "secure-crt-secret", "good")]
    [InlineData(N + "proxy-ssl-protocols", "TLSv1 TLSv1.3")]
    [InlineData(N + "proxy-ssl-name", "a b")]
    [InlineData(N + "proxy-ssl-ciphers", "%[src]")]
    public void A_bad_value_costs_itself(string key, string value)
    {
        var reading = Read((key, value));
        Assert.Equal($"annotation {key}", Assert.Single(reading.Problems).Field);
        Assert.True(reading.Policy.Tls is null or { IsClosed: false, Identity: null, Ciphers: null, CipherSuites: null, MinVersion: null, Name: null, VerifiedName: null });
    }

    private static BackendPolicyReading Read(params (string Key, string Value)[] annotations) =>
        BackendPolicyReader.Read(EquatableMap.From(annotations.Select(static item => KeyValuePair.Create(item.Key, item.Value))), EquatableMap.Empty, context: Context);

    private static Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var from = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256).CreateSelfSigned(from, from.AddYears(1));
        var (pem, own) = (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        return new(StringComparer.Ordinal)
        {
            ["good"] = Of(("ca.crt", pem)),
            ["official"] = Of(("tls.crt", pem)),
            ["own"] = Of(("tls.crt", pem), ("tls.key", own)),
            ["bad"] = Of(("ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")),
        };
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> Of(params (string Key, string Value)[] data) =>
        data.ToDictionary(static item => item.Key, static item => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes(item.Value), StringComparer.Ordinal);
}
