using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Ingresses;

public enum FederationMode
{
    /// <summary>Copies are merged unless they opt out.</summary>
    All,

    /// <summary>Only copies that opt in are merged.</summary>
    Annotated,
}

/// <summary>Why, and for how long, a member's objects may have been out of date.</summary>
/// <param name="Reason"><see cref="Model.Conditions.Reasons.Unreachable"/> or <see cref="Model.Conditions.Reasons.MassShrink"/>.</param>
public sealed record StaleMember(string Reason, TimeSpan For);

/// <summary>What a merge needs to know besides the copies.</summary>
public sealed record FederationContext
{
    public static readonly FederationContext Default = new();

    public FederationMode Mode { get; init; }

    /// <summary>Every member there is; empty when nobody knows, and then no name is taken for unknown.</summary>
    public IReadOnlyDictionary<MemberName, MemberTraits> Members { get; init; } = new Dictionary<MemberName, MemberTraits>();

    public IReadOnlyDictionary<MemberName, StaleMember> Stale { get; init; } = new Dictionary<MemberName, StaleMember>();

    /// <summary>What counts where no copy says otherwise.</summary>
    public IngressDefaults Defaults { get; init; } = IngressDefaults.None;

    internal bool IsRemoved(MemberName member) => Members.TryGetValue(member, out var traits) && traits.IsRemoved;

    /// <summary>Null when nobody knows.</summary>
    internal IReadOnlySet<MemberName>? Known() => Members.Count == 0
        ? null
        : Members.Where(static item => !item.Value.IsRemoved).Select(static item => item.Key).ToHashSet();
}
