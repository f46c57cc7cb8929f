using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>What the copies of one Ingress come to.</summary>
/// <param name="Fragment">Null when no member has the Ingress or a FederatedIngress for it.</param>
/// <param name="Ranks">To be recorded, and given to the next merge; sorted by member.</param>
/// <param name="NextChange">When time alone may next change the outcome; null for never.</param>
public sealed record IngressMerge(Fragment.Ingress? Fragment, EquatableArray<RecordedRank> Ranks, DateTimeOffset? NextChange)
{
    public static readonly IngressMerge Nothing = new(null, [], null);

    /// <summary>The member whose FederatedIngress is meant by <see cref="FederatedConditions"/>.</summary>
    public MemberName? Home { get; init; }

    /// <summary>Of the FederatedIngress itself; empty when there is none.</summary>
    public EquatableArray<Condition> FederatedConditions { get; init; } = [];
}
