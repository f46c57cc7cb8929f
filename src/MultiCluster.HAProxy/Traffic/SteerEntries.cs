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
        AddShares(steer, entries);
        AddRing(steer, entries);
        if (steer.Policy.SessionAffinity)
            AddSessions(steer, sessionKey, entries);
        return entries;
    }

    private static void AddShares(Steer steer, Dictionary<MapKey, string> entries)
    {
        // In an order of their own, so that another weight moves no more borders than it must.
        var groups = steer.Groups.OrderBy(static group => group.Member).ThenBy(static group => group.Tier).ToList();
        var draws = Draws.Apportion(groups.ConvertAll(static group => group.Share));
        var from = 0;
        for (var i = 0; i < groups.Count; i++)
        {
            foreach (var prefix in Draws.Prefixes(from, from + draws[i]))
                entries[RouteMaps.KeyOf(MapName.Shares, steer.Key, prefix)] = groups[i].Backend.Name!;
            from += draws[i];
        }
    }

    /// <summary>From each group that may be chosen to the next by preference, and from the last to the first.</summary>
    private static void AddRing(Steer steer, Dictionary<MapKey, string> entries)
    {
        var ring = steer.Groups.Where(static group => group.Weight > 0 && group.Backend.Name is not null).Select(static group => group.Backend.Name!).ToList();
        for (var i = 0; i < ring.Count && ring.Count > 1; i++)
            entries[RouteMaps.KeyOf(MapName.Next, steer.Key, ring[i])] = ring[(i + 1) % ring.Count];
    }

    /// <summary>Also of groups that get no new sessions: those that are bound to them go on.</summary>
    private static void AddSessions(Steer steer, string sessionKey, Dictionary<MapKey, string> entries)
    {
        foreach (var group in steer.Groups)
        {
            if (group.Backend.Name is not { } name || group.State == MemberState.Disabled)
                continue;
            var token = Token(group, sessionKey);
            entries[RouteMaps.KeyOf(MapName.Tokens, steer.Key, name)] = token;
            entries[RouteMaps.KeyOf(MapName.Bound, steer.Key, token)] = name;
        }
    }

    /// <summary>The same on all proxies and whatever HAProxy calls the group.</summary>
    private static string Token(SteeredGroup group, string sessionKey) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(sessionKey), Encoding.UTF8.GetBytes($"{group.Member}|{group.Tier}")).AsSpan(0, 6));
}
