using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MultiCluster.HAProxy.Runtime.Tokens;

namespace MultiCluster.HAProxy.Runtime.Tests.Passwords;

public sealed class TokenJudgeTests
{
    private const long Now = 1_800_000_000;

    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");

    private static readonly RSA Rsa = RSA.Create(2048);

    private static readonly ECDsa Curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Theory]
    [InlineData("{}", 4294967295)]
    [InlineData("{\"exp\":1800000001}", 1800000001)]
    [InlineData("{\"exp\":1800000001.9}", 1800000001)]
    [InlineData("{\"exp\":4102444800}", 4102444800)]
    [InlineData("{\"exp\":9999999999999}", 4294967295)]
    [InlineData("{\"nbf\":1800000005,\"exp\":1800000009}", 1800000009)]
    [InlineData("{\"exp\":1800000000}", null)]
    [InlineData("{\"exp\":1800000000.5}", null)]
    [InlineData("{\"exp\":-1}", null)]
    [InlineData("{\"exp\":1e300}", null)]
    [InlineData("{\"exp\":\"1800000001\"}", null)]
    [InlineData("{\"exp\":null}", null)]
    [InlineData("{\"nbf\":1800000006}", null)]
    [InlineData("{\"nbf\":\"0\"}", null)]
    [InlineData("{\"exp\":1800000001,\"exp\":1800000002}", null)]
    [InlineData("[]", null)]
    [InlineData("7", null)]
    [InlineData("{", null)]
    [InlineData("", null)]
    public void Time_is_up_or_is_not(string claims, object? until) =>
        Assert.Equal(until is null ? null : Convert.ToInt64(until, System.Globalization.CultureInfo.InvariantCulture), Judge(Rule("HS256", Secret), Token("{\"alg\":\"HS256\"}", claims, Hmac)));

    [Theory]
    [InlineData("{\"iss\":\"me\",\"aud\":\"shop\"}", true)]
    [InlineData("{\"iss\":\"me\",\"aud\":[\"x\",\"store\"]}", true)]
    [InlineData("{\"iss\":\"me\",\"aud\":[\"x\",[\"store\"],7]}", false)]
    [InlineData("{\"iss\":\"me\",\"aud\":\"shop,store\"}", false)]
    [InlineData("{\"iss\":\"me\",\"aud\":{\"shop\":1}}", false)]
    [InlineData("{\"iss\":\"me\"}", false)]
    [InlineData("{\"iss\":\"Me\",\"aud\":\"shop\"}", false)]
    [InlineData("{\"iss\":[\"me\"],\"aud\":\"shop\"}", false)]
    [InlineData("{\"aud\":\"shop\"}", false)]
    [InlineData("{\"x\":{\"iss\":\"me\",\"aud\":\"shop\"}}", false)]
    [InlineData("{\"iss\":\"me\",\"aud\":\"\\ud800\"}", false)]
    public void Issuer_and_audience_are_those_that_are_wanted(string claims, bool isGood) =>
        Assert.Equal(isGood, Judge(Rule("HS256", Secret, "me", "shop,store"), Token("{\"alg\":\"HS256\"}", claims, Hmac)) is not null);

    [Fact]
    public void Each_algorithm_takes_its_own_signature_and_no_other()
    {
        var publicKey = Rsa.ExportSubjectPublicKeyInfo();
        var pem = Encoding.ASCII.GetBytes(Rsa.ExportSubjectPublicKeyInfoPem());
        (string Algorithm, byte[] Key, Func<byte[], byte[]> Sign)[] all =
        [
            ("HS256", Secret, Hmac),
            ("HS512", Secret, content => HMACSHA512.HashData(Secret, content)),
            ("RS256", publicKey, content => Rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            ("RS384", publicKey, content => Rsa.SignData(content, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1)),
            ("PS256", publicKey, content => Rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
            ("ES256", Curve.ExportSubjectPublicKeyInfo(), content => Curve.SignData(content, HashAlgorithmName.SHA256)),
        ];
        foreach (var wanted in all)
        {
            foreach (var made in all)
            {
                var token = Token($"{{\"alg\":\"{made.Algorithm}\"}}", "{}", made.Sign);
                Assert.Equal(wanted.Algorithm == made.Algorithm, Judge(Rule(wanted.Algorithm, wanted.Key), token) is not null);
                // Of another algorithm, and says that it is of this one.
                Assert.Equal(wanted.Algorithm == made.Algorithm, Judge(Rule(wanted.Algorithm, wanted.Key), Token($"{{\"alg\":\"{wanted.Algorithm}\"}}", "{}", made.Sign)) is not null);
            }

            // A public key as the secret, and no signature.
            foreach (var key in new[] { publicKey, pem, wanted.Key, [] })
            {
                Assert.True(wanted.Algorithm == "HS256" && key == Secret || Judge(Rule(wanted.Algorithm, wanted.Key), Token("{\"alg\":\"HS256\"}", "{}", content => HMACSHA256.HashData(key, content))) is null);
                Assert.True(wanted.Algorithm == "HS256" && key == Secret || Judge(Rule(wanted.Algorithm, wanted.Key), Token($"{{\"alg\":\"{wanted.Algorithm}\"}}", "{}", content => HMACSHA256.HashData(key, content))) is null);
            }

            foreach (var name in new[] { "none", "None", "", wanted.Algorithm.ToLowerInvariant() })
                Assert.Null(Judge(Rule(wanted.Algorithm, wanted.Key), Token($"{{\"alg\":\"{name}\"}}", "{}", static _ => [])));
            Assert.Null(Judge(Rule("none", wanted.Key), Token("{\"alg\":\"none\"}", "{}", static _ => [])));
        }
    }

    [Theory]
    [InlineData("{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}")]
    [InlineData("{\"alg\":\"HS256\",\"alg\":\"HS256\"}")]
    [InlineData("{\"alg\":[\"HS256\"]}")]
    [InlineData("{}")]
    [InlineData("\"HS256\"")]
    public void A_header_that_says_more_or_less_is_no_good(string header) => Assert.Null(Judge(Rule("HS256", Secret), Token(header, "{}", Hmac)));

    [Fact]
    public void What_was_changed_or_is_written_otherwise_is_no_good()
    {
        var good = Token("{\"alg\":\"HS256\"}", "{}", Hmac);
        var parts = good.Split('.');
        var rule = Rule("HS256", Secret);
        Assert.NotNull(Judge(rule, good));
        foreach (var bad in new[] { good + "=", good + ".", good + " ", " " + good, "." + good, $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}", $"{parts[0]}.{Base64Url.EncodeToString("{\"a\":1}"u8)}.{parts[2]}", good[..^2], good.Replace('.', '\0'), new string('a', 9000), "a.b.c", "..", "é.é.é" })
            Assert.Null(Judge(rule, bad));
        Assert.Null(Judge(Rule("HS256", Encoding.ASCII.GetBytes("another secret of thirty-two byte")), good));
        Assert.NotNull(Judge(TokenRule.Parse($"|HS256|||{Base64Url.EncodeToString("x"u8)},{Base64Url.EncodeToString(Secret)}")!, good));
        Assert.Null(Judge(TokenRule.Parse("|HS256|||")!, good));
        foreach (var odd in new[] { "", "|", "|HS256|||x y", "|HS256||||" })
            Assert.Null(TokenRule.Parse(odd));
    }

    private static long? Judge(TokenRule rule, string token) => TokenJudge.GoodUntil(rule, token, DateTimeOffset.FromUnixTimeSeconds(Now));

    private static TokenRule Rule(string algorithm, byte[] key, string issuer = "", string audiences = "") => TokenRule.Parse(string.Join(
        '|', "", algorithm, Encoded(issuer), string.Join(',', audiences.Split(',').Select(Encoded)), Base64Url.EncodeToString(key)))!;

    private static string Encoded(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Token(string header, string claims, Func<byte[], byte[]> sign)
    {
        var content = $"{Encoded(header)}.{Encoded(claims)}";
        return $"{content}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(content)))}";
    }

    private static byte[] Hmac(byte[] content) => HMACSHA256.HashData(Secret, content);
}
