using System.Text;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.BackendPolicies;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.RoutePolicies;

/// <summary>Every key of Ingresses and Services, with values that nobody should write: no exception, and a policy that keeps what its comments say.</summary>
public sealed class HostileAnnotationTests
{
    private static readonly string[] Values =
    [
        "", " ", "\n", "\t", "\0", "\r\n", ",", ",,", "!", "!!", "!,", "-1", "0", "1", "2147483647", "2147483648", "99999999999999999999", "1e9", "0x10", "1.5", "NaN",
        "true", "false", "on", "*", "/", "//", "//evil.example", "/a", "/..", "a", "A b", "%", "%%", "%[", "%[src]", "%%[src]", "%{+Q}[src]", "%ci", "/%[src]", "/%0a", "/%00",
        "\"", "'", "`", ";", "\\", "\\\\", "\\1", "\\9", "\\n", "/\\1", "/\\", "/$1", "/$9", "$1", "$", "${1}", "$host", "/$request_uri", "https://a$request_uri", "https://$host",
        "a\nb: c\nd", "X-A: b\r\nX-B: c", "X-A: b\0", "X-A: \"", "X-A: %[env(HOME)]", "X-A \"", "X-A \"\"", "X-A \"a\" b\"", "Host: evil\"", "Content-Length: 0",
        "10.0.0.0/8", "10.0.0.0/33", "::/0", "!::/0", "0.0.0.0/0,!0.0.0.0/0", "::ffff:10.0.0.0/95", "::ffff:10.0.0.0/97", "fe80::1%eth0", "1.2.3.4;", "010.0.0.1", "0x7f.1",
        "users", "shop/users", "bank/users", "file:///etc/passwd", "../../etc", "users\n", "basic", "digest", "auth-map",
        "https://a.example", "http://a.example/ b", "javascript:alert(1)", "https://a\"b", "https://[::1]", "https://*.a.example", "https://*", "svc://a:80/x", "ftp://a", "null",
        "(", ")", "[", "(a+)+", "(a|a)*", "^.*$", ".*", "(?i)a", "\\Qa", "(?#", "a{1,9999}", "[^a]", "ä", "[ä]", "\u0000\u001b[2J", "a\u202eb", "\U0001f600", "\ud800", "\udc00a", "\ufffd", "Ａ", "ＧＥＴ", "K",
        "a /b", "(.*) /\\1", "(a+)+ /x", "(.*) /\\1\n/x\n", "/x\t/y /z", "GET, PUT\n", "GET;", "1s", "0s", "1us", "24d", "25d", "1h30m", "1g", "1048576g", "unlimited", "a:b", "a::b",
    ];

    private static readonly string[] Long =
    [
        new('a', 64 * 1024), new('(', 64 * 1024), new('(', 1000), new('\ud800', 20_000), "/" + new string('a', 16_000), new('1', 16_000), string.Concat(Enumerable.Repeat("1,", 8000)),
        string.Concat(Enumerable.Repeat("10.0.0.0/8,!10.0.0.0/9,", 700)), string.Join('\n', Enumerable.Repeat("X-A: b", 2000)), string.Join('\n', Enumerable.Repeat("(a) /\\1", 2000)),
        string.Join(' ', Enumerable.Repeat("a*", 500)), string.Concat(Enumerable.Repeat("a?", 500)), string.Join(',', Enumerable.Range(0, 4000).Select(static i => $"x{i}")),
    ];

    private static readonly Dictionary<string, ReadOnlyMemory<byte>> Users = new(StringComparer.Ordinal)
    {
        ["auth"] = Encoding.UTF8.GetBytes("ann:$6$a$b\nbob::x\n\"evil:$6$a$b\n:\n::\n:::\nx:$6$\"$b\ny:$6$a$b;\n%[src]:$6$a$b\nz:\0\n"),
        ["ann"] = Encoding.UTF8.GetBytes("$6$a$b"),
        ["b\"c"] = new byte[] { 0xff, 0xfe },
    };

    private static readonly RoutePolicyContext[] Contexts =
    [
        new(new ObjectKey("shop", "front"), "cart", "/cart", PathMatch.Prefix, true, static key => key == new ObjectKey("shop", "users") ? Users : null),
        new(new ObjectKey("shop", "front"), null, "/ä(.*)$()", PathMatch.Exact, false, static _ => null),
        new(new ObjectKey("", ""), "", "", PathMatch.Default, false, static _ => Users),
    ];

    /// <summary>Without which some keys are not looked at.</summary>
    private static readonly (string Family, string Key, string Value)[] Around =
    [
        ("haproxy-ingress", "cors-enable", "true"), ("haproxy", "cors-enable", "true"), ("nginx", "enable-cors", "true"),
        ("haproxy-ingress", "auth-secret", "users"), ("haproxy", "auth-secret", "users"), ("nginx", "auth-secret", "users"),
        ("haproxy-ingress", "limit-rps", "5"), ("haproxy", "rate-limit-requests", "5"), ("nginx", "limit-rps", "5"),
        ("haproxy-ingress", "auth-url", "https://auth.example/x"), ("nginx", "auth-url", "https://auth.example/x"),
        ("haproxy-ingress", "allowlist-source-range", "10.0.0.0/8"), ("haproxy", "allow-list", "10.0.0.0/8"),
        ("nginx", "permanent-redirect", "https://new.example"), ("haproxy", "request-redirect", "new.example"),
    ];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_value_makes_a_policy_that_can_be_trusted(string family, string key)
    {
        var known = AnnotationIndex.Families.Single(item => item.Name == family);
        var around = Around.Where(item => item.Family == family && item.Key != key).Select(item => KeyValuePair.Create(known.Prefix + item.Key, item.Value)).ToList();
        var turn = 0;
        foreach (var value in Values.Concat(Long))
        {
            var annotations = EquatableMap.From(around.Append(KeyValuePair.Create(known.Prefix + key, value)));
            // Each value in one of the contexts, and of one of the objects: with all keys each has its turn.
            var context = Contexts[(key.Length + turn++) % Contexts.Length];
            var reading = turn % 5 == 0 ? RoutePolicyReader.Read(EquatableMap.Empty, annotations, context) : RoutePolicyReader.Read(annotations, EquatableMap.Empty, context);
            var servers = turn % 5 == 0 ? BackendPolicyReader.Read(EquatableMap.Empty, annotations, "app") : BackendPolicyReader.Read(annotations, EquatableMap.Empty, "app");
            PolicyAlphabets.Check(reading.Policy);
            PolicyAlphabets.CheckStrings(reading.Policy with { Backend = servers.Policy });
            Assert.All(reading.Problems.Concat(servers.Problems), problem =>
                Assert.False($"{problem}".AsSpan().ContainsAnyExceptInRange(' ', '~') || problem.Text.Length > 700, $"{PolicyAlphabets.Show(value)}: {problem}"));
        }
    }

    /// <summary>What guards access is never dropped: whatever is written, somebody who would be kept out without it still is.</summary>
    [Theory]
    [InlineData("haproxy", "allow-list")]
    [InlineData("haproxy", "deny-list")]
    [InlineData("haproxy", "auth-secret")]
    [InlineData("haproxy", "auth-type")]
    [InlineData("haproxy-ingress", "allowlist-source-range")]
    [InlineData("haproxy-ingress", "denylist-source-range")]
    [InlineData("haproxy-ingress", "auth-secret")]
    [InlineData("haproxy-ingress", "auth-type")]
    [InlineData("nginx", "allowlist-source-range")]
    [InlineData("nginx", "denylist-source-range")]
    [InlineData("nginx", "auth-secret")]
    [InlineData("nginx", "auth-type")]
    [InlineData("haproxy-ingress", "auth-url")]
    [InlineData("nginx", "auth-url")]
    [InlineData("multicluster", "jwt-algorithm")]
    [InlineData("multicluster", "jwt-audience")]
    [InlineData("multicluster", "jwt-header")]
    [InlineData("multicluster", "jwt-issuer")]
    [InlineData("multicluster", "jwt-secret")]
    [InlineData("haproxy-ingress", "auth-tls-secret")]
    [InlineData("nginx", "auth-tls-secret")]
    [InlineData("haproxy-ingress", "oauth")]
    [InlineData("haproxy-ingress", "waf")]
    [InlineData("nginx", "enable-modsecurity")]
    public void A_rule_of_access_is_never_dropped(string family, string key)
    {
        var prefix = AnnotationIndex.Families.Single(item => item.Name == family).Prefix;
        var kind = AnnotationIndex.Find(prefix + key)!.Value.Entry.Value;
        // Whoever switches a rule off has none.
        foreach (var value in Values.Concat(Long).Where(value => key != "enable-modsecurity" || !kind.AreSame("false", value)))
        {
            var policy = RoutePolicyReader.Read(EquatableMap.From([KeyValuePair.Create(prefix + key, value)]), EquatableMap.Empty, Contexts[0]).Policy;
            Assert.True(policy.Closed || policy.BasicAuthentication is not null || policy.ExternalAuthentication is not null || policy.Sources is not null
                || policy.ClientCertificates is not null || policy.Firewall is not null, PolicyAlphabets.Show(value));
        }
    }

    public static TheoryData<string, string> Keys()
    {
        var keys = new TheoryData<string, string>();
        foreach (var family in AnnotationIndex.Families.Where(static family => family.Name is "haproxy" or "haproxy-ingress" or "nginx" or "multicluster"))
        {
            foreach (var entry in family.Entries.Where(static entry => entry.Places != AnnotationPlaces.Global && entry.Value.Spec != "own"))
                keys.Add(family.Name, entry.Key);
        }

        return keys;
    }
}
