using System.Globalization;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>
/// How the servers of a place are used, where a route's policy says it: routes that say the same of a Service have the place in common.
/// Its text is part of the place's real name, from where the program reads what requests are hashed by and what checks ask for.
/// </summary>
public sealed record PlaceVariant(BackendProfile Profile)
{
    /// <summary>No other part of a real name has it.</summary>
    public const char Mark = '~';

    /// <summary>Comes before what checks ask for, and nowhere else.</summary>
    public const char PathMark = '*';

    /// <summary>The program finds it as the second word.</summary>
    public HashKey? HashKey { get; init; }

    /// <summary>See <see cref="SessionText"/>; empty where no policy names a cookie. As a hash key: a profile has one of the two.</summary>
    public string Session { get; init; } = "";

    /// <summary>Of members where the Service's own address can be reached the servers are that.</summary>
    public bool UsesService { get; init; }

    public int MaxConnections { get; init; }

    public int MaxQueue { get; init; }

    public BackendProtocol Protocol { get; init; }

    public ProxyHeader ProxyHeader { get; init; }

    public PlaceTls? Tls { get; init; }

    public bool? Checks { get; init; }

    public TimeSpan? CheckInterval { get; init; }

    public int? CheckRise { get; init; }

    public int? CheckFall { get; init; }

    public int? CheckPort { get; init; }

    /// <summary>Empty: the server's.</summary>
    public string CheckAddress { get; init; } = "";

    public string CheckPath { get; init; } = "";

    /// <summary>Where an agent says how the server is; null: nobody is asked.</summary>
    public int? AgentPort { get; init; }

    /// <summary>Empty: the server's.</summary>
    public string AgentAddress { get; init; } = "";

    public TimeSpan? AgentInterval { get; init; }

    public string AgentSend { get; init; } = "";

    public bool IsHttp2 => Protocol is BackendProtocol.Http2 or BackendProtocol.Http2Tls;

    public bool IsTls => Protocol is BackendProtocol.Https or BackendProtocol.Http2Tls;

    /// <summary>What of it is a matter of each server, and can't be changed of one that runs; nothing when that is as without a policy.</summary>
    public string ServerText => string.Join('|', PlaceVariantText.ServerWords(this));

    /// <param name="policy">Null: none is said.</param>
    /// <param name="traffic">The policy that chooses among groups, for a group's place.</param>
    /// <returns>Null when the place is that of routes without a policy, or of groups of such.</returns>
    public static PlaceVariant? Of(BackendPolicy? policy, TrafficPolicy? traffic = null)
    {
        if (policy is null)
            return null;
        var checks = policy.Checks;
        var path = checks != false && !policy.IsTcp ? policy.CheckPath ?? "" : "";
        var profile = policy.IsTcp
            ? BackendProfile.OfTcp(BalanceOf(policy, traffic))
            : BackendProfile.Of(BalanceOf(policy, traffic), traffic?.SessionAffinity == true || policy.Session is not null, path.Length > 0);
        var agent = checks == false ? null : policy.AgentPort;
        var isChecked = checks ?? (path.Length > 0 || agent is not null ? true : null);
        var variant = new PlaceVariant(profile)
        {
            HashKey = profile.Balance == BalanceAlgorithm.Hash ? policy.HashKey ?? HashKey.Address : null,
            Session = !policy.IsTcp && policy.Session is { } session ? SessionText.Write(session) : "",
            UsesService = policy.UsesService,
            MaxConnections = policy.MaxConnections,
            MaxQueue = policy.MaxQueue,
            Protocol = policy.IsTcp ? WithoutHttp(policy.Protocol) : policy.Protocol,
            ProxyHeader = policy.ProxyHeader,
            Tls = PlaceTls.Of(policy.Tls),
            Checks = isChecked,
            CheckInterval = isChecked == false ? null : policy.CheckInterval,
            CheckRise = isChecked == false ? null : policy.CheckRise,
            CheckFall = isChecked == false ? null : policy.CheckFall,
            CheckPort = isChecked == false ? null : policy.CheckPort,
            CheckAddress = isChecked == false ? "" : policy.CheckAddress ?? "",
            CheckPath = path,
            AgentPort = agent,
            AgentAddress = agent is null ? "" : policy.AgentAddress ?? "",
            AgentInterval = agent is null ? null : policy.AgentInterval,
            AgentSend = agent is null ? "" : policy.AgentSend ?? "",
        };
        return variant == new PlaceVariant(ProfileOf(traffic)) ? null : variant;
    }

    public static BackendProfile ProfileOf(TrafficPolicy? traffic) => traffic is null ? default : BackendProfile.Of(BalanceOf(null, traffic), traffic.SessionAffinity, asksHttp: false);

    public static PlaceVariant? Parse(string text) => PlaceVariantText.Parse(text);

    /// <summary>Such as <c>hash|hdr:x-user|maxconn:20|check:on|inter:2000</c>, or <c>rr-http|check:on*/healthz~3Fdeep</c>.</summary>
    public override string ToString() => PlaceVariantText.Write(this);

    private static BackendProtocol WithoutHttp(BackendProtocol protocol) => protocol is BackendProtocol.Https or BackendProtocol.Http2Tls ? BackendProtocol.Https : default;

    private static BalanceAlgorithm BalanceOf(BackendPolicy? policy, TrafficPolicy? traffic) => policy?.Balance ?? traffic?.Balance switch
    {
        LoadBalancing.LeastConnections => BalanceAlgorithm.LeastConnections,
        _ => BalanceAlgorithm.RoundRobin,
    };
}
