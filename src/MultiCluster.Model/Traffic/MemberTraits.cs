using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Traffic;

/// <summary>What proxies and owners need to know of a member besides its objects.</summary>
/// <param name="State">As operators, its MemberCluster or the configuration say.</param>
public sealed record MemberTraits(MemberState State)
{
    /// <summary>Well-known label of nodes; here of whole members.</summary>
    public const string RegionLabel = "topology.kubernetes.io/region";

    public const string ZoneLabel = "topology.kubernetes.io/zone";

    public static readonly MemberTraits Default = new(MemberState.Active);

    public EquatableMap Labels { get; init; } = EquatableMap.Empty;

    /// <summary>Its objects may be out of date: it can't be read, or holds back what looks like a loss. Its endpoints are to be checked.</summary>
    public bool IsStale { get; init; }

    /// <summary>One of <see cref="Conditions.Reasons"/>; empty when it is not stale.</summary>
    public string StaleReason { get; init; } = "";

    /// <summary>An operator has taken it out for good: what it had is gone.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Which registration this is about: one of the same name that was made anew has another. Empty when it has no identity.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Settings for all Ingresses and proxies that are kept in this member, by full names of annotations; of the home cluster alone.</summary>
    public EquatableMap Settings { get; init; } = EquatableMap.Empty;

    /// <summary>Empty when nobody said.</summary>
    public string Region => Labels.Find(RegionLabel) ?? "";

    /// <summary>Of endpoints that name none themselves; empty when nobody said.</summary>
    public string Zone => Labels.Find(ZoneLabel) ?? "";
}
