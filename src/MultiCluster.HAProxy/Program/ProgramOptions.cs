using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;

namespace MultiCluster.HAProxy.Program;

/// <summary>An address to listen on, such as <c>*:443</c>, <c>[::]:80</c> or <c>127.0.0.1:8080</c>.</summary>
/// <param name="Address">As HAProxy's <c>bind</c> takes it; from the operator's configuration, never from an object.</param>
public sealed record BindOptions(string Address, bool Tls);

/// <summary>HAProxy's time-outs; each is an upper bound between two events, not of a whole request.</summary>
public sealed record TimeoutOptions
{
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Client { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Server { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan HttpRequest { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Queue { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For upgraded connections (WebSocket) without traffic.</summary>
    public TimeSpan Tunnel { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an old worker may serve its last connections after a reload.</summary>
    public TimeSpan HardStopAfter { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>How HAProxy tries whether endpoints answer: by a connection, and a TLS handshake where they speak TLS.</summary>
/// <param name="MaxServers">
/// So many servers are checked at most; each takes a file descriptor, and a connection every <paramref name="Interval"/>.
/// </param>
public sealed record CheckOptions(TimeSpan Interval, int Fall = 3, int Rise = 2, int MaxServers = 2000)
{
    public static readonly CheckOptions Default = new(TimeSpan.FromSeconds(2));
}

/// <summary>All that the program text depends on: another value of any of these needs a reload, except where it says otherwise.</summary>
public sealed record ProgramOptions
{
    public required EquatableArray<BindOptions> Binds { get; init; }

    public TimeoutOptions Timeouts { get; init; } = new();

    /// <summary>0 leaves the number to HAProxy: one thread per core.</summary>
    public int Threads { get; init; }

    /// <summary>0 leaves the number to HAProxy: as many as the limit on file descriptors allows.</summary>
    public int MaxConnections { get; init; }

    /// <summary>
    /// Blank backends for HAProxy before 3.4; costs about 9.5 kB each on 2.6, 7.7 kB on 3.2. Another value takes effect when HAProxy
    /// starts or reloads for another reason.
    /// </summary>
    public int PoolSize { get; init; } = 2048;

    /// <summary>As above, for each way of balancing that only a policy asks for.</summary>
    public int PolicyPoolSize { get; init; } = 64;

    /// <summary>Takes effect with servers that are added, and when HAProxy starts or reloads for another reason.</summary>
    public CheckOptions Checks { get; init; } = CheckOptions.Default;

    /// <summary>What a policy's preference for near endpoints is measured from; no part of the program's text.</summary>
    public ProxyLocality Locality { get; init; } = ProxyLocality.Unknown;

    /// <summary>
    /// Makes cookies of sessions opaque; of letters, digits, '-' and '_'. The same on all proxies of a site, and for good: under another
    /// one all sessions begin anew.
    /// </summary>
    public string SessionKey { get; init; } = "multicluster";

    /// <summary>Whose certificates are believed of endpoints that are to be verified; null: nobody's, so such endpoints get no traffic.</summary>
    public EndpointAuthorities? Authorities { get; init; }

    /// <summary>Argument of HAProxy's <c>log</c> line; null writes no access log.</summary>
    public string? AccessLog { get; init; }

    /// <summary>User and group to become after binding; null stays as started.</summary>
    public string? User { get; init; }

    public string? Group { get; init; }
}
