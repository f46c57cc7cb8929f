using System.Text.Json.Serialization;
using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Policies;

/// <summary>
/// What happens to the requests of a route besides being sent to its backend, whatever annotations said it. Checked: every value is in the
/// range that its comment names, and what could not be read is not here, except as <see cref="Closed"/>.
/// </summary>
public sealed record RoutePolicy
{
    public static readonly RoutePolicy None = new();

    /// <summary>
    /// Every request is refused: a rule that guards access could not be read, and letting everybody in would be the worse mistake.
    /// </summary>
    public bool Closed { get; init; }

    public SourceRules? Sources { get; init; }

    public BasicAuthentication? BasicAuthentication { get; init; }

    public ExternalAuthentication? ExternalAuthentication { get; init; }

    public TokenCheck? Token { get; init; }

    /// <summary>Null: none is asked.</summary>
    public FirewallMode? Firewall { get; init; }

    /// <summary>Who is in <see cref="Sources"/> needs no name, and who has a name need not be in them.</summary>
    public bool AnyGuard { get; init; }

    public ClientCertificates? ClientCertificates { get; init; }

    public HostTls? HostTls { get; init; }

    public TlsPassthrough? TlsPassthrough { get; init; }

    /// <summary>All of them hold; at most one of each kind and period.</summary>
    public EquatableArray<RateLimit> RateLimits { get; init; } = [];

    /// <summary>Longer bodies are answered with 413; null: no limit.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>Of an answer of endpoints, at least 1; null: no limit.</summary>
    public long? BytesPerSecond { get; init; }

    public HttpsRedirect? HttpsRedirect { get; init; }

    /// <summary>Every request is answered with it.</summary>
    public Redirection? Redirect { get; init; }

    /// <summary>Not written by annotations: challenges of certificate authorities are answered so.</summary>
    public FixedAnswer? Answer { get; init; }

    /// <summary>A path that "/" is redirected to with 302; begins with "/".</summary>
    public string? AppRoot { get; init; }

    public CorsPolicy? Cors { get; init; }

    public HstsPolicy? Hsts { get; init; }

    /// <summary>In order.</summary>
    public EquatableArray<HeaderChange> RequestHeaders { get; init; } = [];

    /// <summary>In order; of answers of endpoints only.</summary>
    public EquatableArray<HeaderChange> ResponseHeaders { get; init; } = [];

    /// <summary>Of what a Location of endpoints begins with.</summary>
    public AnswerRewrite? Location { get; init; }

    /// <summary>Of the whole Domain of endpoints' cookies, without a dot before it, whatever its case.</summary>
    public AnswerRewrite? CookieDomain { get; init; }

    /// <summary>Of what the Path of endpoints' cookies begins with.</summary>
    public AnswerRewrite? CookiePath { get; init; }

    /// <summary>No line is written of its requests.</summary>
    public bool Unlogged { get; init; }

    public Mirror? Mirror { get; init; }

    public RequestCapture? Capture { get; init; }

    /// <summary>Tried in order; the first that matches counts.</summary>
    public EquatableArray<PathRewrite> Rewrites { get; init; } = [];

    /// <summary>Host that endpoints see; a host name, with a port perhaps.</summary>
    public string? UpstreamHost { get; init; }

    /// <summary>At most one of a status.</summary>
    public EquatableArray<ErrorPage> ErrorPages { get; init; } = [];

    /// <summary>Namespace and name of the ingress whose <see cref="Routing.RouteKey.OfFallback"/> takes requests while no server can.</summary>
    public string? Fallback { get; init; }

    public RouteTimeouts? Timeouts { get; init; }

    /// <summary>Null: as the program does, X-Forwarded-For has the client's address appended.</summary>
    public ForwardedFor? ForwardedFor { get; init; }

    /// <summary>Value of X-Forwarded-Prefix that endpoints see.</summary>
    public string? ForwardedPrefix { get; init; }

    /// <summary>Names of what lets in some only, for readers of another version.</summary>
    public EquatableArray<string> Guards => new (string Name, bool Is)[]
    {
        (nameof(Closed), Closed), (nameof(Sources), Sources is not null), (nameof(BasicAuthentication), BasicAuthentication is not null),
        (nameof(ExternalAuthentication), ExternalAuthentication is not null),
        (nameof(ClientCertificates), ClientCertificates is not null), (nameof(Token), Token is not null),
        (nameof(Firewall), Firewall is FirewallMode.Deny),
    }.Where(static guard => guard.Is).Select(static guard => guard.Name).ToEquatableArray();

    /// <summary>All that this version knows.</summary>
    internal static readonly string[] GuardNames = [nameof(Closed), nameof(Sources), nameof(BasicAuthentication), nameof(ExternalAuthentication), nameof(ClientCertificates), nameof(Token), nameof(Firewall)];

    /// <summary>How servers are used; what else is here is about requests.</summary>
    public BackendPolicy? Backend { get; init; }

    /// <summary>Of a route of connections, not of requests.</summary>
    public TcpService? Tcp { get; init; }

    /// <summary>What is about requests, and neither about servers nor about how connections are made.</summary>
    public RoutePolicy WithoutBackend() => Backend is null && HostTls is null && TlsPassthrough is null ? this : this with { Backend = null, HostTls = null, TlsPassthrough = null };

    [JsonIgnore]
    public bool IsEmpty => Equals(None);

    /// <summary>Without hashes of passwords and keys: for journals and people.</summary>
    public RoutePolicy Redacted()
    {
        var policy = this;
        if (BasicAuthentication is { } basic)
            policy = policy with { BasicAuthentication = basic with { Users = basic.Users.Select(static user => user with { Hash = "" }).ToEquatableArray() } };
        if (Token is { } token)
            policy = policy with { Token = token with { Keys = [] } };
        if (Backend is { Tls: { Identity: { } identity } tls } backend)
            policy = policy with { Backend = backend with { Tls = tls with { Identity = identity with { Pem = "" } } } };
        return policy;
    }
}
