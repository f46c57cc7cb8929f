using System.Text;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Tests.Decoding;

public sealed class SecretDecoderTests
{
    private const string Users = """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"users","namespace":"shop","uid":"u1","labels":{"a":"b"},
          "annotations":{"tool/copy":"YW5uOng="}},"data":{"auth":"YW5uOng=","also":"eA=="},"type":"Opaque"}
        """;

    [Fact]
    public void Certificates_are_read_with_their_authority_and_nothing_is_shown()
    {
        var secret = Decode(Samples.Secret.Replace("\"tls.crt\"", "\"keystore.jks\":\"eA==\",\"ca.crt\":\"Y2E=\",\"tls.crt\"", StringComparison.Ordinal));
        Assert.Equal("ca.crt=ca tls.crt=cert tls.key=key", Show(secret));
        Assert.DoesNotContain("a2V5", secret.ToString(), StringComparison.Ordinal);
        var tls = TlsSecretResource.Of(secret)!;
        Assert.Equal(("cert", "key", secret.Meta), (Text(tls.CertificatePem.Reveal()), Text(tls.PrivateKeyPem.Reveal()), tls.Meta));
    }

    [Fact]
    public void Base64_may_be_broken_into_lines_as_in_a_yaml_block()
    {
        var secret = Decode(Samples.Secret.Replace("Y2VydA==", @"Y2Vy\ndA==\n", StringComparison.Ordinal));
        Assert.Null(secret.DecodeError);
        Assert.Equal("cert", Text(secret.Find("tls.crt")!.Reveal()));
    }

    [Fact]
    public void Of_other_types_all_keys_are_read_in_order_and_no_annotation_that_may_repeat_them()
    {
        var secret = Decode(Users);
        Assert.Equal("also=x auth=ann:x", Show(secret));
        Assert.Equal(("Opaque", "u1", 0, 0), (secret.Type, secret.Meta.Uid, secret.Meta.Labels.Count, secret.Meta.Annotations.Count));
        Assert.Null(TlsSecretResource.Of(secret));
        Assert.Null(secret.Find("AUTH"));
        Assert.Equal("Opaque", Decode(Users.Replace(",\"type\":\"Opaque\"", "", StringComparison.Ordinal)).Type);
    }

    [Theory]
    [InlineData("\"data\":{\"a\":\"eA==\"},\"stringData\":{\"a\":\"plain\",\"b\":\"ü\"}", "a=plain b=ü")]
    [InlineData("\"stringData\":{\"a\":\"plain\"},\"data\":{\"a\":\"eA==\"}", "a=plain")]
    [InlineData("\"data\":{\"b\":\"eA==\",\"a\":\"\",\"b\":\"eQ==\"}", "a= b=y")]
    [InlineData("\"data\":{\"a\":null}", "")]
    [InlineData("\"data\":null", "")]
    public void As_manifests_write_it_plain_text_overrides_base64_and_the_last_of_equal_keys_wins(string data, string expected)
    {
        var secret = Decode($$"""{"kind":"Secret","metadata":{"name":"users","namespace":"shop"},{{data}}}""");
        Assert.Equal((expected, null), (Show(secret), secret.DecodeError));
    }

    [Theory]
    [InlineData("\"data\":{\"a\":\"!hidden\",\"b\":\"eA==\"}", "data.a: expected base64 text, found other text", "b=x")]
    [InlineData("\"data\":{\"a\":7}", "data.a: expected base64 text, found 7", "")]
    [InlineData("\"data\":\"hidden\"", "data: expected an object, found other text", "")]
    [InlineData("\"stringData\":{\"a\":[\"hidden\"]}", "stringData.a: expected a string, found an array", "")]
    [InlineData("\"type\":{\"x\":1},\"data\":{\"a\":\"eA==\"}", "type: expected a string, found an object", "a=x")]
    public void What_is_wrong_is_told_without_showing_it(string data, string error, string rest)
    {
        var secret = Decode($$"""{"kind":"Secret","metadata":{"name":"users","namespace":"shop"},{{data}}}""");
        Assert.Equal((error, rest), (secret.DecodeError, Show(secret)));
    }

    [Theory]
    [InlineData(DataSecretResource.MaxBytes, true)]
    [InlineData(DataSecretResource.MaxBytes + 1, false)]
    public void As_much_is_read_as_an_API_server_takes(int bytes, bool isRead)
    {
        var half = Convert.ToBase64String(new byte[bytes / 2]);
        var rest = Convert.ToBase64String(new byte[bytes - (bytes / 2)]);
        var secret = Decode($$"""{"kind":"Secret","metadata":{"name":"users","namespace":"shop"},"data":{"a":"{{half}}","b":"{{rest}}"} }""");
        Assert.Equal((isRead ? null : "data: expected at most 1048576 bytes", isRead ? 2 : 0), (secret.DecodeError, secret.Data.Count));
    }

    [Theory]
    [InlineData("kubernetes.io/service-account-token")]
    [InlineData("helm.sh/release.v1")]
    [InlineData("bootstrap.kubernetes.io/token")]
    [InlineData("kubernetes.io/dockercfg")]
    [InlineData("kubernetes.io/dockerconfigjson")]
    [InlineData("kubernetes.io/ssh-auth")]
    public void Types_that_no_Ingress_can_want_are_none_of_ours(string type) => Assert.Equal(
        new DecodeResult(null, null), Result(Users.Replace("Opaque", type, StringComparison.Ordinal)));

    private static string Show(DataSecretResource secret) => string.Join(' ', secret.Data.Select(static entry => $"{entry.Key}={Text(entry.Value.Reveal())}"));

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static DataSecretResource Decode(string json) => Assert.IsType<DataSecretResource>(Result(json).Resource);

    private static DecodeResult Result(string json) => new ResourceDecoder().Decode(ResourceKind.Secret, Encoding.UTF8.GetBytes(json));
}
