using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.Settings;

/// <summary>What becomes of a connection after a response.</summary>
public enum ConnectionMode
{
    KeepAlive,
    ServerClose,
    Close,
}

/// <summary>What X-Forwarded-For tells servers.</summary>
public enum ForwardedForMode
{
    /// <summary>The client's address follows what came.</summary>
    Update,

    /// <summary>The client's address takes the place of what came.</summary>
    Add,

    /// <summary>What came, untouched.</summary>
    Ignore,

    /// <summary>What came, or the client's address where nothing came.</summary>
    IfMissing,
}

/// <summary>What settings say of proxies as a whole; null of whatever they say nothing. Bad values say nothing.</summary>
public sealed record ProcessSettings
{
    private const string H = "haproxy.org/";
    private const string J = "haproxy-ingress.github.io/";

    public TimeSpan? Connect { get; private init; }

    public TimeSpan? Client { get; private init; }

    public TimeSpan? ClientFin { get; private init; }

    public TimeSpan? HttpRequest { get; private init; }

    public TimeSpan? KeepAlive { get; private init; }

    public TimeSpan? Queue { get; private init; }

    public TimeSpan? Tunnel { get; private init; }

    public TimeSpan? HardStopAfter { get; private init; }

    public int? MaxConnections { get; private init; }

    public int? Threads { get; private init; }

    public ConnectionMode? Mode { get; private init; }

    public bool? LogsEarly { get; private init; }

    private const int MaxHeaderPrefix = 64;

    /// <summary>Arguments of HAProxy's "log" lines.</summary>
    public EquatableArray<string>? Logs { get; private init; }

    public string? LogTag { get; private init; }

    /// <summary>Networks whose connections begin with a PROXY header; an empty one stands for everybody.</summary>
    public EquatableArray<string>? ProxyProtocol { get; private init; }

    public ForwardedForMode? ForwardedFor { get; private init; }

    public string? OriginalForwardedFor { get; private init; }

    public string? RealIp { get; private init; }

    public string? CertificateHeaders { get; private init; }

    public string? Alpn { get; private init; }

    public string? TlsOptions { get; private init; }

    public string? Ciphers { get; private init; }

    public string? CipherSuites { get; private init; }

    public int? DhSize { get; private init; }

    /// <summary>Addresses with ports, in order.</summary>
    public EquatableArray<string>? FirewallEndpoints { get; private init; }

    /// <inheritdoc cref="FirewallWords.Arguments"/>
    public string? FirewallArguments { get; private init; }

    public bool? UsesCoraza { get; private init; }

    public TimeSpan? FirewallConnect { get; private init; }

    public TimeSpan? FirewallHello { get; private init; }

    public TimeSpan? FirewallIdle { get; private init; }

    public TimeSpan? FirewallProcessing { get; private init; }

    public TimeSpan? FirewallServer { get; private init; }

    public static ProcessSettings Of(EquatableMap settings)
    {
        return new ProcessSettings
        {
            Connect = Time("timeout-connect"),
            Client = Time("timeout-client"),
            ClientFin = Time("timeout-client-fin"),
            HttpRequest = Time("timeout-http-request"),
            KeepAlive = Quantity(Find(H + "timeout-http-keep-alive") ?? Find(J + "timeout-keep-alive")),
            Queue = Time("timeout-queue"),
            Tunnel = Quantity(Find(H + "timeout-tunnel")),
            HardStopAfter = Quantity(Find(H + "hard-stop-after") ?? Find(J + "timeout-stop")),
            MaxConnections = Number(Find(H + "maxconn") ?? Find(J + "max-connections")),
            Threads = Number(Either("nbthread")),
            Mode = ModeOf(Find),
            LogsEarly = Switch(Find(H + "logasap")),
            Logs = Find(H + "syslog-server") is { } servers ? LogTargets.Official(servers) : Find(J + "syslog-endpoint") is { } endpoint ? LogTargets.Community(endpoint, Find(J + "syslog-format"), Find(J + "syslog-length")) : null,
            LogTag = Find(J + "syslog-tag"),
            ProxyProtocol = Find(H + "proxy-protocol") is { } networks
                ? networks.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToEquatableArray()
                : Switch(Find(J + "use-proxy-protocol")) is { } all ? all ? [""] : [] : null,
            ForwardedFor = Find(J + "forwardfor") switch
            {
                "add" => ForwardedForMode.Add,
                "update" => ForwardedForMode.Update,
                "ignore" => ForwardedForMode.Ignore,
                "ifmissing" => ForwardedForMode.IfMissing,
                _ => null,
            },
            OriginalForwardedFor = Find(J + "original-forwarded-for-hdr"),
            RealIp = Find(J + "real-ip-hdr"),
            CertificateHeaders = Find(J + "ssl-headers-prefix"),
            Alpn = Either("tls-alpn") is { } protocols ? TlsWords.Alpn(protocols) : null,
            TlsOptions = Find(J + "ssl-options") is { } options ? TlsOptionWords.Read(options).Text : null,
            Ciphers = Find(J + "ssl-ciphers"),
            CipherSuites = Find(J + "ssl-cipher-suites"),
            DhSize = Number(Find(J + "ssl-dh-default-max-size")),
            FirewallEndpoints = Find(FirewallWords.EndpointsKey) is { } agents ? FirewallWords.Endpoints(agents.Split(',')) : null,
            FirewallArguments = Find(J + "modsecurity-args") is { } arguments ? FirewallWords.Arguments(arguments) : null,
            UsesCoraza = Switch(Find(J + "modsecurity-use-coraza")),
            FirewallConnect = Quantity(Find(J + "modsecurity-timeout-connect")),
            FirewallHello = Quantity(Find(J + "modsecurity-timeout-hello")),
            FirewallIdle = Quantity(Find(J + "modsecurity-timeout-idle")),
            FirewallProcessing = Quantity(Find(J + "modsecurity-timeout-processing")),
            FirewallServer = Quantity(Find(J + "modsecurity-timeout-server")),
        };

        string? Find(string name) =>
            settings.Find(name) is { } value && AnnotationIndex.Find(name)?.Entry.Value.ProblemOf(value) is null && ProblemOf(name, value) is null ? value.Trim() : null;
        string? Either(string key) => Find(H + key) ?? Find(J + key);
        TimeSpan? Time(string key) => Quantity(Either(key));
    }

    /// <summary>What is wrong with a value that is one of its kind, and the fix; null when nothing is. It becomes text of a configuration.</summary>
    public static string? ProblemOf(string name, string value)
    {
        value = value.Trim();
        return name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..] switch
        {
            "syslog-server" => LogTargets.Official(value) is null ? "holds a line that is none such as address:127.0.0.1, port:514, facility:local0, level:info; write such ones" : null,
            "syslog-endpoint" => LogTargets.Community(value, null, null) is null ? "is no address such as 10.0.0.5:514, and not stdout; write one" : null,
            "tls-alpn" => TlsWords.Alpn(value) is not null ? null : "holds what is none of h2, http/1.1 and http/1.0; write these, divided by commas",
            "ssl-options" => TlsOptionWords.Read(value) switch
            {
                { Unknown.Count: > 0 } => $"holds what is none of {TlsOptionWords.Known}; write these, divided by blanks",
                { HasVersions: false } => "leaves no versions of TLS, or a gap between them; write which is the oldest and which the newest",
                _ => null,
            },
            "ssl-ciphers" => TlsWords.AreCiphers(value) ? null : "holds no cipher that is known, or what is none; write names such as ECDHE-RSA-AES128-GCM-SHA256, divided by ':'",
            "ssl-cipher-suites" => TlsWords.AreSuites(value) ? null : "holds what is none of TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384 and TLS_CHACHA20_POLY1305_SHA256; write these, divided by ':'",
            "modsecurity-endpoints" => FirewallWords.Endpoints(value.Split(',')) is null ? $"holds what is no address with a port; write {FirewallWords.EndpointsMeant}, divided by commas" : null,
            "modsecurity-args" => FirewallWords.Arguments(value) is null ? $"holds what is not sent; write {FirewallWords.ArgumentsMeant}, with NAME= before each perhaps" : null,
            "original-forwarded-for-hdr" or "real-ip-hdr" => value.Contains('.', StringComparison.Ordinal) ? "is no name of a header; write one of letters, digits and '-'" : null,
            "ssl-headers-prefix" => value.Contains('.', StringComparison.Ordinal) || value.Length > MaxHeaderPrefix || !char.IsAsciiLetter(value[0])
                ? $"is no beginning of headers' names; write at most {MaxHeaderPrefix} letters, digits and '-', of which the first is a letter" : null,
            "timeout-client" or "timeout-connect" or "timeout-client-fin" or "timeout-http-request" or "timeout-http-keep-alive" or "timeout-keep-alive" or "timeout-queue" or "timeout-tunnel" or "hard-stop-after" or "timeout-stop"
                or "modsecurity-timeout-connect" or "modsecurity-timeout-hello" or "modsecurity-timeout-idle" or "modsecurity-timeout-processing" or "modsecurity-timeout-server"
                when Quantity(value) < TimeSpan.FromMilliseconds(1) => "is no time; write 1ms or more",
            "ssl-dh-default-max-size" when Number(value) > 8192 => "is more than 8192; write fewer bits",
            "nbthread" when Number(value) > 64 => "is more than 64; write fewer threads",
            "maxconn" or "max-connections" when Number(value) is < 100 or > 10_000_000 => "is no sensible limit; write 100 to 10000000",
            _ => null,
        };
    }

    private static ConnectionMode? ModeOf(Func<string, string?> find) => find(H + "http-connection-mode") switch
    {
        "http-keep-alive" => ConnectionMode.KeepAlive,
        "http-server-close" => ConnectionMode.ServerClose,
        "httpclose" => ConnectionMode.Close,
        _ => Switch(find(H + "http-server-close")) is true ? ConnectionMode.ServerClose
            : Switch(find(H + "http-keep-alive")) is { } keeps ? keeps ? ConnectionMode.KeepAlive : ConnectionMode.Close
            : null,
    };

    private static TimeSpan? Quantity(string? value) => value is null ? null : Quantities.Time(value);

    private static int? Number(string? value) => value is null ? null : int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);

    private static bool? Switch(string? value) => value is null ? null : ValueChecks.Switch(value);
}
