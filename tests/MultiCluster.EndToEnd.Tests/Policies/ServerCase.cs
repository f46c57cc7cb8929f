namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>What an annotation about servers is shown by.</summary>
public enum ServerEffect
{
    /// <summary>Equal keys meet one pod, and others other pods. Detail: what of a request is the key.</summary>
    SamePodForKey,

    /// <summary>All requests meet one pod.</summary>
    OnePod,

    /// <summary>Requests meet the pod that has none under way.</summary>
    IdlePod,

    /// <summary>Pods are met in no order.</summary>
    NoOrder,

    /// <summary>A second request waits for the first, in vain.</summary>
    OneAtATime,

    /// <summary>Detail: what the pod was asked in.</summary>
    Protocol,

    /// <summary>Detail: what a pod's connections begin with.</summary>
    Beginning,

    /// <summary>A check has passed. Those that ask nothing end before a pod hears of them, so that HAProxy tells.</summary>
    Checked,

    /// <summary>Detail: so many checks come soon.</summary>
    Checks,

    /// <summary>Checks fail, and the pod gets nothing.</summary>
    DownPod,

    /// <summary>Checks ask for the detail, and a pod that answers them badly gets nothing.</summary>
    SickPod,

    /// <summary>A cookie keeps sessions with their pods. Detail: an expression for the answer's Set-Cookie, over TLS where it begins with "tls ".</summary>
    Session,

    /// <summary>As above; and where the pod sets the cookie itself, that one reaches the client alone.</summary>
    YieldingSession,

    /// <summary>Detail: an expression for what the pod says of the handshake, or that nobody answers.</summary>
    Tls,

    /// <summary>What the pod's agent says counts, and stays.</summary>
    Agent,

    /// <summary>HAProxy says of its server. Detail: a field of its statistics and the value.</summary>
    Statistic,
}

/// <summary>Annotations about servers, with what is seen of them; without them it would not be seen.</summary>
/// <param name="OfService">They are the Service's, not the Ingress'.</param>
internal sealed record ServerCase(ServerEffect Effect, string Detail, bool OfService, params (string Name, string Value)[] Annotations)
{
    /// <summary>Stands for the port of the pod's agent.</summary>
    public const string Agent = "{agent}";

    /// <summary>Stands for the address of the agent, which is not the pod's then.</summary>
    public const string AgentAddress = "{agent-address}";

    /// <summary>The Service has an address of its own, behind which is one pod.</summary>
    public const string ServiceUpstream = "service-upstream";

    /// <summary>A session goes on at the other host too.</summary>
    public const string SecondName = "server-alias";

    public const string SecondHost = "second.policies.test";

    /// <summary>Nobody listens there.</summary>
    private const string Nobody = "127.255.255.1";

    /// <summary>What pods say that are asked in it.</summary>
    public const string Http2 = "HTTP/2 http";

    public const string Http2Tls = "HTTP/2 https";

    private const string Official = "haproxy.org/";
    private const string Community = "haproxy-ingress.github.io/";
    private const string Nginx = "nginx.ingress.kubernetes.io/";
    private const string ProxyV1 = "PROXY TCP4 127.";
    private const string ProxyV2 = "\r\n\r\n\0\r\nQUIT\n";

    public static IReadOnlyList<ServerCase> All { get; } =
    [
        .. Balances(Official + "load-balance"),
        .. Balances(Community + "balance-algorithm"),
        new(ServerEffect.IdlePod, "", false, (Nginx + "load-balance", "ewma")),
        new(ServerEffect.SamePodForKey, "header", false, (Nginx + "upstream-hash-by", "$http_x_user")),
        new(ServerEffect.SamePodForKey, "cookie", false, (Nginx + "upstream-hash-by", "$cookie_sid")),
        new(ServerEffect.SamePodForKey, "parameter", false, (Nginx + "upstream-hash-by", "$arg_id")),
        new(ServerEffect.SamePodForKey, "uri", false, (Nginx + "upstream-hash-by", "$request_uri")),
        new(ServerEffect.SamePodForKey, "path", false, (Nginx + "upstream-hash-by", "$uri")),
        new(ServerEffect.OnePod, "", false, (Nginx + "upstream-hash-by", "$remote_addr")),
        new(ServerEffect.OnePod, "", false, (Nginx + "upstream-hash-by", "${host}")),

        new(ServerEffect.OneAtATime, "", false, (Official + "pod-maxconn", "1")),
        new(ServerEffect.OneAtATime, "", true, (Official + "pod-maxconn", "1")),
        new(ServerEffect.OneAtATime, "", false, (Community + "maxconn-server", "1")),
        new(ServerEffect.Statistic, "qlimit=3", false, (Community + "maxqueue-server", "3"), (Community + "maxconn-server", "7")),
        new(ServerEffect.Statistic, "slim=7", true, (Community + "maxqueue-server", "3"), (Community + "maxconn-server", "7")),

        new(ServerEffect.Protocol, Http2, false, (Official + "server-proto", "h2")),
        new(ServerEffect.Protocol, Http2Tls, false, (Official + "server-ssl", "true")),
        new(ServerEffect.Protocol, "HTTP/1.1 https", true, (Official + "server-ssl", "true")),
        new(ServerEffect.Protocol, Http2, false, (Community + "backend-protocol", "h2")),
        new(ServerEffect.Protocol, Http2Tls, true, (Community + "backend-protocol", "grpcs")),
        new(ServerEffect.Protocol, "HTTP/1.1 https", false, (Community + "backend-protocol", "H1-SSL")),
        new(ServerEffect.Protocol, "HTTP/1.1 https", false, (Community + "secure-backends", "true")),
        new(ServerEffect.Protocol, Http2Tls, true, (Community + "secure-backends", "true"), (Community + "backend-protocol", "h2")),
        new(ServerEffect.Protocol, "HTTP/1.1 https", false, (Nginx + "backend-protocol", "HTTPS")),
        new(ServerEffect.Protocol, Http2, false, (Nginx + "backend-protocol", "GRPC")),
        new(ServerEffect.Protocol, Http2Tls, false, (Nginx + "backend-protocol", "GRPCS")),

        new(ServerEffect.Beginning, ProxyV1, false, (Official + "send-proxy-protocol", "proxy")),
        new(ServerEffect.Beginning, ProxyV2, true, (Official + "send-proxy-protocol", "proxy-v2")),
        new(ServerEffect.Beginning, ProxyV1, false, (Community + "proxy-protocol", "v1")),
        new(ServerEffect.Beginning, ProxyV2, false, (Community + "proxy-protocol", "v2-ssl")),

        new(ServerEffect.Session, "^SID=[0-9a-f]{16}; path=/; HttpOnly$", true, (Official + "cookie-persistence", "SID")),
        new(ServerEffect.Session, "^SID=[0-9a-f]{16}; path=/; HttpOnly$", true, (Official + "cookie-persistence-no-dynamic", "SID")),
        new(ServerEffect.Session, "tls ^INGRESSCOOKIE=[0-9a-f]{16}; path=/; HttpOnly$", false, (Community + "affinity", "cookie")),
        new(ServerEffect.Session, "^a.b=[0-9a-f]{16}; path=/; domain=server-test; HttpOnly; SameSite=None; Secure$", true,
            (Community + "affinity", "cookie"), (Community + "session-cookie-name", "a.b"), (Community + "session-cookie-domain", "server-test"), (Community + "session-cookie-same-site", "true")),
        new(ServerEffect.Session, "^INGRESSCOOKIE=[0-9a-f]{16}; path=/; Secure$", false, (Community + "affinity", "cookie"), (Community + "session-cookie-keywords", "indirect secure")),
        new(ServerEffect.YieldingSession, "^INGRESSCOOKIE=[0-9a-f]{16}; path=/; HttpOnly$", false, (Community + "affinity", "cookie"), (Community + "session-cookie-preserve", "true")),
        new(ServerEffect.Session, "^INGRESSCOOKIE=[0-9a-f]{16}; path=/; HttpOnly$", false, (Community + "affinity", "cookie"), (Community + "session-cookie-shared", "true"), (Community + SecondName, SecondHost)),
        new(ServerEffect.Session, "^INGRESSCOOKIE=[0-9a-f]{16}; path=/; HttpOnly$", false, (Nginx + "affinity", "cookie")),
        new(ServerEffect.Session, "tls ^INGRESSCOOKIE=[0-9a-f]{16}; path=/; HttpOnly; Secure$", false, (Nginx + "affinity", "cookie")),
        new(ServerEffect.Session, "^route=[0-9a-f]{16}; path=/shop; domain=policies.test; Max-Age=60; HttpOnly; Partitioned; SameSite=Strict; Expires=[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} 20[0-9]{2} [0-9:]{8} GMT; Secure$", false,
            (Nginx + "affinity", "cookie"), (Nginx + "session-cookie-name", "route"), (Nginx + "session-cookie-path", "/shop"), (Nginx + "session-cookie-domain", "policies.test"), (Nginx + "session-cookie-max-age", "60"),
            (Nginx + "session-cookie-expires", "70"), (Nginx + "session-cookie-samesite", "Strict"), (Nginx + "session-cookie-secure", "true"), (Nginx + "session-cookie-partitioned", "true")),
        new(ServerEffect.Session, "^INGRESSCOOKIE=[0-9a-f]{16}; path=/; HttpOnly; SameSite=None$", false,
            (Nginx + "affinity", "cookie"), (Nginx + "session-cookie-samesite", "None"), (Nginx + "session-cookie-conditional-samesite-none", "true"), (Nginx + "session-cookie-secure", "false")),

        new(ServerEffect.Tls, "^sni= client= ", false, (Community + "secure-backends", "true"), (Community + "secure-verify-ca-secret", "pods")),
        new(ServerEffect.Tls, PodTls.Nobody, false, (Community + "secure-backends", "true"), (Community + "secure-verify-ca-secret", "others")),
        new(ServerEffect.Tls, PodTls.Nobody, false, (Community + "secure-backends", "true"), (Community + "secure-verify-ca-secret", "missing")),
        new(ServerEffect.Tls, "^sni=pod.test client= ", false, (Community + "secure-backends", "true"), (Community + "secure-sni", "pod.test"), (Community + "secure-verify-ca-secret", "pods")),
        new(ServerEffect.Tls, PodTls.Nobody, false, (Community + "secure-backends", "true"), (Community + "secure-sni", "other.test"), (Community + "secure-verify-ca-secret", "pods")),
        new(ServerEffect.Tls, "^sni= client= ", false, (Community + "secure-backends", "true"), (Community + "secure-verify-hostname", "pod.test"), (Community + "secure-verify-ca-secret", "pods")),
        new(ServerEffect.Tls, PodTls.Nobody, false, (Community + "secure-backends", "true"), (Community + "secure-verify-hostname", "other.test"), (Community + "secure-verify-ca-secret", "pods")),
        new(ServerEffect.Tls, "client=CN=proxy.test", false, (Community + "secure-backends", "true"), (Community + "secure-crt-secret", "own")),
        new(ServerEffect.Tls, "Tls12 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384$", false, (Community + "secure-backends", "true"), (Community + "ssl-options-backend", "ssl-max-ver TLSv1.2"), (Community + "ssl-ciphers-backend", "ECDHE-ECDSA-AES256-GCM-SHA384")),
        new(ServerEffect.Tls, "Tls13 TLS_CHACHA20_POLY1305_SHA256$", false, (Community + "secure-backends", "true"), (Community + "ssl-cipher-suites-backend", "TLS_CHACHA20_POLY1305_SHA256")),
        new(ServerEffect.Tls, "^sni= client= ", false, (Official + "server-proto", "h1"), (Official + "server-ca", "official")),
        new(ServerEffect.Tls, PodTls.Nobody, false, (Official + "server-proto", "h1"), (Official + "server-ca", "others")),
        new(ServerEffect.Tls, "client=CN=proxy.test", false, (Official + "server-proto", "h1"), (Official + "server-crt", "own")),
        new(ServerEffect.Tls, "^sni= client=CN=proxy.test ", false, (Nginx + "backend-protocol", "HTTPS"), (Nginx + "proxy-ssl-secret", "both"), (Nginx + "proxy-ssl-verify", "on")),
        new(ServerEffect.Tls, PodTls.Nobody, false, (Nginx + "backend-protocol", "HTTPS"), (Nginx + "proxy-ssl-secret", "others"), (Nginx + "proxy-ssl-verify", "on")),
        new(ServerEffect.Tls, PodTls.Nobody, false, (Nginx + "backend-protocol", "HTTPS"), (Nginx + "proxy-ssl-verify", "on")),
        new(ServerEffect.Tls, "^sni=pod.test ", false, (Nginx + "backend-protocol", "HTTPS"), (Nginx + "proxy-ssl-name", "pod.test"), (Nginx + "proxy-ssl-server-name", "on")),
        new(ServerEffect.Tls, PodTls.Nobody, false, (Nginx + "backend-protocol", "HTTPS"), (Nginx + "proxy-ssl-secret", "pods"), (Nginx + "proxy-ssl-verify", "on"), (Nginx + "proxy-ssl-name", "other.test")),
        new(ServerEffect.Tls, "Tls12 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384$", false, (Nginx + "backend-protocol", "HTTPS"), (Nginx + "proxy-ssl-protocols", "TLSv1.2"), (Nginx + "proxy-ssl-ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384")),

        // The configuration says 2s: so many come in time for the annotation only.
        new(ServerEffect.Checked, "", false, (Official + "check", "true")),
        new(ServerEffect.Checks, "40", false, (Official + "check-interval", "100ms"), (Official + "check-http", "/up")),
        new(ServerEffect.Checks, "40", true, (Community + "health-check-interval", "100ms"), (Community + "health-check-uri", "/up")),
        new(ServerEffect.Checks, "40", false, (Community + "backend-check-interval", "100ms"), (Community + "health-check-uri", "/up")),
        new(ServerEffect.SickPod, "GET /sick HTTP/1.", false, (Official + "check-http", "/sick")),
        new(ServerEffect.SickPod, "GET /sick HTTP/1.", true, (Official + "check-http", "GET /sick HTTP/1.1")),
        new(ServerEffect.SickPod, "GET /sick?deep=1 HTTP/1.", false, (Community + "health-check-uri", "/sick?deep=1")),
        new(ServerEffect.DownPod, "", false, (Community + "health-check-port", "1"), (Community + "health-check-interval", "100ms"), (Community + "health-check-fall-count", "2")),
        new(ServerEffect.Agent, "tester", false, (Community + "agent-check-port", Agent), (Community + "agent-check-interval", "100ms"), (Community + "agent-check-send", "tester"),
            (Community + "health-check-interval", "100ms"), (Community + "health-check-rise-count", "1")),
        new(ServerEffect.Agent, "far", true, (Community + "agent-check-addr", AgentAddress), (Community + "agent-check-port", Agent), (Community + "agent-check-interval", "100ms"),
            (Community + "agent-check-send", "far"), (Community + "health-check-interval", "100ms"), (Community + "health-check-rise-count", "1")),
        new(ServerEffect.DownPod, "", false, (Community + "health-check-addr", Nobody), (Community + "health-check-interval", "100ms"), (Community + "health-check-fall-count", "2")),
        new(ServerEffect.OnePod, "", true, (Community + ServiceUpstream, "true")),
        new(ServerEffect.OnePod, "", false, (Nginx + ServiceUpstream, "true")),
        new(ServerEffect.Statistic, "check_rise=4", false, (Community + "health-check-rise-count", "4")),
        new(ServerEffect.Statistic, "check_fall=7", false, (Community + "health-check-fall-count", "7")),
    ];

    /// <summary>Its pods can't be asked in clear text, or in HTTP/1.1.</summary>
    public bool IsOtherwiseAsked => Effect is ServerEffect.Protocol or ServerEffect.Tls;

    /// <summary>What is said instead, so that only something else changes: nothing, or in another controller's words how pods are asked.</summary>
    public IReadOnlyList<(string Name, string Value)> Instead
    {
        get
        {
            if (!IsOtherwiseAsked)
                return [];
            var (nginx, community) = (Effect, Detail) switch
            {
                (ServerEffect.Protocol, Http2) => ("GRPC", "h2"),
                (ServerEffect.Protocol, Http2Tls) => ("GRPCS", "grpcs"),
                _ => ("HTTPS", "h1-ssl"),
            };
            return Array.Exists(Annotations, static one => one.Name.StartsWith(Nginx, StringComparison.Ordinal)) ? [(Community + "backend-protocol", community)] : [(Nginx + "backend-protocol", nginx)];
        }
    }

    public override string ToString() => $"{string.Join(" ", Annotations.Select(static item => $"{item.Name}={item.Value}"))}{(OfService ? " of the Service" : "")}";

    /// <summary>Of both HAProxy controllers.</summary>
    private static IEnumerable<ServerCase> Balances(string key) =>
    [
        new(ServerEffect.SamePodForKey, "header", false, (key, "hdr(X-User)")),
        new(ServerEffect.SamePodForKey, "header", true, (key, "hash req.hdr(x-user)")),
        new(ServerEffect.SamePodForKey, "cookie", false, (key, "hash req.cook(sid)")),
        new(ServerEffect.SamePodForKey, "parameter", false, (key, "url_param id")),
        new(ServerEffect.SamePodForKey, "uri", false, (key, "uri whole")),
        new(ServerEffect.SamePodForKey, "path", false, (key, "uri")),
        new(ServerEffect.SamePodForKey, "element", false, (key, "uri depth 1")),
        new(ServerEffect.OnePod, "", false, (key, "source")),
        new(ServerEffect.OnePod, "", false, (key, "hdr(host)")),
        new(ServerEffect.OnePod, "", true, (key, "first")),
        new(ServerEffect.IdlePod, "", false, (key, "leastconn")),
        new(ServerEffect.NoOrder, "", false, (key, "random(2)")),
    ];
}
