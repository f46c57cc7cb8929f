using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Logs;
using MultiCluster.TestKit;

namespace MultiCluster.HAProxy.Runtime.Tests.Logs;

/// <summary>What becomes of a line that HAProxy hands over.</summary>
public sealed partial class AccessLineTests
{
    [Fact]
    public void A_request_is_told_with_real_names()
    {
        var line = RawLines.Request(RawLines.Usual, $",x-shop={RawLines.Encoded("blue")},cookie={RawLines.Encoded("a=1; sid=secret")},authorization={RawLines.Encoded("Bearer x")}", $"x-pod={RawLines.Encoded("cart-1")}", retries: "+2");
        Assert.Equal(
            """
            {"type":"http","time":"2023-11-14T22:13:20.111456Z","id":"3f1d","proxy":"edge","client":"192.0.2.1","client_port":40000,"port":443,"tls":"TLSv1.3","cipher":"TLS_AES_128_GCM_SHA256","server_name":"shop.example","protocol":"HTTP/1.1","method":"GET","host":"shop.example","path":"/cart","query":"a=1&token=REDACTED","user_agent":"curl/8","referer":"https://a.example/?sid=REDACTED","trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","status":200,"ingress":"web/shop","service":"web/cart","service_port":"80","member":"aws","pod":"cart-1","address":"10.0.0.7","address_port":8080,"termination":"----","retries":2,"redispatched":true,"bytes_in":321,"bytes_out":4567,"handshake_ms":0,"idle_ms":1,"request_ms":2,"queue_ms":3,"connect_ms":4,"response_ms":5,"total_ms":12,"request_headers":{"x-shop":"blue","cookie":"a=1; sid=REDACTED","authorization":"REDACTED"},"response_headers":{"x-pod":"cart-1"}}
            """,
            Text(RawLines.Read(line)));
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        var line = "h1 1700000000123456 - 192.0.2.1 40000 80 - - - 400 PR-- 0 0 187 0 -1 -1 -1 -1 -1 3 - http - <NOSRV> - - - - - - -";
        Assert.Equal(
            """{"type":"http","time":"2023-11-14T22:13:20.120456Z","proxy":"edge","client":"192.0.2.1","client_port":40000,"port":80,"status":400,"termination":"PR--","retries":0,"bytes_in":0,"bytes_out":187,"handshake_ms":0,"total_ms":3}""",
            Text(RawLines.Read(line)));
    }

    [Fact]
    public void A_connection_is_told_with_real_names()
    {
        var line = $"t1 1700000000123456 2001:db8::1 40000 5432 - - {RawLines.Encoded("db.example")} -- 0 10 20 0 1 500 web/db slot-1 web/db:5432@gcp gcp:-:10.1.0.2:5432 10.1.0.2 5432";
        Assert.Equal(
            """{"type":"tcp","time":"2023-11-14T22:13:19.623456Z","proxy":"edge","client":"2001:db8::1","client_port":40000,"port":5432,"server_name":"db.example","ingress":"web/db","service":"web/db","service_port":"5432","member":"gcp","address":"10.1.0.2","address_port":5432,"termination":"--","retries":0,"bytes_in":10,"bytes_out":20,"queue_ms":0,"connect_ms":1,"total_ms":500}""",
            Text(RawLines.Read(line)));
    }

    [Theory]
    [InlineData("hdr(x-a)", "h:x-a", "three")]
    [InlineData("whole", "f:x-a", "two, three")]
    [InlineData("a header that is not told", "h:authorization", "REDACTED")]
    [InlineData("a cookie", "c:Cart", "7")]
    [InlineData("a cookie that is not told", "c:sid", "REDACTED")]
    [InlineData("a cookie of another name", "c:cart", null)]
    [InlineData("none", "h:x-b", null)]
    [InlineData("src", "s:src", "192.0.2.1")]
    [InlineData("url", "s:url", "/cart?a=1&token=REDACTED")]
    [InlineData("query", "s:query", "a=1&token=REDACTED")]
    [InlineData("method", "s:method", "GET")]
    public void A_route_s_captures_are_picked_from_the_headers(string what, string rule, string? expected)
    {
        const string Block = "host: shop.example\r\nX-A: one\r\nx-a: two, three\r\ncookie: x=1; Cart=7; sid=secret\r\nCookie: Cart=8\r\nauthorization: Bearer x\r\n\r\n";
        var line = RawLines.Read(RawLines.Request(RawLines.Usual, rule: $"64,{rule}", block: RawLines.Encoded(Block)));
        Assert.True(expected == line!["captures"]?.AsObject().Single().Value!.GetValue<string>(), what);
    }

    [Fact]
    public void Of_several_captures_each_is_whole_and_as_long_as_was_asked()
    {
        var line = RawLines.Read(RawLines.Request(RawLines.Usual, rule: "5,s:url,h:x-a,h:x-cut", block: RawLines.Encoded("x-a: 123456789\r\nx-cut: 12")));
        Assert.Equal("""{"url":"/cart","req.hdr(x-a)":"12345","req.hdr(x-cut)":"12"}""", Text(line!["captures"]!.AsObject()));
    }

    [Theory]
    [InlineData("a=1", "a=1")]
    [InlineData("token=", "token=")]
    [InlineData("TOKEN=x&tok%65n=y&%74%6f%6B%65%6e=z", "TOKEN=REDACTED&tok%65n=REDACTED&%74%6f%6B%65%6e=REDACTED")]
    [InlineData("&&token&=x&a=token=1&token=a=b", "&&token&=x&a=token=1&token=REDACTED")]
    [InlineData("%=1&%4=2&%zz=3", "%=1&%4=2&%zz=3")]
    public void Parameters_are_redacted_by_their_names(string query, string expected)
    {
        var asked = (string[])RawLines.Usual.Clone();
        asked[4] = query;
        Assert.Equal(expected, RawLines.Read(RawLines.Request(asked))!["query"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("x1 1 2 3")]
    [InlineData("h1")]
    [InlineData("h1 yesterday a b")]
    [InlineData("t1 1700000000123456 a b c")]
    public void What_is_no_line_of_ours_is_not_told(string line) => Assert.Null(RawLines.Read(line));

    /// <summary>No line ends the reader, and what is written is JSON.</summary>
    [Fact]
    public void Lines_that_were_cut_or_spoilt_anywhere_are_told_as_far_as_they_go_or_not_at_all()
    {
        var whole = Encoding.Latin1.GetBytes(RawLines.Request(RawLines.Usual, $",x-shop={RawLines.Encoded("blue")}", rule: "64,h:x-a,s:url,c:a", block: RawLines.Encoded("x-a: one\r\n: x\r\ncookie: a=1")));
        for (var at = 0; at < whole.Length; at++)
        {
            RawLines.Read(whole[..at]);
            foreach (var spoilt in new byte[] { 0, (byte)' ', (byte)',', (byte)'-', (byte)'=', (byte)':', (byte)'9', 0xff })
            {
                var line = (byte[])whole.Clone();
                line[at] = spoilt;
                RawLines.Read(line);
            }
        }
    }

    [Fact]
    public void The_longest_words_have_room()
    {
        var options = RawLines.Options with { Redact = ["a"] };
        var query = string.Join('&', Enumerable.Repeat("a=b", 512));
        var asked = new[] { "1.1", new string('M', 64), new string('h', 256), new string('p', 2048), query, new string('u', 512), $"?{query[..1023]}", "" };
        var line = RawLines.Read(RawLines.Request(asked, rule: "4096,s:url,f:cookie", block: RawLines.Encoded($"cookie: {string.Join(';', Enumerable.Repeat("a=b", 3000))}")), options);
        Assert.Equal(512, line!["query"]!.GetValue<string>().Split("REDACTED").Length - 1);
        Assert.Equal(4096, line["captures"]!["url"]!.GetValue<string>().Length);
    }

    /// <summary>Where HAProxy runs as another user, others may write to the socket.</summary>
    [Fact]
    public void Words_that_are_longer_than_any_of_ours_are_cut()
    {
        var pairs = string.Join('&', Enumerable.Repeat("token=x", 2500));
        var line = RawLines.Read(RawLines.Request(["1.1", "GET", "a", "/", pairs, "u", pairs, ""]));
        Assert.Equal(513, line!["query"]!.GetValue<string>().Split('&').Length);
    }

    [Theory]
    [InlineData("+12", 12)]
    [InlineData("12", 12)]
    public void A_line_that_is_written_early_has_a_sign_before_what_it_knows_till_then(string total, int expected) =>
        Assert.Equal(expected, RawLines.Read(RawLines.Request(RawLines.Usual, total: total))!["total_ms"]!.GetValue<int>());

    [Fact]
    public void What_is_no_text_is_told_with_a_sign_in_its_place()
    {
        var asked = RawLines.Request(RawLines.Usual).Replace(RawLines.Encoded("curl/8"), Convert.ToBase64String([0x61, 0xff, 0xc3, 0x22, 0x0a, 0x7f]), StringComparison.Ordinal);
        Assert.Equal("a\ufffd\ufffd\"\n\x7f", RawLines.Read(asked)!["user_agent"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("200", "12", "web/cart:80@aws,gcp|~rr", "web/shop web/cart:80 200 12")]
    [InlineData("-1", "-1", "-", "web/shop  0 -1")]
    public void Requests_are_counted(string status, string total, string backend, string expected)
    {
        var observer = new CountingObserver();
        RawLines.Read(RawLines.Request(RawLines.Usual, status: status, total: total, backend: backend), observer: observer);
        Assert.Equal([expected], observer.Requests);
    }

    [Fact]
    public void All_keys_are_documented_and_no_others()
    {
        var documented = Row().Matches(File.ReadAllText(Path.Combine(Root(), "src", "MultiCluster.HAProxy.Runtime", "Logs", "ACCESSLOG.md"))).Select(static row => row.Groups[1].Value);
        var written = typeof(AccessLineWriter.Names).GetFields(BindingFlags.Static | BindingFlags.Public).Select(static field => ((JsonEncodedText)field.GetValue(null)!).ToString());
        Assert.Equal(written.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "MultiCluster.sln")))
            directory = Path.GetDirectoryName(directory)!;
        return directory;
    }

    private static string Text(JsonObject? line) => line!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    [GeneratedRegex("^\\| `([a-z_]+)`", RegexOptions.Multiline)]
    private static partial Regex Row();
}
