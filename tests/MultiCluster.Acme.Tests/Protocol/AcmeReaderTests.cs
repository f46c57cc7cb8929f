using System.Text;
using MultiCluster.Acme.Protocol;

namespace MultiCluster.Acme.Tests.Protocol;

public sealed class AcmeReaderTests
{
    private const string Token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";

    /// <summary>JSON of an order, and what its error names; null: it is one.</summary>
    public static TheoryData<string, string?> Orders => new()
    {
        { """{"status":"pending","identifiers":[{"type":"dns","value":"Shop.example"}],"authorizations":["https://ca/a"],"finalize":"https://ca/f","extra":{"x":1}}""", null },
        { """{"status":"valid","authorizations":["https://ca/a"],"finalize":"https://ca/f","certificate":"https://ca/c"}""", null },
        { """{"status":"valid","authorizations":["https://ca/a"],"finalize":"https://ca/f"}""", "where its certificate is" },
        { """{"status":"pending","authorizations":["http://ca/a"],"finalize":"https://ca/f"}""", "https" },
        { """{"status":"pending","authorizations":[null],"finalize":"https://ca/f"}""", "https" },
        { """{"status":"pending","authorizations":[],"finalize":"https://ca/f"}""", "authorizations" },
        { """{"status":"pending","authorizations":["https://ca/a"],"finalize":"ftp://ca/f"}""", "finalize" },
        { """{"status":"1","authorizations":["https://ca/a"],"finalize":"https://ca/f"}""", "unknown status 1" },
        { """{"status":"pending,ready","authorizations":["https://ca/a"],"finalize":"https://ca/f"}""", "unknown status" },
        { """{"authorizations":["https://ca/a"],"finalize":"https://ca/f"}""", "unknown status null" },
        { """{"status":7}""", "no JSON of an order" },
        { "[]", "no JSON of an order" },
        { "null", "no JSON of an order" },
        { "<html>", "no JSON of an order" },
        { "", "no JSON of an order" },
    };

    public static TheoryData<string?, bool> Tokens => new()
    {
        { Token, true },
        { "short", false },
        { null, false },
        { Token + "/../x", false },
        { Token + " ", false },
        { Token + "\n", false },
        { Token + "%0a", false },
        { Token + "ä", false },
        { new string('a', 129), false },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void An_order_is_read_or_doubted(string json, string? wrong)
    {
        var order = AcmeReader.Order(Encoding.UTF8.GetBytes(json));

        Assert.Equal(wrong is null, order.IsOk);
        if (wrong is null)
            return;
        Assert.Equal(AcmeErrorKind.Malformed, order.Error!.Kind);
        Assert.Contains(wrong, order.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void A_token_may_stand_in_a_path_and_in_a_map(string? token, bool good) => Assert.Equal(good, AcmeReader.IsToken(token));

    [Fact]
    public void An_authorization_with_a_hostile_token_is_refused()
    {
        var json = """{"status":"pending","identifier":{"type":"dns","value":"shop.example"},"challenges":[{"type":"http-01","url":"https://ca/c","status":"pending","token":"a b"}]}""";

        var authorization = AcmeReader.Authorization(Encoding.UTF8.GetBytes(json));

        Assert.Equal(AcmeErrorKind.Malformed, authorization.Error?.Kind);
        Assert.Contains("shop.example", authorization.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_authorization_tells_where_the_authority_looked()
    {
        var json = $$"""
            {"status":"invalid","identifier":{"type":"dns","value":"shop.example"},"challenges":[null,
             {"type":"dns-01","url":"https://ca/d","status":"pending","token":"{{Token}}"},
             {"type":"http-01","url":"https://ca/c","status":"invalid","token":"{{Token}}",
              "error":{"type":"urn:ietf:params:acme:error:connection","detail":"refused"},
              "validationRecord":[null,{"url":"http://shop.example/.well-known/acme-challenge/x","addressUsed":"192.0.2.7"}]}]}
            """;

        var authorization = AcmeReader.Authorization(Encoding.UTF8.GetBytes(json)).Value!;

        Assert.Equal(AuthorizationStatus.Invalid, authorization.Status);
        Assert.Equal(["dns-01", "http-01"], authorization.Offered);
        Assert.Equal(new AcmeProblem("connection", "refused"), authorization.Http!.Error);
        Assert.Equal("http://shop.example/.well-known/acme-challenge/x at 192.0.2.7", authorization.Http.Looked);
    }

    [Fact]
    public void A_problem_is_shown_on_one_line_with_its_parts_and_cut()
    {
        var json = """
            {"type":"urn:ietf:params:acme:error:malformed","detail":"bad\u001b[31m\nnames\u202e","subproblems":[null,
             {"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"policy","identifier":{"type":"dns","value":"bad.example"}}]}
            """;

        var problem = AcmeReader.Problem(Encoding.UTF8.GetBytes(json))!;

        Assert.Equal("bad [31m names  (malformed); bad.example: policy (rejectedIdentifier)", problem.ToString());
        Assert.InRange(new AcmeProblem("x", new string('a', 5000)).ToString().Length, 100, 450);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("<html>")]
    public void What_is_no_problem_is_none(string json) => Assert.Null(AcmeReader.Problem(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Json_that_is_nested_without_end_is_refused() =>
        Assert.False(AcmeReader.Order(Encoding.UTF8.GetBytes("""{"identifiers":""" + new string('[', 100_000))).IsOk);

    [Theory]
    [InlineData("https://ca.example/dir", true)]
    [InlineData("HTTPS://ca.example/dir", true)]
    [InlineData("http://ca.example/dir", false)]
    [InlineData("/dir", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData(null, false)]
    public void Only_https_is_followed(string? url, bool good) => Assert.Equal(good, AcmeReader.Url(url) is not null);
}
