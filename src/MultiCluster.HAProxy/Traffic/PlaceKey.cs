using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>What makes a group of a member's endpoints one of a policy's.</summary>
public readonly record struct GroupKind(BackendProfile Profile, TrafficDistribution Distribution = TrafficDistribution.None, LocalityTier Tier = LocalityTier.Any)
{
    private static readonly (TrafficDistribution Distribution, LocalityTier Tier, string Name)[] Places =
    [
        (TrafficDistribution.PreferSameZone, LocalityTier.Zone, "zone"),
        (TrafficDistribution.PreferSameZone, LocalityTier.Region, "zone-region"),
        (TrafficDistribution.PreferSameZone, LocalityTier.Other, "zone-other"),
        (TrafficDistribution.PreferSameZone, LocalityTier.Unknown, "zone-unknown"),
        (TrafficDistribution.PreferSameRegion, LocalityTier.Region, "region"),
        (TrafficDistribution.PreferSameRegion, LocalityTier.Other, "region-other"),
        (TrafficDistribution.PreferSameRegion, LocalityTier.Unknown, "region-unknown"),
    ];

    private const string PodsWord = "pods:";

    /// <summary>Only pods that have it; null: all of the member's.</summary>
    public PodLabel? Pods { get; init; }

    /// <summary>Such as <c>rr</c>, <c>lc-cookie|zone-other</c> or <c>rr|pods:group:blue</c>.</summary>
    public override string ToString()
    {
        var (distribution, tier) = (Distribution, Tier);
        var place = Array.Find(Places, place => place.Distribution == distribution && place.Tier == tier).Name;
        return $"{Profile.Name}{(place is null ? "" : $"|{place}")}{(Pods is { } pods ? $"|{PodsWord}{pods.Key}:{pods.Value}" : "")}";
    }

    public static GroupKind? Parse(string text)
    {
        var words = text.Split('|');
        if (words.Length > 1 && words[^1].StartsWith(PodsWord, StringComparison.Ordinal))
        {
            return words[^1][PodsWord.Length..].Split(':') is [var key, var value] && PodLabel.IsKey(key) && PodLabel.IsValue(value) && Parse(string.Join('|', words[..^1])) is { Pods: null } kind
                ? kind with { Pods = new PodLabel(key, value) }
                : null;
        }

        if (words.Length > 2 || BackendProfile.Parse(words[0]) is not { } profile)
            return null;
        if (words.Length == 1)
            return new GroupKind(profile);
        var place = Array.Find(Places, place => string.Equals(place.Name, words[1], StringComparison.Ordinal));
        return place.Name is null ? null : new GroupKind(profile, place.Distribution, place.Tier);
    }
}

/// <summary>
/// Identity of an HAProxy backend: all endpoints of a Service's port in some members, or, where a policy chooses among them, a group
/// of one member's.
/// </summary>
/// <param name="Backend">Of a group: with one member.</param>
/// <param name="Group">Null for routes that no traffic policy steers.</param>
/// <param name="Variant">Null for servers that are used as the program does. Of a group: with its profile.</param>
public sealed record PlaceKey(BackendKey Backend, GroupKind? Group = null, PlaceVariant? Variant = null)
{
    public BackendProfile Profile => Variant?.Profile ?? Group?.Profile ?? default;

    /// <summary>Of a group.</summary>
    public MemberName Member => Backend.Members[0];

    public static PlaceKey OfGroup(BackendRef reference, MemberName member, GroupKind kind, PlaceVariant? variant = null) =>
        new(new BackendKey(reference, [member]), kind, variant);

    /// <summary>
    /// Such as <c>web/cart:http@aws,gcp</c>, or <c>web/cart:http@aws|rr|zone</c> for a group; with how servers are used behind it, such as
    /// <c>web/cart:http@aws,gcp|~hash|src|maxconn:20</c>.
    /// </summary>
    public override string ToString() => $"{Backend}{(Group is { } group ? $"|{group}" : "")}{(Variant is null ? "" : $"|{PlaceVariant.Mark}{Variant}")}";
}
