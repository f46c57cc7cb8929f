using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>How near endpoints are to the proxy; the nearest come first.</summary>
public enum LocalityTier
{
    /// <summary>Nobody asks: the policy prefers no place.</summary>
    Any,
    Zone,
    Region,
    Other,
    Unknown,
}

/// <summary>Where a proxy stands; empty where nobody said.</summary>
public sealed record ProxyLocality(string Region = "", string Zone = "")
{
    public static readonly ProxyLocality Unknown = new();

    /// <summary>
    /// Zones are compared within one region: two providers may both have a zone "a". A proxy that does not know its own place sees
    /// all endpoints alike, so that nothing is preferred.
    /// </summary>
    /// <param name="zone">Of the endpoint; empty: its member's counts.</param>
    public LocalityTier TierOf(TrafficDistribution distribution, MemberTraits member, string zone)
    {
        if (distribution == TrafficDistribution.None)
            return LocalityTier.Any;
        if (zone.Length == 0)
            zone = member.Zone;
        var prefersZone = distribution == TrafficDistribution.PreferSameZone;
        var sameRegion = Same(Region, member.Region);
        if (prefersZone && Same(Zone, zone) && (sameRegion || Region.Length == 0 || member.Region.Length == 0))
            return LocalityTier.Zone;
        if (sameRegion)
            return LocalityTier.Region;
        var isKnown = member.Region.Length > 0 || (prefersZone && zone.Length > 0);
        return isKnown ? LocalityTier.Other : LocalityTier.Unknown;
    }

    private static bool Same(string ours, string theirs) => ours.Length > 0 && string.Equals(ours, theirs, StringComparison.Ordinal);
}
