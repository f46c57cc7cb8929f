namespace MultiCluster.Model.Admin;

/// <summary>A condition on an object's copy in one member, as the admin API shows it.</summary>
/// <param name="Details">All that is wrong, item by item; the message names the first few of many.</param>
public sealed record ConditionView(
    string Member, string Type, bool Status, string Reason, string Message, IReadOnlyList<string>? Details = null);

/// <param name="Source">Server address or folder.</param>
/// <param name="Complete">All kinds have been listed at least once.</param>
/// <param name="Problems">Kinds that can't be read now, with the reason; files that can't be read.</param>
public sealed record MemberView(
    string Name,
    string Source,
    bool Complete,
    bool Reachable,
    int Ingresses,
    int Services,
    int Endpoints,
    DateTimeOffset? LastEvent,
    IReadOnlyList<string> Problems);

/// <param name="Members">Members whose copy is accepted.</param>
public sealed record IngressView(
    string Namespace,
    string Name,
    IReadOnlyList<string> Members,
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string> CertificateHosts,
    IReadOnlyList<RouteView> Routes,
    IReadOnlyList<ConditionView> Conditions);

/// <param name="Host">"*" for every host.</param>
/// <param name="Match">Exact, Prefix or Default.</param>
/// <param name="Backend">namespace/service:port.</param>
/// <param name="Owner">False when another ingress won the route.</param>
public sealed record RouteView(
    string Host,
    string Path,
    string Match,
    string Ingress,
    string Backend,
    IReadOnlyList<string> Members,
    int Endpoints,
    bool Owner);

/// <param name="State">Starting, Waiting, Serving, Reloading or Down; of a proxy elsewhere Starting or Connected.</param>
/// <param name="Refused">Items that HAProxy does not take or is not given; <see cref="ProxyDetailView"/> names them.</param>
/// <param name="MasterReloads">As HAProxy's master counts since it started, whoever asked and however they ended.</param>
/// <param name="ReloadsByReason">Ours that worked, since this agent started.</param>
/// <param name="FailedReloadsByReason">Ours that did not, since this agent started; HAProxy went on as before.</param>
/// <param name="PoolSize">0 where backends are made at run time.</param>
public sealed record ProxyView(
    string Name,
    string State,
    string? StateReason,
    string Version,
    int MasterPid,
    int WorkerPid,
    bool Adopted,
    long DesiredVersion,
    long AppliedVersion,
    long StartFileVersion,
    int Routes,
    int Backends,
    int Servers,
    int Certificates,
    int PoolSize,
    int PoolUsed,
    long CommandsSent,
    long CommandsRefused,
    int Refused,
    long Resyncs,
    int MasterReloads,
    IReadOnlyDictionary<string, long> ReloadsByReason,
    IReadOnlyDictionary<string, long> FailedReloadsByReason,
    IReadOnlyList<string> Listens)
{
    /// <summary>As a controller elsewhere sees it; what only the proxy itself knows is then zero. Null where the proxy answers itself.</summary>
    public RemoteProxyView? Remote { get; init; }

    /// <summary>Whom it is told by, or why by nobody; null where the controller is in its own process.</summary>
    public string? Controller { get; init; }
}

/// <summary>A session with a proxy elsewhere. Positions are those of the answering node's table.</summary>
/// <param name="Waiting">Rows that have not been sent yet.</param>
public sealed record RemoteProxyView(
    string Peer,
    string Incarnation,
    DateTimeOffset Since,
    long TablePosition,
    long AckedPosition,
    long AppliedPosition,
    int Waiting);

/// <summary>One server as HAProxy holds it.</summary>
public sealed record ServerView(string Backend, string Slot, string Server, string Address, string State);

/// <summary>What a proxy should hold and does not.</summary>
/// <param name="Reason">HAProxy's words, or why it was not asked.</param>
public sealed record RefusedView(string Item, string Reason);

/// <param name="Proxy">The summary of <see cref="ProxyView"/>.</param>
public sealed record ProxyDetailView(ProxyView Proxy, IReadOnlyList<RefusedView> Refused, IReadOnlyList<ServerView> Servers);

/// <param name="Outcome">Route, NoRoute or BadRequest.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Considered">What was looked up, most specific first, and what was found.</param>
/// <param name="Losers">Claims on the same route by other ingresses.</param>
public sealed record ExplainView(
    string Url,
    string Outcome,
    string Reason,
    RouteView? Route,
    IReadOnlyList<string> Considered,
    IReadOnlyList<string> Losers,
    string? Certificate,
    IReadOnlyList<ServerView> Servers)
{
    /// <summary>The proxy answers with it itself; null: an endpoint is asked.</summary>
    public int? Status { get; init; }

    /// <summary>Of several Ingresses that share the route each that may take the request; what is above is about the likeliest.</summary>
    public IReadOnlyList<TakerView> Takers { get; init; } = [];
}

/// <param name="Route">Null: nobody takes it.</param>
/// <param name="Percent">Of such requests.</param>
/// <param name="UpstreamPath">That endpoints see, without the query; null where none is asked.</param>
/// <param name="Steps">Each rule that had a word in it, in the order in which they are applied.</param>
/// <param name="Open">What depends on somebody's word, or on what came before, so that the answer may be another one.</param>
public sealed record TakerView(
    RouteView? Route, double Percent, string Why, int? Status, string? Location, string? UpstreamPath, IReadOnlyList<string> Steps, IReadOnlyList<string> Open);

/// <summary>An error of the admin API, in the manner of RFC 9457.</summary>
public sealed record ProblemView(string Title, int Status, string Detail);
