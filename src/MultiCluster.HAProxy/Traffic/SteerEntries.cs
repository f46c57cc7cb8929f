using System.Security.Cryptography;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>What the program looks up to choose: entries of a steered route in the maps.</summary>
internal static class SteerEntries
{
    public static Dictionary<MapKey, string> Of(Steer steer, string sessionKey)
    {
        var entries = new Dictionary<MapKey, string>();
        AddChoice(steer, steer.Key.Text, steer.Groups, sessionKey, entries);
        foreach (var (pods, groups) in steer.Named)
            AddChoice(steer, steer.Key.TextOf(pods), groups, sessionKey, entries);
        return entries;
    }

    private static void AddChoice(Steer steer, string text, IReadOnlyList<SteeredGroup> groups, string sessionKey, Dictionary<MapKey, string> entries)
    {
        AddShares(text, groups, entries);
        AddRing(text, groups, entries);
        if (steer.Policy.SessionAffinity)
            AddSessions(text, groups, sessionKey, entries);
    }

    private static void AddShares(string text, IReadOnlyList<SteeredGroup> groups, Dictionary<MapKey, string> entries)
    {
        // In an order of their own, so that another weight moves no more borders than it must.
        var ordered = groups.OrderBy(static group => group.Member).ThenBy(static group => group.Tier)
            .ThenBy(static group => group.Pods?.Key, StringComparer.Ordinal).ThenBy(static group => group.Pods?.Value, StringComparer.Ordinal).ToList();
        var draws = Draws.Apportion(ordered.ConvertAll(static group => group.Share));
        var from = 0;
        for (var i = 0; i < ordered.Count; i++)
        {
            foreach (var prefix in Draws.Prefixes(from, from + draws[i]))
                entries[RouteMaps.KeyOf(MapName.Shares, text, prefix)] = ordered[i].Backend.Name!;
            from += draws[i];
        }
    }

    /// <summary>From each group that may be chosen to the next by preference, and from the last to the first.</summary>
    private static void AddRing(string text, IReadOnlyList<SteeredGroup> groups, Dictionary<MapKey, string> entries)
    {
        var ring = groups.Where(static group => group.Weight > 0 && group.Backend.Name is not null).Select(static group => group.Backend.Name!).ToList();
        for (var i = 0; i < ring.Count && ring.Count > 1; i++)
            entries[RouteMaps.KeyOf(MapName.Next, text, ring[i])] = ring[(i + 1) % ring.Count];
    }

    /// <summary>Also of groups that get no new sessions: those that are bound to them go on.</summary>
    private static void AddSessions(string text, IReadOnlyList<SteeredGroup> groups, string sessionKey, Dictionary<MapKey, string> entries)
    {
        foreach (var group in groups)
        {
            if (group.Backend.Name is not { } name || group.State == MemberState.Disabled)
                continue;
            var token = Token(group, sessionKey);
            entries[RouteMaps.KeyOf(MapName.Tokens, text, name)] = token;
            entries[RouteMaps.KeyOf(MapName.Bound, text, token)] = name;
        }
    }

    /// <summary>The same on all proxies and whatever HAProxy calls the group.</summary>
    private static string Token(SteeredGroup group, string sessionKey)
    {
        var text = $"{group.Member}|{group.Tier}{(group.Pods is { } pods ? $"|{pods.Key}={pods.Value}" : "")}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(sessionKey), Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
    }
}
