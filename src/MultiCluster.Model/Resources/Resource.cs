using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Model.Resources;

public enum ResourceKind
{
    Ingress,
    IngressClass,
    Service,
    EndpointSlice,
    Secret,

    /// <summary>Read only where Services are reached by NodePort.</summary>
    Node,

    /// <summary>Read only from the home cluster.</summary>
    FederatedIngress,

    /// <summary>Read only from the home cluster, to find members: no member reports it.</summary>
    MemberCluster,

    /// <summary>Read only those that the configuration names.</summary>
    ConfigMap,

    /// <summary>There where the Gateway API is installed.</summary>
    ReferenceGrant,

    /// <summary>Metadata alone, and only where the configuration names labels of pods.</summary>
    Pod,
}

/// <summary>The part of metav1.ObjectMeta that is read.</summary>
public sealed record ObjectMeta(ObjectKey Key)
{
    public string Uid { get; init; } = "";

    /// <summary>Opaque; empty for objects read from files.</summary>
    public string ResourceVersion { get; init; } = "";

    public long Generation { get; init; }

    /// <summary>Null when the source gives none: an API server always does, files seldom do.</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    public EquatableMap Labels { get; init; } = EquatableMap.Empty;

    public EquatableMap Annotations { get; init; } = EquatableMap.Empty;
}

/// <summary>
/// A Kubernetes object reduced to what routing needs. Strings are as the user wrote them: nothing in here is
/// validated, so everything in here is untrusted.
/// </summary>
public abstract record Resource(ObjectMeta Meta)
{
    public abstract ResourceKind Kind { get; }

    public ObjectKey Key => Meta.Key;

    /// <summary>What is wrong with the object's shape (a field of the wrong type, say); null when it decoded.</summary>
    public string? DecodeError { get; init; }
}
