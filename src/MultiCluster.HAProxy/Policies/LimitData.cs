using System.Globalization;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>How much a client may ask.</summary>
internal static class LimitData
{
    public static void Write(PolicyWriter writer, RoutePolicy policy)
    {
        var exempt = new List<(char Letter, HashSet<string> Keys)>();
        foreach (var limit in policy.RateLimits)
        {
            if (LetterOf(limit) is not { } letter)
            {
                writer.Close($"a rate limit by {limit.Period} has no table, so nobody gets in");
                continue;
            }

            var retryAfter = Math.Max(1, (long)limit.Period.TotalSeconds);
            writer.Flag(letter, string.Create(CultureInfo.InvariantCulture, $"{limit.Limit}|{limit.Status}|{retryAfter}"), "a rate limit");
            exempt.Add((letter, [.. Keys(writer, limit)]));
        }

        Exempt(writer, exempt);
        if (policy.MaxBodyBytes is { } bytes)
            writer.Flag(PolicyFlags.MaxBody, bytes.ToString(CultureInfo.InvariantCulture), "the size of bodies");
    }

    private static char? LetterOf(RateLimit limit)
    {
        if (limit.Kind == RateLimitKind.Connections)
            return PolicyFlags.Connections;
        for (var i = 0; i < RateLimit.Periods.Count; i++)
        {
            if (RateLimit.Periods[i] == limit.Period)
                return PolicyFlags.Period(i);
        }

        return null;
    }

    /// <summary>One lookup answers for all limits: a network's value has the letters of those that it, or a larger one, is exempt from.</summary>
    private static void Exempt(PolicyWriter writer, List<(char Letter, HashSet<string> Keys)> limits)
    {
        foreach (var key in limits.SelectMany(static limit => limit.Keys).Distinct(StringComparer.Ordinal))
        {
            writer.Flag(PolicyFlags.Exempt);
            writer.Network(PolicyFlags.Exempt, key, string.Concat(limits.Where(limit => Holds(limit.Keys, key)).Select(static limit => limit.Letter)));
        }
    }

    private static bool Holds(HashSet<string> keys, string key)
    {
        for (var length = 1; length <= key.Length; length++)
        {
            if (keys.Contains(key[..length]))
                return true;
        }

        return false;
    }

    private static IEnumerable<string> Keys(PolicyWriter writer, RateLimit limit)
    {
        foreach (var text in limit.Exempt)
        {
            if (NetworkKeys.Parse(text) is not { } network)
            {
                writer.Refuse($"\"{text}\" is no network");
                continue;
            }

            foreach (var key in NetworkKeys.Of(network))
                yield return key;
        }
    }
}
