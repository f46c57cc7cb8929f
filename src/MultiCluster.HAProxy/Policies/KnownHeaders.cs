using System.Globalization;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// Headers that people set often. Rules of HAProxy before 3.4 know headers by fixed names only: these have a rule each, all others are a script's
/// matter, which takes fifteen times as long. None of them is one that the program writes itself behind these rules, so that it makes no
/// difference when they are set.
/// </summary>
public static class KnownHeaders
{
    /// <summary>So many have their rules where all pass that have any; the rules of the others are out of the way.</summary>
    public const int Usual = 8;

    /// <summary>The field of a value where what the first is set to is.</summary>
    public const int FirstField = 5;

    /// <summary>The bit of what is left for the script.</summary>
    public const long Rest = 1;

    /// <summary>A value has them twice, and has to fit into a command.</summary>
    private const int MostText = 3000;

    public static readonly IReadOnlyList<string> OfRequests =
    [
        "x-request-id", "x-real-ip", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-script-name", "authorization", "x-forwarded-ssl",
        "x-scheme", "x-original-host", "x-api-key", "x-correlation-id", "x-tenant-id", "x-client-ip", "x-forwarded-server", "forwarded",
        "cache-control", "accept-encoding", "accept", "origin", "referer", "user-agent",
    ];

    public static readonly IReadOnlyList<string> OfResponses =
    [
        "x-frame-options", "x-content-type-options", "strict-transport-security", "content-security-policy", "referrer-policy", "cache-control",
        "permissions-policy", "x-xss-protection",
        "access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers", "access-control-allow-credentials",
        "access-control-expose-headers", "access-control-max-age", "server", "pragma", "expires", "x-robots-tag", "cross-origin-opener-policy",
        "cross-origin-embedder-policy", "cross-origin-resource-policy", "x-permitted-cross-domain-policies",
    ];

    public static long BitOf(int place) => 2L << place;

    /// <summary>
    /// Divided by '|': bits of the known headers that are set, what is left for the script, what each known one is set to, and last the lists of all
    /// changes, which newer versions take.
    /// </summary>
    /// <returns>The value, and whether the first of the known headers are all there is.</returns>
    public static (string Value, bool IsUsual) Write(HeaderList list, IReadOnlyList<string> known)
    {
        var values = known.Select(name => list.SetTo(name) is { Length: > 0 } value ? PolicyWriter.Text(value) : "").ToList();
        var last = values.FindLastIndex(static value => value.Length > 0);
        if (last < 0 || values.Sum(static value => value.Length) > MostText)
            return (string.Create(CultureInfo.InvariantCulture, $"{Rest}|{list.ToText()}"), false);
        var rest = list.Without([.. known.Where((_, i) => values[i].Length > 0)]);
        var bits = Enumerable.Range(0, values.Count).Where(i => values[i].Length > 0).Aggregate(rest.IsEmpty ? 0 : Rest, static (bits, i) => bits | BitOf(i));
        return (string.Create(CultureInfo.InvariantCulture, $"{bits}|{rest.ToText()}|{string.Join('|', values[..(last + 1)])}|{list.ToText()}"), rest.IsEmpty && last < Usual);
    }
}
