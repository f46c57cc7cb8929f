using System.Buffers;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Backends;

/// <summary>
/// The endpoints of one Service port in one member that take traffic: the ready ones or, when there are none, those that
/// still serve while they terminate (KEP-1669), so that the last pod of a rollout isn't dropped early.
/// </summary>
internal sealed class EndpointSelection(AddressReader addresses)
{
    private static readonly SearchValues<char> LabelChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./");

    private readonly Dictionary<(string Address, int Port), BackendEndpoint> _ready = [];
    private readonly Dictionary<(string Address, int Port), BackendEndpoint> _draining = [];
    private readonly Dictionary<(string Address, int Port), BackendEndpoint> _unready = [];

    /// <summary>Pods with an address of the preferred family, in whatever state: slices of the two families change one after the other.</summary>
    private readonly HashSet<string> _preferred = new(StringComparer.Ordinal);

    public void Add(EndpointSliceResource slice, string portName)
    {
        foreach (var port in slice.Ports)
        {
            if (port.Number is not (>= 1 and <= 65535) || !Protocols.IsTcp(port.Protocol)
                || !string.Equals(port.Name, portName, StringComparison.Ordinal))
                continue;
            foreach (var endpoint in slice.Endpoints)
                Add(endpoint, port.Number.Value);
        }
    }

    public EquatableArray<BackendEndpoint> Select()
    {
        var ready = Wanted(_ready);
        return Sorted(ready.Length > 0 ? ready : Wanted(_draining));
    }

    /// <summary>
    /// How many might be among the ready ones and are not, by zone: without those that terminate, which nobody misses, and those that another
    /// slice calls ready.
    /// </summary>
    public EquatableArray<UnreadyEndpoints> CountUnready() => _unready.Count == 0 ? [] :
    [
        .. _unready.Where(item => !_ready.ContainsKey(item.Key) && !_draining.ContainsKey(item.Key) && IsWanted(item.Value))
            .GroupBy(static item => item.Value.Zone, StringComparer.Ordinal)
            .Select(static zone => new UnreadyEndpoints(zone.Key, zone.Count()))
            .OrderBy(static zone => zone.Zone, StringComparer.Ordinal),
    ];

    private BackendEndpoint[] Wanted(Dictionary<(string Address, int Port), BackendEndpoint> endpoints) =>
        endpoints.Count == 0 ? [] : [.. endpoints.Values.Where(IsWanted)];

    /// <summary>No two have the same address and port.</summary>
    private static EquatableArray<BackendEndpoint> Sorted(BackendEndpoint[] endpoints)
    {
        Array.Sort(endpoints, static (left, right) =>
            string.CompareOrdinal(left.Address, right.Address) is var order and not 0 ? order : left.Port.CompareTo(right.Port));
        return EquatableArray.Of(endpoints);
    }

    /// <summary>A dual-stack Service lists each pod in a slice of either family: twice the pod would be twice its share.</summary>
    private bool IsWanted(BackendEndpoint endpoint) => addresses.IsPreferred(endpoint.Address) || !_preferred.Contains(endpoint.Pod);

    private void Add(Endpoint endpoint, int port)
    {
        var target = endpoint switch
        {
            { Ready: true } => _ready,
            { Terminating: false } => _unready,
            { Serving: true } => _draining,
            _ => null,
        };
        var pod = PodOf(endpoint);
        foreach (var text in endpoint.Addresses)
        {
            if (addresses.Read(text) is not { } address)
                continue;
            if (pod.Length > 0 && addresses.IsPreferred(address))
                _preferred.Add(pod);
            if (target is not null)
                AddOnce(target, new BackendEndpoint(address, port, pod, NodeOf(endpoint), ZoneOf(endpoint)) { Labels = endpoint.PodLabels });
        }
    }

    /// <summary>A pod that moves between slices is in both for a moment: the order of slices must not show.</summary>
    private static void AddOnce(Dictionary<(string Address, int Port), BackendEndpoint> target, BackendEndpoint endpoint)
    {
        var key = (endpoint.Address, endpoint.Port);
        if (!target.TryGetValue(key, out var known) || Describe(endpoint).CompareTo(Describe(known)) < 0)
            target[key] = endpoint;
    }

    private static ObjectKey Describe(BackendEndpoint endpoint) => new(endpoint.Pod, $"{endpoint.Node} {endpoint.Zone}");

    /// <summary>Names end up in logs, metrics and server names, so what isn't a name is left out.</summary>
    private static string PodOf(Endpoint endpoint) => DnsNames.IsSubdomain(endpoint.PodName) ? endpoint.PodName! : "";

    private static string NodeOf(Endpoint endpoint) => DnsNames.IsSubdomain(endpoint.NodeName) ? endpoint.NodeName! : "";

    private static string ZoneOf(Endpoint endpoint) => IsLabelValue(endpoint.Zone) ? endpoint.Zone! : "";

    internal static bool IsLabelValue(string? text) =>
        text is { Length: > 0 and <= 63 } && !text.AsSpan().ContainsAnyExcept(LabelChars);
}

internal static class Protocols
{
    /// <summary>TCP is the default where the field is empty.</summary>
    public static bool IsTcp(string protocol) => protocol.Length == 0 || string.Equals(protocol, "TCP", StringComparison.Ordinal);
}
