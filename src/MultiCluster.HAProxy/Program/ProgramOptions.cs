using System.Globalization;
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

    /// <summary>For clients that have closed their side; null as <see cref="Client"/>.</summary>
    public TimeSpan? ClientFin { get; init; }

    public TimeSpan Server { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan HttpRequest { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Queue { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For upgraded connections (WebSocket) without traffic.</summary>
    public TimeSpan Tunnel { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an old worker may serve its last connections after a reload.</summary>
    public TimeSpan HardStopAfter { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>What becomes of connections after a response.</summary>
public enum ConnectionHandling
{
    /// <summary>Both are kept.</summary>
    Keep,

    /// <summary>The client's is kept.</summary>
    CloseServer,
    Close,
}

/// <summary>What servers are told of the client's address where no policy of the route says otherwise.</summary>
/// <param name="For">What becomes of X-Forwarded-For.</param>
/// <param name="Original">Name of the header that keeps what came; null: nothing does.</param>
/// <param name="RealIp">Name of a further header with the address; null: none.</param>
public sealed record ForwardedHeaders(ForwardedFor For = ForwardedFor.Append, string? Original = null, string? RealIp = null);

public enum ForwardedFor
{
    Append,
    Replace,
    Keep,
    AddMissing,
}

/// <summary>A port whose connections go to a Service.</summary>
public sealed record TcpPort(int Port, bool AcceptsProxy = false, bool Tls = false)
{
    /// <summary>Of the program's frontend, which so tells all there is.</summary>
    public string Frontend => string.Create(CultureInfo.InvariantCulture, $"tcp-{Port}{(AcceptsProxy ? "-proxy" : "")}{(Tls ? "-tls" : "")}");

    /// <summary>Null when it is no such frontend's name.</summary>
    public static TcpPort? Parse(string frontend)
    {
        var words = frontend.Split('-');
        if (words.Length < 2 || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        var port = new TcpPort(number, words.Contains("proxy", StringComparer.Ordinal), words.Contains("tls", StringComparer.Ordinal));
        return string.Equals(port.Frontend, frontend, StringComparison.Ordinal) ? port : null;
    }
}

public sealed record PortRange(int First, int Last)
{
    public static readonly PortRange All = new(1, 65535);

    public static readonly PortRange Unprivileged = new(1024, 65535);

    public bool Has(int port) => port >= First && port <= Last;
}

/// <summary>TLS with clients.</summary>
/// <param name="Ciphers">Up to TLS 1.2; null for ours.</param>
/// <param name="CipherSuites">Of TLS 1.3; null for the library's.</param>
/// <param name="Options">Words of ssl-default-bind-options; null for ours.</param>
public sealed record ListenerTls(string Alpn = "h2,http/1.1", string? Ciphers = null, string? CipherSuites = null, string? Options = null, int DhSize = 2048);

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

    /// <summary>Clients that ask in TLS for a name that no Secret covers, or for none, are turned away.</summary>
    public bool StrictSni { get; init; }

    /// <summary>There are hosts whose TLS is passed on unread.</summary>
    public bool PassesTls { get; init; }

    /// <summary>Oldest version of TLS with clients, for hosts whose Ingress says nothing else: TLSv1.0 to TLSv1.3.</summary>
    public string MinTlsVersion { get; init; } = "TLSv1.2";

    /// <summary>Argument of HAProxy's <c>log</c> line; null writes no access log.</summary>
    public string? AccessLog { get; init; }

    /// <summary>Further arguments of "log" lines.</summary>
    public EquatableArray<string> MoreLogs { get; init; } = [];

    /// <summary>An access log of our own process; takes the place of the other.</summary>
    public LogReceiverOptions? LogReceiver { get; init; }

    /// <summary>What logs call the program; null for HAProxy's own name.</summary>
    public string? LogTag { get; init; }

    /// <summary>Lines are written when a response begins.</summary>
    public bool LogsEarly { get; init; }

    public ConnectionHandling Connections { get; init; }

    /// <summary>Networks whose connections begin with a PROXY header; an empty one stands for everybody.</summary>
    public EquatableArray<string> ProxyProtocol { get; init; } = [];

    /// <summary>Ports of TCP services, in order; of what there is to serve, not of the configuration.</summary>
    public EquatableArray<TcpPort> TcpPorts { get; init; } = [];

    /// <summary>Addresses without a port that TCP services listen on.</summary>
    public EquatableArray<string> TcpListen { get; init; } = ["*"];

    /// <summary>What our own process listens on, address and port: nothing for services. No part of the program's text.</summary>
    public EquatableArray<string> OwnAddresses { get; init; } = [];

    /// <summary>Those that services may ask for.</summary>
    public PortRange TcpRange { get; init; } = PortRange.Unprivileged;

    public ForwardedHeaders Forwarded { get; init; } = new();

    /// <summary>What names of headers begin with that tell servers of clients' certificates, in the community controller's words; lower case letters, digits, '-' and '_'.</summary>
    public string CertificateHeaders { get; init; } = DefaultCertificateHeaders;

    public const string DefaultCertificateHeaders = "x-ssl";

    public ListenerTls Tls { get; init; } = new();

    /// <summary>Answers can be held back, from HAProxy 2.7 on.</summary>
    public bool LimitsBandwidth { get; init; }

    public FirewallOptions Firewall { get; init; } = new();

    /// <summary>User and group to become after binding; null stays as started.</summary>
    public string? User { get; init; }

    public string? Group { get; init; }
}
