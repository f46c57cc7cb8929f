using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Backends;

/// <summary>How one Service of a member is reached.</summary>
internal static class ServiceReach
{
    /// <returns>Never <see cref="EndpointMode.Auto"/>.</returns>
    public static EndpointMode Of(EndpointMode mode, ServiceResource service) => mode switch
    {
        // Also while it has no address yet: its pods may have addresses that are others' here.
        EndpointMode.Auto when IsType(service, "LoadBalancer") => EndpointMode.LoadBalancer,
        EndpointMode.Auto when IsType(service, "NodePort") => EndpointMode.NodePort,
        EndpointMode.Auto => EndpointMode.PodIP,
        _ => mode,
    };

    /// <summary>External names are reached by their addresses, whatever the member's mode.</summary>
    public static bool UsesNodes(EndpointMode mode, ServiceResource? service) =>
        service is { IsExternalName: false } && Of(mode, service) == EndpointMode.NodePort;

    private static bool IsType(ServiceResource service, string type) => string.Equals(service.Type, type, StringComparison.Ordinal);
}
