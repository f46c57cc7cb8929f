using MultiCluster.Federation.Annotations;

namespace MultiCluster.Federation.Tests.Annotations;

public sealed class ValueKindTests
{
    private static readonly string[] Hostile =
        ["a%[src]", "a\"b", "a'b", "a\nset server x", "a;b", "a\\b", "\0", "a\u001b[2J", "a\u202eb", "ä", "\U0001f600", "\ud800", "'; show info"];

    [Theory]
    [InlineData("bool", "true|false|1|0|t|F|TRUE| true ", "yes|on|Tru|2|true,false")]
    [InlineData("bool:on", "true|on|Off|enabled|disabled", "yes|onn")]
    [InlineData("int:0..256", "0|1|256|007", "-1|257|1.5|1e2|0x10|99999999999|1,2|+1|1 2")]
    [InlineData("int:1..", "1|2147483647", "0|2147483648|-1")]
    [InlineData("time:ms", "5|100us|500ms|30s|5m|1h|24d|0", "s|5 s|1m30s|25d|5x|-5s|1.5s|99999999999999999999s|5S")]
    [InlineData("size", "0|512|64k|8m|1G|100K", "k|8mb|-1|1.5m|unlimited|99999999999g|m8")]
    [InlineData("size:unlimited", "8m|unlimited", "Unlimited|none")]
    [InlineData("cidrs", "10.0.0.0/8|192.0.2.1|10.1.2.3/8, 2001:db8::/32|::1|0.0.0.0/0", "10.0.0.0/33|10|10.0.0|300.1.1.1|a|10.0.0.0/8,|!10.0.0.0/8|::/129|fe80::1%eth0|[::1]|patterns/ips|10.0.0.0/8 10.1.0.0/16|01.2.3.4")]
    [InlineData("cidrs:not", "!10.0.0.0/8,10.0.0.0/9", "!|!!10.0.0.0/8")]
    [InlineData("codes", "404|404,503|500 , 502", "4|404,|600|404;503")]
    [InlineData("enum:on,off", "on|off| on ", "On|true|on,off")]
    [InlineData("enumi:HTTP,GRPC", "http|GRPC", "ftp")]
    [InlineData("name", "X-Real-IP|a_b.c", "a b|a:b|a,b")]
    [InlineData("names", "GET, PUT|*|/a,/b|X-A", "a b|a,,b")]
    [InlineData("host", "a.example|*.a.example|A.EXAMPLE|192.0.2.1|::1|[::1]", "-a|a_b|a b|*|*.*.a|http://a|a/b")]
    [InlineData("hosts", "a.example,b.example", "a.example b.example")]
    [InlineData("hostport", "a.example|a.example:8080|192.0.2.1:80|[::1]:80", "a:0|a:65536|a:b|:80|a/b:1")]
    [InlineData("url", "https://a.example/x?y=z|http://a|/login|https://a/$request_uri", "ftp://a|a.example|https://|https://a b|javascript:alert(1)")]
    [InlineData("url:nginx", "https://a$request_uri|https://a/b$request_uri|/x|http://a", "$request_uri|https://$host$request_uri|https://a/$request_uri/x|https://a/$1")]
    [InlineData("path", "/|/a/b-c_d.e|/%2e|/a?b=c", "a|/a b|/%[src]|/a\tb")]
    [InlineData("secret", "tls|ns/tls|my.ca", "a/b/c|/a|a/|A|file:///etc/a|ns.x/tls")]
    [InlineData("secretfile", "tls|file:///etc/ca.pem,/etc/crl.pem", "file:/etc|file://a b")]
    [InlineData("regex", "^a(bc)+\\.d$|[a-z]*|a;b", "(|[|a)|*|%[src]")]
    [InlineData("regex:any", "*|^a$", "**|(")]
    [InlineData("regexes", "^a$ ^b$", "^a$ (")]
    [InlineData("balance", "roundrobin|random(2)|hdr(X-User) use_domain_only|uri depth 3|url_param id", "round_robin|Roundrobin|hdr(%[src])|roundrobin; x")]
    [InlineData("headers:blank", "X-A b c|X-A b\nX-B c\n", "X-A|X-A: b|X A%[src]|X-A %[namespace]|: b")]
    [InlineData("headers:colon", "X-A: b|X-A: \"b\"; c\n\nX-B: %[namespace]/%[service]|X-A:", "X-A b|X-A: %[src]|: b|X-A: b\nbad line")]
    [InlineData("replacement", "/a/\\1|/$1", "/a\\b|/a;b|\\")]
    [InlineData("text", "Protected Content|GET /x HTTP/1.1|a=b,c", "`id`|%[src]")]
    [InlineData("lines", "a\nb\tc|ä \U0001f600|'\\;\"|%[src]|a\r\nb", "\u0007|\u0000")]
    public void A_value_is_good_or_told_what_to_write(string spec, string good, string bad)
    {
        var kind = ValueKind.Parse(spec)!;
        foreach (var value in good.Split('|'))
            Assert.True(kind.ProblemOf(value) is null, $"{value}: {kind.ProblemOf(value)}");
        foreach (var value in bad.Split('|'))
        {
            var problem = kind.ProblemOf(value);
            Assert.True(problem is not null, $"{value} is good");
            Assert.EndsWith(problem.StartsWith("is empty", StringComparison.Ordinal) ? ", or remove it" : $"; write {kind.Words}", problem, StringComparison.Ordinal);
        }
    }

    /// <summary>For every kind that is read: what could end a command, or be evaluated, is no value, but where the kind has a use for it.</summary>
    [Theory]
    [MemberData(nameof(Specs))]
    public void Hostile_values_are_refused_and_shown_harmless(string spec)
    {
        var kind = ValueKind.Parse(spec)!;
        foreach (var value in Hostile.Where(value => !MayHold(spec, value)))
        {
            var problem = kind.ProblemOf(value);
            Assert.True(problem is not null, $"{spec} takes {value}");
            Assert.DoesNotContain(problem, static c => c is < ' ' or > '~');
        }

        Assert.Contains("is empty; write", kind.ProblemOf(""), StringComparison.Ordinal);
        Assert.Contains("is empty; write", kind.ProblemOf(" \n\t"), StringComparison.Ordinal);
        Assert.Equal("has 65536 characters; write at most 16384", kind.ProblemOf(new string('1', 64 * 1024)));
        Assert.True(kind.ProblemOf("%[" + new string('(', 16_000)) is not { Length: > 600 });
    }

    public static TheoryData<string> Specs() =>
        [.. AnnotationIndex.Families.SelectMany(static family => family.Entries).Select(static entry => entry.Value.Spec)
            .Where(static spec => spec is not ("snippet" or "own")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether a character has a meaning in this kind; these values are never part of a command as they are.</summary>
    private static bool MayHold(string spec, string value) => spec switch
    {
        "lines" => value.EnumerateRunes().All(static rune => rune.Value is '\n' or '\r' or (>= ' ' and not 0x7f and not 0xfffd)),
        "regex" or "regex:any" or "regexes" => value is "a;b" or "a\\b",
        _ => false,
    };

    [Theory]
    [InlineData("bool", "true", "1", true)]
    [InlineData("bool:on", "false", "off", true)]
    [InlineData("bool", "true", "false", false)]
    [InlineData("enumi:HTTP,GRPC", "HTTP", "http", true)]
    [InlineData("enum:on,off", "on", " on", true)]
    [InlineData("text", "a", "A", false)]
    public void Two_spellings_say_the_same(string spec, string left, string right, bool same) =>
        Assert.Equal(same, ValueKind.Parse(spec)!.AreSame(left, right));
}
