using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Model.Members;

/// <summary>What a member's watcher says of the member itself.</summary>
/// <param name="State">As its registration says.</param>
/// <param name="IsStale">Its objects may be out of date.</param>
/// <param name="StaleReason">For people; empty when it is not stale.</param>
/// <param name="Held">What is held back since it looks like a loss, for people.</param>
public sealed record MemberWord(MemberName Member, EquatableMap Labels, MemberState State, bool IsStale, string StaleReason, EquatableArray<string> Held)
{
    /// <summary>See <see cref="MemberTraits.Origin"/>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>How much the member has when all is well, about; empty: this watcher can't say.</summary>
    public EquatableArray<KindCount> Footprint { get; init; } = [];

    /// <summary>What the ConfigMap of settings says, by full names; null: it is not read here, or can't be read now.</summary>
    public EquatableMap? Settings { get; init; }
}
