using System.Globalization;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Data;

/// <summary>The program's maps.</summary>
public enum MapName
{
    Routes,
    Defaults,

    /// <summary>HAProxy's name of a backend to its real one; HAProxy itself thus remembers which slot is whose.</summary>
    Backends,

    /// <summary>Of a steered route: beginnings of draws to the group that takes them.</summary>
    Shares,

    /// <summary>From a group to the one that takes what it can't.</summary>
    Next,

    /// <summary>From a session's token to the group that it is bound to.</summary>
    Bound,

    /// <summary>From a group to the token that binds a session to it.</summary>
    Tokens,

    /// <summary>From a host's name in TLS to the id of who is believed there to sign certificates of clients.</summary>
    Trust,

    /// <summary>From a host whose TLS is passed on to the number of its endpoints, and from host and place to an endpoint.</summary>
    Passed,

    /// <summary>From a policy's id and the name of one of its values to that value.</summary>
    Policies,

    /// <summary>From a policy's id and the beginning of an address to what the policy says of it.</summary>
    Sources,

    /// <summary>
    /// The first of <see cref="RouteMaps.PatternFiles"/> with regular expressions, each with a policy's id before it. HAProxy tries those of a
    /// file one after the other, so a policy's are all in one of the files, by its id.
    /// </summary>
    Patterns,
}

/// <summary>An entry's place.</summary>
public readonly record struct MapKey(MapName Map, string Key);

/// <summary>How routes are written into the maps; see the program's frontend for how they are read.</summary>
public static class RouteMaps
{
    /// <summary>Ends the key of an Exact path.</summary>
    public const char EndMark = '\u0001';

    /// <summary>Flags of a steered route; the program looks for them. Followed by the name of the session, hexadecimal.</summary>
    public const string BindsFlag = "a";

    /// <summary>Followed by the greatest number of requests under way for each endpoint.</summary>
    public const string LimitFlag = "s";

    /// <summary>Followed by the name of a header, and once more by that of a cookie, by which requests name a group of pods; either may be empty.</summary>
    public const char PodsFlag = '*';

    /// <summary>No key of ours begins with it: a host has no such character.</summary>
    private const char ReferenceMark = '#';

    public const int PatternFiles = 16;

    /// <summary>
    /// A Prefix of a host that has expressions begins with it; the id of the host's expressions and the Prefix's length follow, and then the
    /// route itself.
    /// </summary>
    public const char ExpressionMark = '*';

    /// <summary>The key of a route whose path is an expression begins with it; no host has it.</summary>
    private const char ExpressionKeyMark = '~';

    /// <summary>
    /// A route that several ingresses share begins with it, and has a choice's name and id behind it; of which ingress an entry is that others
    /// of its key stand beside it is said in a key that begins with it, as no host does.
    /// </summary>
    public const char ChoiceMark = '@';

    /// <summary>A route with a policy begins with it; its id and flags are in the end.</summary>
    public const char PolicyMark = '+';

    public static readonly IReadOnlyList<MapName> All =
    [
        MapName.Routes, MapName.Defaults, MapName.Backends, MapName.Shares, MapName.Next, MapName.Bound, MapName.Tokens, MapName.Trust, MapName.Passed, MapName.Policies, MapName.Sources,
        .. Enumerable.Range(0, PatternFiles).Select(static bucket => MapName.Patterns + bucket),
    ];

    /// <summary>Those whose values lead a request to a backend.</summary>
    public static readonly IReadOnlyList<MapName> Routing = [MapName.Routes, MapName.Defaults];

    /// <summary>Those of a choice among groups whose values are names of backends.</summary>
    public static readonly IReadOnlyList<MapName> Choosing = [MapName.Shares, MapName.Next, MapName.Bound];

    /// <summary>Those that hold nothing but choices among groups.</summary>
    public static bool IsOfSteers(MapName map) => map is >= MapName.Shares and <= MapName.Tokens;

    /// <summary>Those that hold values of policies, under the policy's id.</summary>
    public static bool IsOfPolicies(MapName map) => map >= MapName.Policies;

    public static bool IsPatterns(MapName map) => map >= MapName.Patterns;

    /// <summary>The one of the files with regular expressions that a policy's are in.</summary>
    /// <param name="policy">Its id, hexadecimal.</param>
    public static MapName PatternsOf(string policy) => MapName.Patterns + Convert.ToInt32(policy[..1], 16);

    public static string File(MapName map) => map switch
    {
        MapName.Routes => ProgramPaths.RouteMap,
        MapName.Defaults => ProgramPaths.DefaultMap,
        MapName.Backends => ProgramPaths.BackendMap,
        MapName.Shares => ProgramPaths.ShareMap,
        MapName.Next => ProgramPaths.NextMap,
        MapName.Bound => ProgramPaths.BoundMap,
        MapName.Tokens => ProgramPaths.TokenMap,
        MapName.Trust => ProgramPaths.TrustMap,
        MapName.Passed => ProgramPaths.PassedMap,
        MapName.Policies => ProgramPaths.PolicyMap,
        MapName.Sources => ProgramPaths.SourceMap,
        >= MapName.Patterns and < MapName.Patterns + PatternFiles => ProgramPaths.PatternMap(map - MapName.Patterns),
        _ => throw new ArgumentOutOfRangeException(nameof(map)),
    };

    /// <summary>Stands for a key that is none of ours: HAProxy takes the number of an entry, marked so, instead of its key.</summary>
    public static string Reference(ulong number) => string.Create(CultureInfo.InvariantCulture, $"{ReferenceMark}0x{number:x}");

    public static bool IsReference(string key) => key.StartsWith(ReferenceMark);

    /// <summary>Null when the key cannot be written safely; Federation reports such paths before they come here.</summary>
    public static MapKey? KeyOf(RouteKey route)
    {
        if (route.IsFallback)
            return SafeText.IsKey(route.Host) ? new MapKey(MapName.Defaults, route.Host) : null;
        if (route.Port is not null)
            return new MapKey(MapName.Defaults, route.Host);
        if (!IsWritable(route))
            return null;
        if (route.Taker is { } taker)
            return AlternativeOf(ChoiceOf(route), taker);
        if (route.IsExpression)
            return new MapKey(MapName.Routes, $"{ExpressionKeyMark}{Digests.Sha256($"{route.Host}\n{route.Match}\n{route.Path}")[..PolicyData.IdLength].ToLowerInvariant()}");
        var host = route.Host.Length == 0 ? "*" : route.Host;
        MapKey? key = route.Match switch
        {
            PathMatch.Exact => new MapKey(MapName.Routes, $"{host}{route.Path}/{EndMark}"),
            PathMatch.Prefix => new MapKey(MapName.Routes, $"{host}{route.Path}/"),
            PathMatch.Default => new MapKey(MapName.Defaults, host),
            _ => null,
        };
        return key is { } entry && SafeText.IsKey(entry.Key) ? key : null;
    }

    /// <summary>Host and path each by themselves: together, one could end where the other is meant to begin.</summary>
    private static bool IsWritable(RouteKey route) =>
        (route.Host.Length == 0 || SafeText.IsHost(route.Host))
        && (route.IsExpression || (route.Match == PathMatch.Default ? route.Path.Length == 0 : SafeText.IsPath(route.Path)))
        && (route.Match != PathMatch.Exact || route.Path.Length > 0);

    /// <param name="backend">HAProxy's name of the backend.</param>
    public static string Value(string backend, ObjectKey ingress) => $"{backend}||{ingress}";

    /// <summary>Of a route that a policy steers, such as <c>~web/cart:http:1f0c2a9b|a7d01e6c2s200|web/shop</c>.</summary>
    /// <param name="groups">Of pods that requests may name; null: none.</param>
    public static string Value(SteerKey steer, TrafficPolicy policy, BlueGreen? groups = null)
    {
        var binds = policy.SessionAffinity ? BindsFlag + steer.Session : "";
        var limit = policy.MaxConnectionsPerEndpoint > 0 ? string.Create(CultureInfo.InvariantCulture, $"{LimitFlag}{policy.MaxConnectionsPerEndpoint}") : "";
        var pods = groups is { MayBeNamed: true } ? $"{PodsFlag}{groups.ChosenByHeader}{PodsFlag}{groups.ChosenByCookie}" : "";
        return $"{steer.Text}|{binds}{limit}{pods}|{steer.Ingress}";
    }

    /// <summary>
    /// A route's value with a policy, such as <c>+web_cart_http_1f0c2a9b||web/shop|5d41402abc4b2a76|16387</c>: what it is without, then the
    /// policy's id and its flags as a number, see <see cref="PolicyMask"/>.
    /// </summary>
    public static string WithPolicy(string value, string id, string flags) =>
        $"{PolicyMark}{value}|{id}|{PolicyMask.Of(value.StartsWith(PolicyFlags.Steered) ? flags + PolicyFlags.Steered : flags)}";

    /// <summary>Of a Prefix of a host that has expressions, such as <c>*5d41402abc4b2a76|5|web_cart_http_1f0c2a9b||web/shop</c>.</summary>
    /// <param name="expressions">Their id.</param>
    public static string WithExpressions(string value, string expressions, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{ExpressionMark}{expressions}|{length}|{value}");

    /// <summary>What all else of a host that has expressions has, and no Prefix.</summary>
    public static string OfExpressions(string expressions) => $"{ExpressionMark}{expressions}|0";

    /// <summary>The id of the host's expressions; nothing for a host that has none.</summary>
    public static ReadOnlySpan<char> ExpressionsOf(string value) =>
        value.StartsWith(ExpressionMark) && value.IndexOf('|', StringComparison.Ordinal) is > 0 and var end ? value.AsSpan()[1..end] : "";

    /// <summary>The name of a route's choice among ingresses: of its key alone.</summary>
    public static string ChoiceOf(RouteKey route) => $"{ChoiceMark}{Digests.Sha256($"{route.Match} {route.Host} {route.Path}")[..16].ToLowerInvariant()}";

    /// <summary>Where the program finds what becomes of a request that an ingress takes from others of its key.</summary>
    private static MapKey? AlternativeOf(string choice, ObjectKey ingress) => new MapKey(MapName.Routes, $"{choice}/{ingress}/") is var entry && SafeText.IsKey(entry.Key) ? entry : null;

    public static bool IsAlternative(MapKey entry) => entry.Map == MapName.Routes && entry.Key.StartsWith(ChoiceMark);

    /// <summary>A route's value with others beside it, such as <c>@web_cart_http_1f0c2a9b||web/shop|@0a1b2c3d4e5f6071|5d41402abc4b2a76</c>.</summary>
    /// <param name="value">What it is without; empty where nobody takes the rest.</param>
    /// <param name="choice">See <see cref="ChoiceOf"/>.</param>
    /// <param name="id">Of what is asked of a request.</param>
    public static string WithChoice(string value, string choice, string id) => $"{ChoiceMark}{value}|{choice}|{id}";

    /// <summary>The id of what is asked of a request for a route that others stand beside; nothing for another.</summary>
    public static ReadOnlySpan<char> ChoiceIdOf(string value) =>
        SharedOf(value) is var shared && shared.StartsWith(ChoiceMark) && shared.LastIndexOf('|') is > 0 and var end ? shared[(end + 1)..] : "";

    public static bool IsSteered(string value) => IsSteered(PlainOf(value));

    /// <summary>The name of a steered route's choice; nothing for one that is not.</summary>
    public static ReadOnlySpan<char> SteerTextOf(string value)
    {
        var plain = PlainOf(value);
        return IsSteered(plain) ? plain[..Math.Max(0, plain.IndexOf('|'))] : "";
    }

    /// <summary>The id of a route's policy; nothing for one without.</summary>
    public static ReadOnlySpan<char> PolicyOf(string value) => PolicyOf(RouteOf(value));

    /// <summary>HAProxy's name of the backend that a route's value leads to; nothing for one that is steered.</summary>
    public static ReadOnlySpan<char> BackendOf(string value)
    {
        var plain = PlainOf(value);
        return IsSteered(plain) ? "" : plain[..Math.Max(0, plain.IndexOf('|'))];
    }

    /// <summary>Of the ingress; what comes before it may change without another meaning.</summary>
    public static ReadOnlySpan<char> IngressOf(string value)
    {
        var plain = PlainOf(value);
        return plain[(plain.LastIndexOf('|') + 1)..];
    }

    private static bool IsSteered(ReadOnlySpan<char> plain) => plain.StartsWith(SteerKey.Mark);

    private static ReadOnlySpan<char> PolicyOf(ReadOnlySpan<char> route)
    {
        if (!route.StartsWith(PolicyMark) || route.LastIndexOf('|') is not (> 0 and var end) || route[..end].LastIndexOf('|') is not (> 0 and var start))
            return "";
        return route[(start + 1)..end];
    }

    /// <summary>The same with another backend in it, of a value that leads to one.</summary>
    public static string WithBackend(string value, string backend)
    {
        var start = value.Length - SharedOf(value).Length;
        while (start < value.Length && value[start] is ChoiceMark or PolicyMark)
            start++;
        return value[..start] + backend + value[(start + BackendOf(value).Length)..];
    }

    /// <summary>As it would be without others of the same key.</summary>
    private static ReadOnlySpan<char> RouteOf(string value)
    {
        var shared = SharedOf(value);
        if (!shared.StartsWith(ChoiceMark) || shared.LastIndexOf('|') is not (> 0 and var end) || shared[..end].LastIndexOf('|') is not (> 0 and var start))
            return shared;
        return shared[1..start];
    }

    /// <summary>Without what is said of the host's expressions.</summary>
    private static ReadOnlySpan<char> SharedOf(string value)
    {
        if (!value.StartsWith(ExpressionMark))
            return value;
        var length = value.IndexOf('|', StringComparison.Ordinal);
        var route = length < 0 ? -1 : value.IndexOf('|', length + 1);
        return route < 0 ? "" : value.AsSpan(route + 1);
    }

    /// <summary>Also without mark, id and flags of a policy.</summary>
    private static ReadOnlySpan<char> PlainOf(string value)
    {
        var route = RouteOf(value);
        var policy = PolicyOf(route);
        return policy.IsEmpty ? route : route[1..(route.LastIndexOf('|') - policy.Length - 1)];
    }

    /// <summary>HAProxy's name of the backend that an entry leads to; nothing for one that leads to none.</summary>
    public static ReadOnlySpan<char> TargetOf(MapName map, string value) => map switch
    {
        MapName.Routes or MapName.Defaults => BackendOf(value),
        MapName.Shares or MapName.Next or MapName.Bound => value,
        _ => "",
    };

    /// <summary>The key of an entry of a choice: what it is of, then what is looked up.</summary>
    /// <param name="steer">Its text.</param>
    public static MapKey KeyOf(MapName map, string steer, string of) => new(map, $"{steer}/{of}");

    /// <summary>The choice that an entry belongs to.</summary>
    public static ReadOnlySpan<char> SteerOf(string key) => key.AsSpan()[..Math.Max(0, key.LastIndexOf('/'))];
}
