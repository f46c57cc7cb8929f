using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Model.Members;

/// <summary>
/// One member's copy of an Ingress with all that it refers to in that member, so that its owner can judge it without
/// asking anyone.
/// </summary>
/// <param name="Class">How the member's IngressClasses see it.</param>
/// <param name="Secrets">The TLS Secrets that its spec names; a name that is absent here does not exist in the member.</param>
/// <param name="Services">The Services it names; a name that is absent here does not exist in the member.</param>
public sealed record IngressCopy(
    MemberName Member,
    IngressResource Ingress,
    ClassVerdict Class,
    EquatableArray<TlsSecretResource> Secrets,
    EquatableArray<ServiceResource> Services)
{
    /// <summary>
    /// The FederatedIngress of that key, from the home cluster. With a template <see cref="Ingress"/> is made of that.
    /// </summary>
    public FederatedIngressResource? Federated { get; init; }

    /// <summary>False: the member has the FederatedIngress alone, and <see cref="Ingress"/> is a blank one of its key.</summary>
    public bool HasIngress { get; init; } = true;

    /// <summary>
    /// The Secrets, of any type, that its annotations and those of its Services name and that are of its namespace or <see cref="Granted"/>, ordered
    /// by key; their metadata are their keys alone. A name that is absent here does not exist in the member.
    /// </summary>
    public EquatableArray<DataSecretResource> AnnotationSecrets { get; init; } = [];

    /// <summary>
    /// False: Secrets can't be read, so that one which is absent here may well exist. Owners then keep those that an earlier copy had.
    /// </summary>
    public bool KnowsSecrets { get; init; } = true;

    /// <summary>It is no Ingress of the member but says what certificate names get that no other has; see <see cref="Routing.TlsClaim.AnyHost"/>.</summary>
    public bool IsDefaultCertificate { get; init; }

    /// <summary>The member has an Ingress of its key, too, which does not count: the name is that of the word on the default certificate.</summary>
    public bool HidesIngress { get; init; }

    /// <summary>Secrets of other namespaces that its annotations name, and that a grant of theirs lets it use; ordered.</summary>
    public EquatableArray<ObjectKey> Granted { get; init; } = [];

    /// <summary>Keys of the labels of pods that are read in the member.</summary>
    public EquatableArray<string> PodLabels { get; init; } = [];

    /// <summary>What the IngressClass says for all its Ingresses; null: nothing.</summary>
    public ClassParameters? Parameters { get; init; }
}

/// <summary>The parameters of an IngressClass.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Settings">By full names of annotations, good or not.</param>
/// <param name="IsRead">False: they can't be read now or are gone, so that owners keep those that they had, which may guard routes.</param>
/// <param name="Missing">Why there are none, and the fix; continues the class. Null when there are.</param>
/// <param name="Problems">Keys that can't count, each with the ConfigMap, the key and the fix.</param>
public sealed record ClassParameters(string Class, EquatableMap Settings, bool IsRead, string? Missing, EquatableArray<string> Problems);

/// <summary>One member's copy of a Service with its EndpointSlices, ordered by name.</summary>
public sealed record ServiceCopy(MemberName Member, ServiceResource? Service, EquatableArray<EndpointSliceResource> Slices)
{
    public EndpointAccess Access { get; init; } = EndpointAccess.Default;

    /// <summary>Those that take traffic, ordered by name; empty where the Service is not reached by NodePort.</summary>
    public EquatableArray<NodeResource> Nodes { get; init; } = [];
}

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
