using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class TokenTests
{
    private const string M = "multicluster-ingress.github.io/jwt-";

    private const string Secret = "0123456789abcdef0123456789abcdef";

    private static readonly RSA Rsa = RSA.Create(2048);

    private static readonly ECDsa Curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    private static readonly RoutePolicyContext Context = Reading.Context(secrets:
    [
        ("hmac", "a", Secret + "\n"), ("two", "new", Secret), ("two", "old", "x" + Secret), ("short", "a", "topsecret"), ("rsa", "pub.pem", Rsa.ExportSubjectPublicKeyInfoPem()),
        ("both", "pub.pem", $"text\n{Rsa.ExportRSAPublicKeyPem()}\n{Curve.ExportSubjectPublicKeyInfoPem()}\n"), ("private", "tls.key", Rsa.ExportPkcs8PrivateKeyPem()),
        ("odd", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
    ]);

    [Fact]
    public void Keys_are_all_that_the_Secret_has_for_the_algorithm()
    {
        Assert.Equal(new TokenCheck("HS256", [Encoded(Secret)], null, [], null), Of("algorithm=HS256 & jwt-secret=hmac").Policy.Token);
        Assert.Equal(
            new TokenCheck("HS256", [Encoded(Secret), Encoded("x" + Secret)], "https://id.example/", ["a", "https://b/"], "x-token"),
            Of("algorithm=HS256 & jwt-secret=two & jwt-issuer=https://id.example/ & jwt-audience=https://b/, a,a & jwt-header=X-Token").Policy.Token);
        Assert.Equal(new TokenCheck("PS512", [Base64Url.EncodeToString(Rsa.ExportSubjectPublicKeyInfo())], null, [], null), Of("algorithm=PS512 & jwt-secret=rsa & jwt-header=Authorization").Policy.Token);
        var both = Of("algorithm=ES384 & jwt-secret=both");
        Assert.Equal([Base64Url.EncodeToString(Curve.ExportSubjectPublicKeyInfo())], both.Policy.Token!.Keys);
        Assert.Contains("has a RSA PUBLIC KEY that", Assert.Single(both.Problems).Text, StringComparison.Ordinal);
        Assert.Empty(both.Policy.Redacted().Token!.Keys);
        Assert.Equal(["Token"], both.Policy.Guards);
        Assert.DoesNotContain(Encoded(Secret), Of("algorithm=HS256 & jwt-secret=hmac").Policy.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("algorithm=HS256", "stands without multicluster-ingress.github.io/jwt-secret")]
    [InlineData("secret=hmac", "stands without multicluster-ingress.github.io/jwt-algorithm")]
    [InlineData("issuer=me", "stands without multicluster-ingress.github.io/jwt-algorithm")]
    [InlineData("header=x", "stands without multicluster-ingress.github.io/jwt-algorithm")]
    [InlineData("algorithm=none & jwt-secret=hmac", "is \"none\"; write")]
    [InlineData("algorithm=hs256 & jwt-secret=hmac", "write HS256, HS384")]
    [InlineData("algorithm=HS256 & jwt-secret=other", "which there is not; create it", Reasons.SecretNotFound)]
    [InlineData("algorithm=HS256 & jwt-secret=bank/hmac", "no ReferenceGrant", Reasons.RefNotPermitted)]
    [InlineData("algorithm=HS256 & jwt-secret=short", "has 9 bytes; write 32 to 512")]
    [InlineData("algorithm=HS512 & jwt-secret=hmac", "has 32 bytes; write 64 to 512")]
    [InlineData("algorithm=HS256 & jwt-secret=rsa", "everybody may know a public key")]
    [InlineData("algorithm=RS256 & jwt-secret=hmac", "it is no PEM")]
    [InlineData("algorithm=ES256 & jwt-secret=both", "of the curve P-256")]
    [InlineData("algorithm=RS256 & jwt-secret=private", "has a PRIVATE KEY that is no public key")]
    [InlineData("algorithm=RS256 & jwt-secret=odd", "can't be read")]
    [InlineData("algorithm=HS256 & jwt-secret=hmac & jwt-audience=,", "names no audiences")]
    [InlineData("algorithm=HS256 & jwt-secret=hmac & jwt-audience=", "is empty")]
    [InlineData("algorithm=HS256 & jwt-secret=hmac & jwt-issuer=a\"%[src]", "write printable ASCII")]
    [InlineData("algorithm=HS256 & jwt-secret=hmac & jwt-issuer=a\nb", "write printable ASCII")]
    [InlineData("algorithm=HS256 & jwt-secret=hmac & jwt-header=a b", "write a name")]
    public void What_cannot_be_read_closes_the_route(string lines, string problem, string reason = Reasons.InvalidPolicy)
    {
        var reading = Of(lines);
        Assert.Equal((true, null), (reading.Policy.Closed, reading.Policy.Token));
        Assert.Contains(problem, string.Join('\n', reading.Problems.Select(static item => item.Text)), StringComparison.Ordinal);
        Assert.Equal(reason, reading.Problems[0].Reason);
        Assert.DoesNotContain("topsecret", reading.Problems.ToString(), StringComparison.Ordinal);
    }

    private static RoutePolicyReading Of(string lines) => Reading.Of(M + lines.Replace("& jwt-", "& " + M, StringComparison.Ordinal), Context);

    private static string Encoded(string text) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text));
}
