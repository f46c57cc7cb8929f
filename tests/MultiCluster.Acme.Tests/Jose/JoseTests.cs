using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MultiCluster.Acme.Jose;
using MultiCluster.Model.Security;

namespace MultiCluster.Acme.Tests.Jose;

public sealed class JoseTests
{
    /// <summary>RFC 7515 A.3: the key, and a signature made by somebody else.</summary>
    private const string RfcX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string RfcY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    private const string RfcD = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

    [Fact]
    public void A_known_key_has_its_known_thumbprint()
    {
        using var key = AccountKey.Read(RfcKey()).Value!;

        Assert.Equal($$"""{"crv":"P-256","kty":"EC","x":"{{RfcX}}","y":"{{RfcY}}"}""", key.Jwk);
        // sha256sum of the line above, as base64url.
        Assert.Equal("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", key.Thumbprint);
        Assert.Equal("token.oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", key.Authorize("token"));
    }

    [Fact]
    public void A_signed_request_is_verified_by_its_own_header()
    {
        using var key = AccountKey.Create();
        var url = new Uri("https://ca.example/acme/new-order?a=1&b=2");
        using var request = JsonDocument.Parse(Jws.Sign(key, url, "nonce-1", account: null, "{\"a\":1}"u8));
        var parts = request.RootElement;
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts.GetProperty("protected").GetString()));

        Assert.Equal("ES256", header.RootElement.GetProperty("alg").GetString());
        Assert.Equal("nonce-1", header.RootElement.GetProperty("nonce").GetString());
        Assert.Equal(url.OriginalString, header.RootElement.GetProperty("url").GetString());
        Assert.False(header.RootElement.TryGetProperty("kid", out _));
        Assert.True(IsSigned(parts, header.RootElement.GetProperty("jwk")));
        Assert.Equal("{\"a\":1}", Encoding.ASCII.GetString(Base64Url.DecodeFromChars(parts.GetProperty("payload").GetString())));
    }

    [Fact]
    public void A_request_of_an_account_names_it_and_a_read_has_no_payload()
    {
        using var key = AccountKey.Create();
        using var request = JsonDocument.Parse(Jws.Sign(key, new Uri("https://ca.example/order/1"), "n", new Uri("https://ca.example/account/7"), []));
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(request.RootElement.GetProperty("protected").GetString()));
        using var jwk = JsonDocument.Parse(key.Jwk);

        Assert.Equal("https://ca.example/account/7", header.RootElement.GetProperty("kid").GetString());
        Assert.False(header.RootElement.TryGetProperty("jwk", out _));
        Assert.Equal("", request.RootElement.GetProperty("payload").GetString());
        Assert.True(IsSigned(request.RootElement, jwk.RootElement));
    }

    [Fact]
    public void Flattened_json_holds_what_rfc_7515_signs()
    {
        // RFC 7515 A.1, HS256.
        var mac = Base64Url.DecodeFromChars("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
        using var signed = JsonDocument.Parse(Jws.Flatten(
            "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}"u8, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"u8,
            input => HMACSHA256.HashData(mac, input)));

        Assert.Equal("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", signed.RootElement.GetProperty("protected").GetString());
        Assert.Equal("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", signed.RootElement.GetProperty("signature").GetString());
    }

    [Fact]
    public void A_key_is_kept_as_pem_and_shows_nothing()
    {
        using var key = AccountKey.Create();
        var kept = key.Export();

        Assert.Equal("***", kept.ToString());
        Assert.Equal(key.Thumbprint, AccountKey.Read(kept).Value?.Thumbprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("no pem")]
    public void What_is_no_key_is_a_value(string pem) => Assert.Equal(AcmeErrorKind.Invalid, AccountKey.Read(Secret.FromText(pem)).Error?.Kind);

    [Fact]
    public void Other_keys_are_none_of_ours()
    {
        using var rsa = RSA.Create(2048);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var other = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        using var known = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        foreach (var pem in new[] { rsa.ExportPkcs8PrivateKeyPem(), large.ExportPkcs8PrivateKeyPem(), other.ExportPkcs8PrivateKeyPem(), known.ExportSubjectPublicKeyInfoPem() })
            Assert.Equal(AcmeErrorKind.Invalid, AccountKey.Read(Secret.FromText(pem)).Error?.Kind);
    }

    [Theory]
    [InlineData("kid-1", "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W", true)]
    [InlineData("kid-1", " AAA+/w== ", true)]
    [InlineData("", "AAAA", false)]
    [InlineData("kid-1", "", false)]
    [InlineData("kid-1", "no key!", false)]
    [InlineData("kid-1", "A", false)]
    public void An_external_account_is_read(string keyId, string macKey, bool good) => Assert.Equal(good, ExternalAccount.Read(keyId, macKey).IsOk);

    private static Secret RfcKey()
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(RfcX), Y = Base64Url.DecodeFromChars(RfcY) },
            D = Base64Url.DecodeFromChars(RfcD),
        });
        return Secret.FromText(key.ExportPkcs8PrivateKeyPem());
    }

    private static bool IsSigned(JsonElement request, JsonElement jwk)
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(jwk.GetProperty("x").GetString()), Y = Base64Url.DecodeFromChars(jwk.GetProperty("y").GetString()) },
        });
        var input = $"{request.GetProperty("protected").GetString()}.{request.GetProperty("payload").GetString()}";
        return key.VerifyData(Encoding.ASCII.GetBytes(input), Base64Url.DecodeFromChars(request.GetProperty("signature").GetString()), HashAlgorithmName.SHA256);
    }
}
