using MultiCluster.Model.Members;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Backends;

/// <summary>How many endpoints a Service has, whether or not they take traffic.</summary>
public static class EndpointCounts
{
    /// <summary>Pods of the Service in that member, each once however many slices and address families list it; null where it is not reached by its pods.</summary>
    public static int? Pods(ServiceCopy copy)
    {
        if (copy.Service is not { IsExternalName: false } service || ServiceReach.Of(copy.Access.Mode, service) != EndpointMode.PodIP)
            return null;
        var pods = new HashSet<string>(StringComparer.Ordinal);
        foreach (var slice in copy.Slices)
        {
            foreach (var endpoint in slice.Endpoints)
            {
                if (endpoint.PodName is { Length: > 0 } pod)
                    pods.Add(pod);
                else if (!endpoint.Addresses.IsEmpty)
                    pods.Add(endpoint.Addresses[0]);
            }
        }

        return pods.Count;
    }
}
