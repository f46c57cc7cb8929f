using System.Globalization;
using MultiCluster.Model.Identity;

namespace MultiCluster.Model.Routing;

public enum PathMatch
{
    /// <summary>Equal paths.</summary>
    Exact,

    /// <summary>Whole path elements, as pathType Prefix of networking.k8s.io/v1.</summary>
    Prefix,

    /// <summary>defaultBackend: what no rule of any host matched.</summary>
    Default,

    /// <summary>A beginning of the path, also within an element, in upper and lower case.</summary>
    Begin,

    /// <summary>A regular expression that matches where the path begins.</summary>
    Regex,

    /// <summary>As <see cref="Regex"/>, in upper and lower case.</summary>
    RegexAnyCase,
}

/// <summary>
/// What a route matches, in normal form: equal keys match the same requests, so equal keys of two Ingresses compete.
/// </summary>
/// <param name="Host">Lower case; empty for every host; "*.rest" for exactly one label before rest.</param>
/// <param name="Path">Percent-decoded; for Prefix without a trailing slash (so "/" is ""); empty for Default; as written for what is matched by an expression.</param>
public readonly record struct RouteKey(string Host, string Path, PathMatch Match) : IComparable<RouteKey>
{
    public const string AnyHost = "";

    /// <summary>First in the host of a fallback, before namespace and name of the ingress.</summary>
    public const char FallbackMark = '!';

    /// <summary>Every connection to a port of the proxies: no host has a ':' in it.</summary>
    public static RouteKey OfPort(int port) => new(string.Create(CultureInfo.InvariantCulture, $":{port}"), "", PathMatch.Default);

    /// <summary>Of connections to a port, whatever they carry; null of requests.</summary>
    public int? Port => Host.StartsWith(':') && Path.Length == 0 && Match == PathMatch.Default
        && int.TryParse(Host.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 && this == OfPort(port) ? port : null;

    /// <summary>Where requests of an ingress go while what its rules name has no endpoint: no host has a '!' in it.</summary>
    public static RouteKey OfFallback(ObjectKey ingress) => new($"{FallbackMark}{ingress}", "", PathMatch.Default);

    /// <summary>No request asks for it: other routes lead to it.</summary>
    public bool IsFallback => Host.StartsWith(FallbackMark) && Path.Length == 0 && Match == PathMatch.Default;

    /// <summary>Of an alternative: the ingress whose it is. Null otherwise, and in all that is published.</summary>
    public ObjectKey? Taker { get; init; }

    public bool IsWildcardHost => Host.StartsWith("*.", StringComparison.Ordinal);

    /// <summary>Matched by a <see cref="PathExpression"/>.</summary>
    public bool IsExpression => Match is PathMatch.Begin or PathMatch.Regex or PathMatch.RegexAnyCase;

    /// <summary>Of a Prefix as it is written, to be compared with an expression's rank.</summary>
    public int PathLength => Math.Max(1, Path.Length);

    public int CompareTo(RouteKey other)
    {
        var byHost = string.CompareOrdinal(Host, other.Host);
        if (byHost != 0)
            return byHost;
        var byPath = string.CompareOrdinal(Path, other.Path);
        if (byPath != 0)
            return byPath;
        var byMatch = Match.CompareTo(other.Match);
        return byMatch != 0 ? byMatch : Nullable.Compare(Taker, other.Taker);
    }

    /// <summary>For people, such as <c>shop.example/cart (Prefix)</c>.</summary>
    public override string ToString() => IsFallback ? $"default backend of {Host[1..]}" : Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"TCP port {port}") : $"{(Host.Length == 0 ? "*" : Host)}{(Path.Length == 0 ? "/" : Path)} ({Match}){(Taker is { } taker ? $" of {taker}" : "")}";

    public static bool operator <(RouteKey left, RouteKey right) => left.CompareTo(right) < 0;

    public static bool operator >(RouteKey left, RouteKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(RouteKey left, RouteKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RouteKey left, RouteKey right) => left.CompareTo(right) >= 0;
}
