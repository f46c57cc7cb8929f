using System.Security.Cryptography;
using System.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Runtime.Tests.Policies;

/// <param name="Expect">As <see cref="Answer.Missing"/> reads them.</param>
internal sealed record Row(Ask Ask, int Status, params string[] Expect);

/// <summary>Policies, and what comes of requests under them, in order.</summary>
internal static class PolicyTable
{
    /// <summary>Its route is one that is steered as well.</summary>
    public const string Steered = "Steered";

    /// <summary>Of a length that three divides.</summary>
    public const string Service = "http://192.0.2.7:80//";

    private const string Preflight = "access-control-request-method: PUT";

    public static readonly IReadOnlyDictionary<string, RoutePolicy> Policies = new Dictionary<string, RoutePolicy>(StringComparer.Ordinal)
    {
        ["Closed"] = new() { Closed = true, HttpsRedirect = new(308) },
        ["OnlyAllowed"] = new() { Sources = new(true, ["10.0.0.0/9", "192.0.2.7", "2001:db8::/33"], ["10.1.0.0/16", "2001:db8:1::/48"]) },
        ["SomeDenied"] = new() { Sources = new(false, ["10.1.2.0/31"], ["10.0.0.0/8", "fd00::/7"]) },
        ["Nobody"] = new() { Sources = new(true, [], []) },
        ["ByHeader"] = new() { Sources = new(true, ["198.51.100.0/24", "2001:db8::/32"], [], "x-real-ip") },
        ["Https"] = new() { HttpsRedirect = new(301), Hsts = new(31536000, true, true) },
        ["HttpsPort"] = new() { HttpsRedirect = new(308, 8443), Cors = new(true, [], [], "PUT", "x-a", "", false, 5) },
        ["RedirectUrl"] = new() { Redirect = new(RedirectionKind.Url, "https://other.example/a;b?c=<d>%[src]#e", 302) },
        ["RedirectHost"] = new() { Redirect = new(RedirectionKind.Host, "other.example:81", 307), AppRoot = "/app" },
        ["RedirectPrefix"] = new() { Redirect = new(RedirectionKind.Prefix, "https://other.example/base", 303) },
        ["AppRoot"] = new() { AppRoot = "/app?x=1" },
        ["Accounts"] = new()
        {
            BasicAuthentication = new("the shop", [new("ann", $"{{SHA}}{Sha1("pa:ss")}"), new("bob", $"{{CLEAR-SHA256}}{Sha256("bob:geheim")}"), new("eve", "$6$salt$abc"),
                new("fay", "$6$abcdefgh$msgktWxVAbjjh3X7lA5LaM7dS/ZfABJL6T4qcRsnjcOTj0kptUvZcrvrXIoO5fgPA9xz6UnF2To2Y7jGc/IZY/"), new("gus", "$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0")]),
            Cors = new(true, [], [], "PUT", "", "", false, 5),
        },
        ["AccountsLimited"] = new()
        {
            BasicAuthentication = new("the shop", [new("fay", "$6$abcdefgh$msgktWxVAbjjh3X7lA5LaM7dS/ZfABJL6T4qcRsnjcOTj0kptUvZcrvrXIoO5fgPA9xz6UnF2To2Y7jGc/IZY/")]),
            RateLimits = [new(RateLimitKind.Requests, 1000000, TimeSpan.FromSeconds(1), 429, [])],
        },
        ["CorsAny"] = new() { Cors = new(true, [], [], "GET, PUT", "x-a, x-b", "x-pod", false, 600) },
        ["CorsEach"] = new() { Cors = new(true, [], [], "GET", "", "", true, 600) },
        ["CorsSome"] = new() { Cors = new(false, ["https://shop.example", "https://*.shop.example:8443"], [@"https://(a|b)\d+[.]example"], "PUT", "x-a", "", true, 7) },
        ["Headers"] = new()
        {
            RequestHeaders = [new(HeaderAction.Set, "x-one", "a: <b>; \"c\" ü"), new(HeaderAction.Add, "x-two", "2"), new(HeaderAction.Delete, "x-three", ""), new(HeaderAction.Set, "transfer-encoding", "x")],
            ResponseHeaders = [new(HeaderAction.Set, "x-pod", "three"), new(HeaderAction.Delete, "server", ""), new(HeaderAction.Add, "x-new", "%[src]"), new(HeaderAction.Add, "x-new", "second")],
        },
        ["Rewrites"] = new()
        {
            Rewrites = [new("^/api(/|$)(.*)", @"/v2/\2"), new(@"/(old|older)/([^/]+)$", @"/new/\2/\1/x y"), new(".*/b/(.*)", @"\1"), new("^/(api|z)/.*", @"/never/\0")],
        },
        ["Upstream"] = new() { UpstreamHost = "inner.example:8080", ForwardedPrefix = "/shop", ForwardedFor = ForwardedFor.Replace },
        ["Keep"] = new() { ForwardedFor = ForwardedFor.Keep },
        ["Remove"] = new() { ForwardedFor = ForwardedFor.Remove },
        ["Body"] = new() { MaxBodyBytes = 5 },
        ["Second"] = new() { RateLimits = [new(RateLimitKind.Requests, 1000000, TimeSpan.FromSeconds(1), 429, [])] },
        ["Hour"] = new() { RateLimits = [new(RateLimitKind.Requests, 2, TimeSpan.FromHours(1), 429, ["10.9.0.0/16"]), new(RateLimitKind.Requests, 1000, TimeSpan.FromMinutes(1), 503, [])] },
        ["Minute"] = new() { RateLimits = [new(RateLimitKind.Requests, 2, TimeSpan.FromMinutes(1), 503, []), new(RateLimitKind.Requests, 3, TimeSpan.FromMinutes(10), 429, ["10.9.0.0/16"])] },
        ["TenMinutes"] = new() { RateLimits = [new(RateLimitKind.Requests, 1, TimeSpan.FromMinutes(10), 418, [])] },
        ["TenSeconds"] = new() { RateLimits = [new(RateLimitKind.Requests, 2, TimeSpan.FromSeconds(10), 429, [])] },
        ["Connections"] = new() { RateLimits = [new(RateLimitKind.Connections, 1, default, 429, [])] },
        ["External"] = new() { ExternalAuthentication = new(Service + "auth?x=%20", null, ["x-who", "x-a*"], ["x-user", "x-told"], ["x-t*"], null) },
        ["SignIn"] = new() { ExternalAuthentication = new(Service + "auth", "POST", ["*"], [], [], "https://login.example/?rd=/") },
        ["NoService"] = new() { ExternalAuthentication = new(Service + "gone", null, [], [], [], "https://login.example/") },
        [Steered] = new()
        {
            ForwardedPrefix = "/shop", MaxBodyBytes = 5, AppRoot = "/app",
            RateLimits = [new(RateLimitKind.Requests, 3, TimeSpan.FromHours(1), 429, []), new(RateLimitKind.Requests, 9, TimeSpan.FromMinutes(1), 429, [])],
        },
        ["Times"] = new() { Timeouts = new() { Server = TimeSpan.FromMilliseconds(100), Tunnel = TimeSpan.FromSeconds(1), Connect = TimeSpan.FromSeconds(1), Queue = TimeSpan.FromSeconds(1) } },
    };

    public static readonly IReadOnlyDictionary<string, Row[]> Rows = new Dictionary<string, Row[]>(StringComparer.Ordinal)
    {
        ["Closed"] = [new(new("/"), 403), new(new("/", Tls: true), 403), new(new("//%2e/a"), 400), new(new("/%61//b"), 403)],
        ["OnlyAllowed"] =
        [
            new(new("/", "10.2.0.1"), 200), new(new("/", "10.127.255.255"), 200), new(new("/", "10.128.0.0"), 403), new(new("/", "10.1.0.9"), 403),
            new(new("/", "192.0.2.7"), 200), new(new("/", "192.0.2.6"), 403), new(new("/", "2001:db8::1"), 200), new(new("/", "2001:db8:8000::1"), 403),
            new(new("/", "2001:db8:1::1"), 403), new(new("/", "2001:db8:2::1"), 200), new(new("/", "::ffff:10.2.0.1"), 200), new(new("/", "::ffff:10.1.0.1"), 403),
            new(new("/", "::1"), 403), new(new("//a/%2e%2e", "10.128.0.0"), 400), new(new("/%61//b", "10.128.0.0"), 403),
        ],
        ["SomeDenied"] =
        [
            new(new("/", "10.1.2.1"), 200), new(new("/", "10.1.2.2"), 403), new(new("/", "11.1.2.2"), 200), new(new("/", "fd00::1"), 403),
            new(new("/", "fc00::1"), 403), new(new("/", "fe80::1"), 200),
        ],
        ["Nobody"] = [new(new("/"), 403), new(new("/", "::1"), 403)],
        ["ByHeader"] =
        [
            new(new("/"), 403), new(Ask.With("/", "X-Real-IP: 198.51.100.9"), 200), new(Ask.With("/", "x-real-ip: 198.51.99.9"), 403),
            new(Ask.With("/", "x-real-ip: 198.51.100.9", "x-real-ip: 1.2.3.4"), 403), new(Ask.With("/", "x-real-ip: 1.2.3.4, 198.51.100.9"), 200),
            new(Ask.With("/", "x-real-ip: 198.51.100.9, 1.2.3.4"), 403), new(Ask.With("/", "a: b", "x-real-ip: 2001:db8::7", "z: x-real-ip: 1.2.3.4"), 200),
            new(Ask.With("/", "x-real-ip: 198.51.100.9", "x-real-ip: unknown"), 403), new(Ask.With("/", "xx-real-ip: 198.51.100.9", "x-real-ip-x: 198.51.100.9"), 403),
            new(new("/", "198.51.100.9"), 403),
        ],
        ["Https"] =
        [
            new(new("/a/b?c=d"), 301, "location: https://https.example/a/b?c=d", "!strict-transport-security"),
            new(new("/", Tls: true), 200, "strict-transport-security: max-age=31536000; includeSubDomains; preload"),
        ],
        ["HttpsPort"] =
        [
            new(new("/x", Method: "OPTIONS", Headers: ["origin: https://a", Preflight]), 308, "location: https://httpsport.example:8443/x"),
            new(new("/x", Method: "OPTIONS", Tls: true, Headers: ["origin: https://a", Preflight]), 204, "access-control-allow-methods: PUT"),
        ],
        ["RedirectUrl"] = [new(new("/a"), 302, "location: https://other.example/a;b?c=<d>%[src]#e")],
        ["RedirectHost"] =
        [
            new(new("/a?b"), 307, "location: http://other.example:81/a?b"), new(new("/", Tls: true), 307, "location: https://other.example:81/"),
        ],
        ["RedirectPrefix"] = [new(new("/a?b=c"), 303, "location: https://other.example/base/a?b=c")],
        ["AppRoot"] = [new(new("/"), 302, "location: /app?x=1"), new(new("/?q"), 302), new(new("/app"), 200)],
        ["Accounts"] =
        [
            new(new("/"), 401, "www-authenticate: Basic realm=\"the shop\""), new(Login("ann:pa:ss"), 200), new(Login("ann:pa:s"), 401), new(Login("bob:geheim"), 200),
            new(Login("bob:geheim "), 401), new(Login("bob"), 401), new(Login("ann"), 401), new(Login("eve:$6$salt$abc"), 401), new(Login("eve:abc"), 401),
            new(Login("fay:geheim"), 200), new(Login("fay:geheim"), 200), new(Login("fay:geheim "), 401), new(Login("fay:"), 401), new(Login("gus:geheim"), 200), new(Login("gus:Geheim"), 401),
            new(Login(""), 401), new(Login(":"), 401),
            new(Ask.With("/", "authorization: Bearer abc"), 401), new(Ask.With("/", "authorization: bAsIc " + Base64("ann:pa:ss")), 200, "> authorization: bAsIc " + Base64("ann:pa:ss")),
            new(new("/", Method: "OPTIONS", Headers: ["origin: https://a", Preflight]), 204), new(new("/", Method: "OPTIONS", Headers: ["origin: https://a"]), 401, "access-control-allow-origin: *"),
        ],
        ["AccountsLimited"] = [new(Login("fay:geheim"), 200), new(Login("fay:geheim"), 200), new(Login("fay:Geheim"), 401)],
        ["CorsAny"] =
        [
            new(new("/", Method: "OPTIONS", Headers: ["origin: https://a", Preflight]), 204, "access-control-allow-origin: *", "access-control-allow-methods: GET, PUT", "access-control-allow-headers: x-a, x-b", "access-control-max-age: 600", "!vary"),
            new(Ask.With("/", "origin: null"), 200, "access-control-allow-origin: *", "access-control-expose-headers: x-pod", "!access-control-allow-credentials"),
            new(new("/", Method: "OPTIONS"), 200),
        ],
        ["CorsEach"] =
        [
            new(Ask.With("/", "origin: https://A.example"), 200, "access-control-allow-origin: https://A.example", "access-control-allow-credentials: true", "vary: origin"),
            new(new("/"), 200, "!access-control-allow-origin", "vary: origin", "!access-control-allow-credentials"),
        ],
        ["CorsSome"] =
        [
            Origin("https://shop.example", true), Origin("http://shop.example", false), Origin("https://a.shop.example:8443", true), Origin("https://a.shop.example", false),
            Origin("https://a.b.shop.example:8443", false), Origin("https://*.shop.example:8443", false), Origin("https://a1.example", true), Origin("https://b22.example", true),
            Origin("https://c1.example", false), Origin("https://a1xexample", false), Origin("https://a1.example.evil", false), Origin("xhttps://a1.example", false),
            new(new("/", Method: "OPTIONS", Headers: ["origin: https://b7.example", Preflight]), 204, "access-control-allow-origin: https://b7.example", "access-control-allow-methods: PUT", "access-control-max-age: 7", "vary: origin"),
            new(new("/", Method: "OPTIONS", Headers: ["origin: https://c7.example", Preflight]), 204, "!access-control-allow", "vary: origin"),
        ],
        ["Headers"] =
        [
            new(Ask.With("/", "x-one: 1", "x-two: 1", "x-three: 3"), 200, "> x-one: a: <b>; \"c\" Ã¼", "> x-two: 1", "> x-two: 2", "!> x-three", "!> transfer-encoding", "x-pod: three", "!x-pod: one", "!server", "x-new: %[src]", "x-new: second"),
        ],
        ["Rewrites"] =
        [
            Path("/api/a/b?c=d", "/v2/a/b?c=d"), Path("/api", "/v2/"), Path("/apis", "/apis"), Path("/x/old/a", "/new/a/old/x%20y"), Path("/older/%2fa", "/new/%2fa/older/x%20y"),
            Path("/api/b/c", "/v2/b/c"), Path("/a/b/c", "/c"), Path("/z/1", "/never//z/1"), Path("/a?/api/x", "/a?/api/x"), new(new("/" + new string('a', 5000)), 414),
        ],
        ["Upstream"] = [new(Ask.With("/", "x-forwarded-for: 1.2.3.4"), 200, "> host: inner.example:8080", "> x-forwarded-prefix: /shop", "> x-forwarded-for: 10.1.2.3", "!> x-forwarded-for: 1.2.3.4")],
        ["Keep"] = [new(Ask.With("/", "x-forwarded-for: 1.2.3.4"), 200, "> x-forwarded-for: 1.2.3.4", "!> x-forwarded-for: 10"), new(new("/"), 200, "!> x-forwarded-for")],
        ["Remove"] = [new(Ask.With("/", "x-forwarded-for: 1.2.3.4"), 200, "!> x-forwarded-for")],
        ["Body"] =
        [
            new(new("/", Method: "POST", Body: "12345", Headers: ["content-length: 5"]), 200), new(new("/", Method: "POST", Body: "123456", Headers: ["content-length: 6"]), 413),
            new(new("/", Method: "POST", Body: "6\r\n123456\r\n0\r\n\r\n", Headers: ["transfer-encoding: chunked"]), 411),
        ],
        ["Second"] = [new(new("/"), 200)],
        ["Hour"] =
        [
            new(new("/"), 200), new(new("/"), 200), new(new("/"), 429, "retry-after: 3600"), new(new("/", "10.1.2.4"), 200), new(new("/", "10.9.9.9"), 200), new(new("/", "10.9.9.9"), 200), new(new("/", "10.9.9.9"), 200),
            new(new("/", "2001:db8::1"), 200), new(new("/", "2001:db8::2"), 200), new(new("/", "2001:db8::3"), 429), new(new("/", "2001:db8:0:1::3"), 200),
        ],
        ["Minute"] =
        [
            new(new("/"), 200), new(new("/"), 200), new(new("/"), 503, "retry-after: 60"), new(new("/", "::ffff:10.1.2.3"), 503),
        ],
        ["TenMinutes"] = [new(new("/"), 200), new(new("/"), 418, "retry-after: 600")],
        ["External"] =
        [
            new(new("/p?q"), 401, "www-authenticate: Any", "x-told: x-forwarded-uri=/p?q", "x-told: x-original-url=http://external.example/p?q", "x-told: x-forwarded-for=10.1.2.3", "x-told: x-forwarded-method=GET", "!x-user", "!x-secret"),
            new(Ask.With("/", "x-who: bad"), 403, "!location"),
            new(Ask.With("/", "x-who: good", "x-who: worse", "x-abc: 1", "x-b: 2", "x-user: eve"), 200, "> x-user: ann", "!> x-user: eve", "> x-told: x-who=good", "> x-told: x-who=worse", "> x-told: x-abc=1", "!> x-told: x-b", "!> x-secret"),
            new(new("/", Method: "POST", Body: "123", Headers: ["content-length: 3", "x-who: good"]), 200), new(new("/", Method: "PATCH", Headers: ["x-who: good"]), 200, "> x-told: x-original-method=PATCH"),
        ],
        ["SignIn"] =
        [
            new(new("/"), 302, "location: https://login.example/?rd=/"), new(Ask.With("/", "x-who: bad"), 403),
            new(Ask.With("/", "x-who: good", "transfer-encoding: chunked") with { Method = "POST", Body = "0\r\n\r\n" }, 200, "!> x-user", "!> x-told"),
        ],
        ["NoService"] = [new(new("/"), 503)],
        [Steered] =
        [
            new(new("/"), 302), new(new("/a"), 200, "> x-forwarded-prefix: /shop"), new(new("/%61"), 200), new(new("/a", Method: "POST", Body: "123456", Headers: ["content-length: 6"]), 413),
            new(new("/a"), 429), new(new("/a", "10.1.2.4"), 200),
        ],
        ["TenSeconds"] = [new(new("/"), 200), new(new("/"), 200), new(new("/"), 429, "retry-after: 10")],
    };

    private static Ask Login(string account) => Ask.With("/", "authorization: Basic " + Base64(account));

    private static Row Path(string asked, string seen) => new(new(asked), 200, $"> GET {seen} HTTP/1.1");

    private static Row Origin(string origin, bool isAllowed) => isAllowed
        ? new(Ask.With("/", $"origin: {origin}"), 200, $"access-control-allow-origin: {origin}", "access-control-allow-credentials: true", "vary: origin")
        : new(Ask.With("/", $"origin: {origin}"), 200, "!access-control-allow", "vary: origin");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

#pragma warning disable CA5350 // What {SHA} is.
    private static string Sha1(string text) => Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
