using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Client;

/// <summary>Which kinds members are read for.</summary>
public static class WatchedKinds
{
    /// <summary>Of every member.</summary>
    public static IReadOnlyList<ResourceKind> Always { get; } =
        [ResourceKind.IngressClass, ResourceKind.Ingress, ResourceKind.Service, ResourceKind.EndpointSlice, ResourceKind.Secret];

    /// <param name="nodes">Where Services may be reached by NodePort.</param>
    /// <param name="federatedIngresses">In the home cluster.</param>
    /// <param name="grants">For Secrets of other namespaces.</param>
    /// <param name="pods">Where labels of pods are read.</param>
    public static IReadOnlyList<ResourceKind> With(bool nodes, bool federatedIngresses, bool grants = false, bool pods = false) =>
    [
        .. Always,
        .. nodes ? [ResourceKind.Node] : Array.Empty<ResourceKind>(),
        .. grants ? [ResourceKind.ReferenceGrant] : Array.Empty<ResourceKind>(),
        .. pods ? [ResourceKind.Pod] : Array.Empty<ResourceKind>(),
        .. federatedIngresses ? [ResourceKind.FederatedIngress] : Array.Empty<ResourceKind>(),
    ];

    /// <param name="configMaps">Those that are wanted.</param>
    internal static IReadOnlyList<ResourceKind> With(IReadOnlyList<ResourceKind> kinds, IReadOnlyList<ObjectKey> configMaps) =>
        configMaps.Count == 0 ? kinds : [.. kinds, ResourceKind.ConfigMap];
}
