using System.Collections.Immutable;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Client;

/// <summary>coordination.k8s.io/v1 Lease.</summary>
/// <param name="Meta">Uid and resource version are empty in one that is yet to be created.</param>
public sealed record LeaseObject(ObjectMeta Meta)
{
    public LeaseSpec Spec { get; init; } = LeaseSpec.Empty;
}

/// <summary>What `kubectl get leases` shows; null is absent.</summary>
/// <param name="LeaseDurationSeconds">Above 0.</param>
/// <param name="RenewTime">Kept to the microsecond.</param>
public sealed record LeaseSpec(string? HolderIdentity, int? LeaseDurationSeconds, DateTimeOffset? RenewTime, int? LeaseTransitions)
{
    public static readonly LeaseSpec Empty = new(null, null, null, null);
}

/// <summary>All that a selector fits, as of one moment.</summary>
/// <param name="Problems">Objects that can't be named, and so can't be used.</param>
public sealed record LeaseList(ImmutableArray<LeaseObject> Items, ImmutableArray<string> Problems);
