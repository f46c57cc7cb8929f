using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Client;

/// <summary>Where the API server serves a resource.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Plural">As in the path, such as endpointslices.</param>
public sealed record ResourcePath(string Group, string Version, string Plural, string Kind, bool Namespaced)
{
    public static readonly ResourcePath Ingresses = new("networking.k8s.io", "v1", "ingresses", "Ingress", Namespaced: true);
    public static readonly ResourcePath IngressClasses = new("networking.k8s.io", "v1", "ingressclasses", "IngressClass", Namespaced: false);
    public static readonly ResourcePath Services = new("", "v1", "services", "Service", Namespaced: true);
    public static readonly ResourcePath EndpointSlices = new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", Namespaced: true);
    public static readonly ResourcePath Secrets = new("", "v1", "secrets", "Secret", Namespaced: true);
    public static readonly ResourcePath Leases = new("coordination.k8s.io", "v1", "leases", "Lease", Namespaced: true);
    public static readonly ResourcePath Namespaces = new("", "v1", "namespaces", "Namespace", Namespaced: false);

    public static readonly ResourcePath ConfigMaps = new("", "v1", "configmaps", "ConfigMap", Namespaced: true);

    public static readonly ResourcePath Nodes = new("", "v1", "nodes", "Node", Namespaced: false);
    public static readonly ResourcePath Events = new("events.k8s.io", "v1", "events", "Event", Namespaced: true);
    public static readonly ResourcePath FederatedIngresses = new(FederationGroup, "v1alpha1", "federatedingresses", "FederatedIngress", Namespaced: true);
    public static readonly ResourcePath MemberClusters = new(FederationGroup, "v1alpha1", "memberclusters", "MemberCluster", Namespaced: false);

    public static readonly ResourcePath ReferenceGrants = new("gateway.networking.k8s.io", "v1beta1", "referencegrants", "ReferenceGrant", Namespaced: true);

    public static readonly ResourcePath Pods = new("", "v1", "pods", "Pod", Namespaced: true);

    /// <summary>Of our own kinds.</summary>
    public const string FederationGroup = "multicluster-ingress.github.io";

    /// <summary>The kinds that every member is read for.</summary>
    public static IReadOnlyList<ResourcePath> Watched { get; } = [IngressClasses, Ingresses, Services, EndpointSlices, Secrets];

    /// <summary>Served only where its CustomResourceDefinition is installed.</summary>
    public bool IsCustom => IsOurs || this == ReferenceGrants;

    /// <summary>It is installed with this program.</summary>
    public bool IsOurs => string.Equals(Group, FederationGroup, StringComparison.Ordinal);

    /// <summary>As RBAC rules and CustomResourceDefinitions name it, such as ingresses.networking.k8s.io.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public static ResourcePath Of(ResourceKind kind) => kind switch
    {
        ResourceKind.Ingress => Ingresses,
        ResourceKind.IngressClass => IngressClasses,
        ResourceKind.Service => Services,
        ResourceKind.EndpointSlice => EndpointSlices,
        ResourceKind.Secret => Secrets,
        ResourceKind.Node => Nodes,
        ResourceKind.FederatedIngress => FederatedIngresses,
        ResourceKind.MemberCluster => MemberClusters,
        ResourceKind.ConfigMap => ConfigMaps,
        ResourceKind.ReferenceGrant => ReferenceGrants,
        ResourceKind.Pod => Pods,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no path"),
    };

    /// <summary>The kind that apiVersion and kind of an object name; null when we don't read it.</summary>
    public static ResourceKind? KindOf(string apiVersion, string kind) => (apiVersion, kind) switch
    {
        ("networking.k8s.io/v1", "Ingress") => ResourceKind.Ingress,
        ("networking.k8s.io/v1", "IngressClass") => ResourceKind.IngressClass,
        ("v1", "Service") => ResourceKind.Service,
        ("discovery.k8s.io/v1", "EndpointSlice") => ResourceKind.EndpointSlice,
        ("v1", "Secret") => ResourceKind.Secret,
        ("v1", "Node") => ResourceKind.Node,
        ("v1", "ConfigMap") => ResourceKind.ConfigMap,
        ("v1", "Pod") => ResourceKind.Pod,
        ("gateway.networking.k8s.io/v1beta1", "ReferenceGrant") => ResourceKind.ReferenceGrant,
        ("multicluster-ingress.github.io/v1alpha1", "FederatedIngress") => ResourceKind.FederatedIngress,
        _ => null,
    };

    /// <summary>Relative to the server's address, without a leading slash.</summary>
    public string Collection(string? inNamespace) =>
        (Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}")
        + (Namespaced && !string.IsNullOrEmpty(inNamespace) ? $"/namespaces/{Uri.EscapeDataString(inNamespace)}/" : "/")
        + Plural;

    public string Item(ObjectKey key) => $"{Collection(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
}
