using System.Runtime.InteropServices;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Backends;

/// <summary>
/// The nodes that a Service is reached through: a bounded number, by rendezvous hash, so that a node that comes or goes moves at most one
/// place, and Services spread over all nodes.
/// </summary>
internal static class NodeChoice
{
    public const int MaxNodes = 32;

    /// <returns>Ordered by name.</returns>
    public static IEnumerable<NodeResource> Choose(ObjectKey service, IReadOnlyList<NodeResource> nodes) => nodes.Count <= MaxNodes
        ? nodes
        : nodes.OrderByDescending(node => Score(service, node.Key.Name)).ThenBy(static node => node.Key.Name, StringComparer.Ordinal)
            .Take(MaxNodes).OrderBy(static node => node.Key.Name, StringComparer.Ordinal);

    /// <summary>Names of the nodes that have a ready endpoint of a port, or any port when it is null.</summary>
    public static HashSet<string> Serving(EquatableArray<EndpointSliceResource> slices, string? portName)
    {
        var serving = new HashSet<string>(StringComparer.Ordinal);
        foreach (var slice in slices)
        {
            if (portName is not null && !slice.Ports.Any(port => string.Equals(port.Name, portName, StringComparison.Ordinal) && Protocols.IsTcp(port.Protocol)))
                continue;
            foreach (var endpoint in slice.Endpoints)
            {
                if (endpoint is { Ready: true, NodeName: { } node })
                    serving.Add(node);
            }
        }

        return serving;
    }

    /// <summary>FNV-1a with a final mix (SplitMix64's), the same in every process and version.</summary>
    private static ulong Score(ObjectKey service, string node)
    {
        var hash = Hash(Hash(Hash(14695981039346656037, service.Namespace), service.Name), node);
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }

    private static ulong Hash(ulong hash, string text)
    {
        foreach (var value in MemoryMarshal.AsBytes(text.AsSpan()))
            hash = (hash ^ value) * 1099511628211;
        return (hash ^ 0xFF) * 1099511628211;
    }
}
