namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>Keys that no test can show, each with the reason.</summary>
internal static class KeyLists
{
    private const string Community = "haproxy-ingress.github.io/";
    private const string Official = "haproxy.org/";
    private const string Nginx = "nginx.ingress.kubernetes.io/";

    private const string Always = "what it asks for is always so";
    private const string NotHad = "it tunes what there is nothing like here";
    private const string NotAnswered = "no request of a route is answered so";

    /// <summary>Keys that differ so much that no value of theirs does anything.</summary>
    public static IReadOnlyDictionary<string, string> NoEffect { get; } = Of(
        (Always, Community, ["backend-server-naming", "session-cookie-dynamic", "session-cookie-strategy", "session-cookie-value-strategy", "ssl-always-add-https", "ssl-always-follow-redirect"]),
        (Always, Official, ["abortonclose", "cors-respond-to-options", "standalone-backend"]),
        (Always, Nginx,
        [
            "affinity-mode", "disable-proxy-intercept-errors", "preserve-trailing-slash", "proxy-buffering", "proxy-http-version", "proxy-next-upstream", "proxy-next-upstream-tries", "proxy-request-buffering",
            "relative-redirects", "session-cookie-change-on-failure", "ssl-prefer-server-ciphers", "upstream-hash-by-subset", "upstream-hash-by-subset-size", "use-port-in-redirects",
        ]),
        (NotHad, Community, ["initial-weight", "use-resolver"]),
        (NotHad, Official, ["timeout-check"]),
        (NotHad, Nginx,
        [
            "auth-cache-duration", "auth-cache-key", "auth-keepalive", "auth-keepalive-requests", "auth-keepalive-timeout", "connection-proxy-header", "proxy-buffer-size", "proxy-next-upstream-timeout",
            "proxy-ssl-verify-depth",
        ]),
        ("the configuration file says it, one for all", Community, ["acme-preferred-chain"]),
        (NotAnswered, Community, ["http-response-200", "http-response-405", "http-response-407", "http-response-408", "http-response-425", "http-response-501"]),
        ("who breaks off a request reads no answer", Community, ["http-response-400"]),
        ("no request brings about a fault of HAProxy itself", Community, ["http-response-500"]));

    /// <summary>Keys with a case that is the same without them.</summary>
    public static IReadOnlyDictionary<string, string> Unfelt { get; } = Of(
        (NotAnswered, Community, ["http-response-410"]),
        ("it is always strict", Community, ["auth-tls-strict"]),
        ("chains may be of any length", Nginx, ["auth-tls-verify-depth"]),
        ("it refuses nothing", Nginx, ["enable-modsecurity", "enable-owasp-core-rules"]),
        ("answers are held back from their beginning", Nginx, ["limit-rate-after"]));

    private static Dictionary<string, string> Of(params (string Reason, string Prefix, string[] Keys)[] lists) =>
        lists.SelectMany(static list => list.Keys.Select(key => (Name: list.Prefix + key, list.Reason))).ToDictionary(static item => item.Name, static item => item.Reason, StringComparer.Ordinal);
}
