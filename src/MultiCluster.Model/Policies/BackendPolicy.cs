using System.Buffers;

namespace MultiCluster.Model.Policies;

/// <summary>How a server is chosen.</summary>
public enum BalanceAlgorithm
{
    RoundRobin,
    LeastConnections,

    /// <summary>One server is filled to its greatest number of connections before another is used.</summary>
    First,

    /// <summary>The less busy of two drawn.</summary>
    Random,

    /// <summary>By a key of the request: equal keys meet one server as long as it is there, and one that goes moves its own keys only.</summary>
    Hash,
}

/// <summary>What requests have to have in common to meet the same server.</summary>
public enum HashSource
{
    /// <summary>The address of the connection.</summary>
    Address,

    /// <summary>In lower case, without a port.</summary>
    Host,

    /// <summary>Path and query as they came.</summary>
    Uri,

    /// <summary>Without the query.</summary>
    Path,

    /// <summary>The value of a parameter of the query.</summary>
    Parameter,

    Header,

    Cookie,
}

/// <param name="Name">Of a parameter, header (lower case) or cookie: at most <see cref="MaxName"/> letters, digits, '-', '_' and '.'; otherwise empty.</param>
/// <param name="Depth">Of a path: so many of its elements, 1 to <see cref="MaxDepth"/>; 0: all.</param>
public sealed record HashKey(HashSource Source, string Name = "", int Depth = 0)
{
    public const int MaxName = 128;

    public const int MaxDepth = 8;

    public static readonly HashKey Address = new(HashSource.Address);

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static bool IsName(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxName && !text.ContainsAnyExcept(NameCharacters);
}

/// <summary>What proxies speak to endpoints. Where the member's own configuration asks for TLS, it is TLS in any case.</summary>
public enum BackendProtocol
{
    Http1,

    /// <summary>HTTP/2 in clear text, as gRPC has it.</summary>
    Http2,

    /// <summary>HTTP/1.1 over TLS.</summary>
    Https,

    /// <summary>HTTP/2 over TLS; HTTP/1.1 where an endpoint does not offer it.</summary>
    Http2Tls,
}

/// <summary>Header of the PROXY protocol that endpoints see.</summary>
public enum ProxyHeader
{
    /// <summary>As the member's own configuration says.</summary>
    Unsaid,
    Version1,
    Version2,

    /// <summary>With what is known of the client's TLS.</summary>
    Version2Tls,

    /// <summary>And the common name of its certificate.</summary>
    Version2TlsName,
}

/// <summary>How the servers of a route are used. Checked: every value is in the range that its comment names.</summary>
public sealed record BackendPolicy
{
    public static readonly BackendPolicy None = new();

    public const int MaxNumber = 1_000_000;

    public const int MaxCount = 1000;

    public static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan MaxInterval = TimeSpan.FromHours(1);

    /// <summary>Servers get connections as they come, not requests.</summary>
    public bool IsTcp { get; init; }

    /// <summary>The Service's own address takes what its pods would, in members where proxies reach it.</summary>
    public bool UsesService { get; init; }

    /// <summary>Null: as the traffic policy says, or in turn.</summary>
    public BalanceAlgorithm? Balance { get; init; }

    /// <summary>With <see cref="BalanceAlgorithm.Hash"/>, and only with it.</summary>
    public HashKey? HashKey { get; init; }

    /// <summary>Null: all pods of the Service take requests alike.</summary>
    public BlueGreen? BlueGreen { get; init; }

    /// <summary>Null: as the traffic policy says, or requests go to any server.</summary>
    public SessionCookie? Session { get; init; }

    /// <summary>Requests under way at one server, at each proxy by itself; more of them wait. 0 to <see cref="MaxNumber"/>; 0: no limit.</summary>
    public int MaxConnections { get; init; }

    /// <summary>Requests that wait for one server before others take them. 0 to <see cref="MaxNumber"/>; 0: no limit.</summary>
    public int MaxQueue { get; init; }

    public BackendProtocol Protocol { get; init; }

    public ProxyHeader ProxyHeader { get; init; }

    /// <summary>Null: as the program does. It counts where servers are spoken to over TLS.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>HAProxy itself tries whether servers answer; null: as the program does. Those whose certificates are verified are checked in any case.</summary>
    public bool? Checks { get; init; }

    /// <summary><see cref="MinInterval"/> to <see cref="MaxInterval"/>, in whole milliseconds; null: as configured.</summary>
    public TimeSpan? CheckInterval { get; init; }

    /// <summary>Good checks until a server is up, 1 to <see cref="MaxCount"/>; null: as configured.</summary>
    public int? CheckRise { get; init; }

    /// <summary>Bad checks until a server is down, 1 to <see cref="MaxCount"/>; null: as configured.</summary>
    public int? CheckFall { get; init; }

    /// <summary>Of the endpoint's address, 1 to 65535; null: the one that requests go to.</summary>
    public int? CheckPort { get; init; }

    /// <summary>Who is asked in place of each endpoint, an IP address in canonical text; null: the endpoint itself.</summary>
    public string? CheckAddress { get; init; }

    /// <summary>
    /// What a check asks for by GET; 2xx and 3xx are good. A path of printable ASCII without blanks, with a query perhaps, of at most 1024
    /// characters; null: a check opens a connection and asks nothing.
    /// </summary>
    public string? CheckPath { get; init; }

    /// <summary>Where an agent beside each server says how it is, 1 to 65535 of the endpoint's address; null: nobody is asked.</summary>
    public int? AgentPort { get; init; }

    /// <summary>As <see cref="CheckAddress"/>.</summary>
    public string? AgentAddress { get; init; }

    /// <summary>As <see cref="CheckInterval"/>; null: as checks.</summary>
    public TimeSpan? AgentInterval { get; init; }

    /// <summary>What the agent hears first, see <see cref="IsAgentWord"/>; null: nothing.</summary>
    public string? AgentSend { get; init; }

    /// <summary>At most 64 letters, digits, '-', '_' and '.': HAProxy takes no line end at run time.</summary>
    public static bool IsAgentWord(ReadOnlySpan<char> text) => text.Length is > 0 and <= 64 && HashKey.IsName(text);

    public static bool IsCheckPath(ReadOnlySpan<char> text) => text.Length is > 0 and <= 1024 && text[0] == '/' && !text.ContainsAnyExceptInRange('!', '~');
}
