using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Model.Members;

/// <summary>
/// One member's copy of an Ingress with all that it refers to in that member, so that its owner can judge it without
/// asking anyone.
/// </summary>
/// <param name="Class">How the member's IngressClasses see it.</param>
/// <param name="Secrets">The TLS Secrets it names; a name that is absent here does not exist in the member.</param>
/// <param name="Services">The Services it names; a name that is absent here does not exist in the member.</param>
public sealed record IngressCopy(
    MemberName Member,
    IngressResource Ingress,
    ClassVerdict Class,
    EquatableArray<TlsSecretResource> Secrets,
    EquatableArray<ServiceResource> Services);

/// <summary>One member's copy of a Service with its EndpointSlices, ordered by name.</summary>
public sealed record ServiceCopy(MemberName Member, ServiceResource? Service, EquatableArray<EndpointSliceResource> Slices);

public enum ClassVerdict
{
    /// <summary>Its class (named, annotated or default) is one of ours.</summary>
    Ours,

    /// <summary>Its class belongs to another controller, or it has none and ours is not the default.</summary>
    Foreign,

    /// <summary>It names a class that the member does not have.</summary>
    Missing,

    /// <summary>spec.ingressClassName and the old annotation contradict each other.</summary>
    Contradictory,
}
