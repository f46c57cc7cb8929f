using System.Globalization;
using MultiCluster.Benchmarks.Support;

namespace MultiCluster.Benchmarks;

/// <summary>One policy, as annotations of Ingresses and as lines of a configuration.</summary>
/// <param name="Annotations">Members of a JSON object.</param>
/// <param name="Lines">The same in a frontend, written by hand; null where HAProxy can't by itself.</param>
internal sealed record PolicyKind(string Name, string Annotations, params string[]? Lines)
{
    private const string Networks = "10.1.0.0/16,10.2.0.0/16,10.3.0.0/16,10.4.0.0/16,10.5.0.0/16,192.0.2.0/24,198.51.100.0/24,203.0.113.0/24,172.16.0.0/12,100.64.0.0/10";
    private const string Key = "0123456789abcdef0123456789abcdef";

    /// <summary>HS256 with the key, without an end.</summary>
    private const string Token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUvIiwiYXVkIjpbInNob3AiLCJzdG9yZSJdLCJzdWIiOiJhbm4iLCJleHAiOjQxMDI0NDQ4MDB9.Vg_XW9QQAcirwFyCFkXJGuqHD-wirOn8CcNFJeYlpZA";

    private static readonly PolicyKind[] Together =
    [
        new("deny list of 10", $"\"haproxy.org/deny-list\":\"{Networks}\"", $"http-request deny if {{ src {Networks.Replace(',', ' ')} }}"),
        new(
            "rate limit", "\"haproxy.org/rate-limit-requests\":\"100000000\"",
            "http-request track-sc0 src table rates", "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100000000 }"),
        new(
            "CORS", "\"haproxy.org/cors-enable\":\"true\"",
            "http-request return status 204 if METH_OPTIONS { req.hdr(access-control-request-method) -m found }", "http-response set-header access-control-allow-origin *"),
        new("request header", "\"haproxy.org/request-set-header\":\"x-team shop\"", "http-request set-header x-team shop"),
        new("response header", "\"haproxy.org/response-set-header\":\"x-frame-options DENY\"", "http-response set-header x-frame-options DENY"),
        new("rewrite", "\"haproxy.org/path-rewrite\":\"/(.*) /b/\\\\1\"", "http-request replace-path ^/(.*)$ /b/\\1"),
    ];

    public static IReadOnlyList<PolicyKind> All { get; } =
    [
        new("no policy", ""),
        .. Together,
        new("usual request header", "\"haproxy.org/request-set-header\":\"x-forwarded-port 8443\"", "http-request set-header x-forwarded-port 8443"),
        new("timeout", "\"haproxy.org/timeout-server\":\"30s\"") { ServerTimeout = "30s" },
        new("redirect", "\"haproxy.org/request-redirect\":\"new.bench.example\"", "http-request redirect prefix http://new.bench.example code 302"),
        new("account", "\"haproxy.org/auth-type\":\"basic-auth\",\"haproxy.org/auth-secret\":\"users\"", "http-request auth unless { http_auth(users) }")
        {
            Headers = ["Authorization: Basic YW5uOnNlY3JldA=="],
            Secret = ("users", "ann", "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="),
        },
        new(
            "token", "\"multicluster-ingress.github.io/jwt-algorithm\":\"HS256\",\"multicluster-ingress.github.io/jwt-secret\":\"keys\"",
            $"http-request deny unless {{ http_auth_bearer,jwt_verify(HS256,{Key}) 1 }}")
        {
            Headers = [$"Authorization: Bearer {Token}"],
            Secret = ("keys", "now", Key),
        },
        new("canary of 20 %", "", "use_backend other if { rand(100) lt 20 }")
        {
            Canary = "\"nginx.ingress.kubernetes.io/canary\":\"true\",\"nginx.ingress.kubernetes.io/canary-weight\":\"20\"",
        },
        Expressions("expression", 1),
        Expressions("10 expressions", 10),
        new("six", string.Join(',', Together.Select(static policy => policy.Annotations)), [.. Together.SelectMany(static policy => policy.Lines!)]),
    ];

    /// <summary>Lines that each request has.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>What is asked.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Of the Ingress; by hand they are what leads to the backend.</summary>
    public IReadOnlyList<string> Paths { get; init; } = ["/"];

    public bool AreExpressions { get; init; }

    /// <summary>Name, key and value of what the annotations name.</summary>
    public (string Name, string Key, string Value)? Secret { get; init; }

    /// <summary>Annotations of a second Ingress with the same rules and another Service; none: null.</summary>
    public string? Canary { get; init; }

    public string ServerTimeout { get; init; } = "60s";

    /// <summary>Another server is asked about each request, at this address.</summary>
    public static PolicyKind ExternalAuth(string address, int port) => new(
        "external auth", string.Create(CultureInfo.InvariantCulture, $"\"nginx.ingress.kubernetes.io/auth-url\":\"http://{address}:{port}/check\""), null);

    /// <summary>An agent is asked about each request.</summary>
    public static PolicyKind Firewall { get; } = new("firewall", "\"haproxy-ingress.github.io/waf\":\"modsecurity\"", null);

    public static PolicyKind Bandwidth { get; } = new("limit-rate", "\"nginx.ingress.kubernetes.io/limit-rate\":\"100000\"", null);

    private static PolicyKind Expressions(string name, int count) => new(name, "\"nginx.ingress.kubernetes.io/use-regex\":\"true\"")
    {
        AreExpressions = true,
        Path = string.Create(CultureInfo.InvariantCulture, $"/part{count}/v3/items"),
        Paths = [.. Enumerable.Range(1, count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"/part{i}/v[0-9]+/(items|users)"))],
    };
}
