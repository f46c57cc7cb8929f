using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Backends;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Members;

/// <summary>One member's Services and EndpointSlices, joined by the service-name label.</summary>
internal sealed class ServiceStore(MemberName member, EndpointAccess access, NodeStore nodes, PodStore pods)
{
    private readonly Dictionary<ObjectKey, Entry> _services = [];
    private readonly Dictionary<ObjectKey, EndpointSliceResource> _slices = [];
    private readonly Dictionary<ObjectKey, SortedDictionary<string, EndpointSliceResource>> _slicesByService = [];
    private readonly HashSet<ObjectKey> _onNodes = [];
    private readonly ReverseIndex<ObjectKey> _slicesByPod = new();

    public IReadOnlyCollection<ObjectKey> ServiceKeys => _services.Keys;

    public IReadOnlyCollection<ObjectKey> SliceKeys => _slices.Keys;

    /// <summary>What an Ingress sees of a Service; null when there is none.</summary>
    public ServiceResource? Shape(ObjectKey key) => _services.TryGetValue(key, out var entry) ? entry.Shape : null;

    /// <summary>Whether what Ingresses see of it changed; a null service is a deletion.</summary>
    public bool SetService(ObjectKey key, ServiceResource? service)
    {
        var previous = Shape(key);
        if (ServiceReach.UsesNodes(access.Mode, service))
            _onNodes.Add(key);
        else
            _onNodes.Remove(key);
        if (service is null)
            return _services.Remove(key);
        var shape = ShapeOf(service);
        var changed = !shape.Equals(previous);
        _services[key] = new Entry(service, changed ? shape : previous!);
        return changed;
    }

    public EndpointSliceResource? FindSlice(ObjectKey key) => _slices.GetValueOrDefault(key);

    /// <summary>Adds the Services whose endpoints it changes to <paramref name="dirty"/>; a null slice is a deletion.</summary>
    public void SetSlice(ObjectKey key, EndpointSliceResource? slice, HashSet<ObjectKey> dirty)
    {
        var before = FindSlice(key);
        Join(key, slice, dirty);
        foreach (var pod in pods.Of(before))
        {
            if (!Uses(pod))
                pods.Leave(pod);
        }
    }

    /// <summary>The pod is an endpoint.</summary>
    public bool Uses(ObjectKey pod) => _slicesByPod.Count(pod) > 0;

    private void Join(ObjectKey key, EndpointSliceResource? slice, HashSet<ObjectKey> dirty)
    {
        if (_slices.Remove(key, out var previous) && ServiceOf(previous) is { } left)
        {
            RemoveFrom(left, key);
            foreach (var pod in pods.Of(previous))
                _slicesByPod.Remove(pod, key);
            dirty.Add(left);
        }

        if (slice is null)
            return;
        _slices.Add(key, slice);
        if (ServiceOf(slice) is not { } joined)
            return;
        if (!_slicesByService.TryGetValue(joined, out var slices))
            _slicesByService.Add(joined, slices = new SortedDictionary<string, EndpointSliceResource>(StringComparer.Ordinal));
        slices[key.Name] = slice;
        foreach (var pod in pods.Of(slice))
            _slicesByPod.Add(pod, key);
        dirty.Add(joined);
    }

    public ServiceResource? FindService(ObjectKey key) => _services.TryGetValue(key, out var entry) ? entry.Service : null;

    public ServiceCopy? Copy(ObjectKey key)
    {
        var service = FindService(key);
        var slices = _slicesByService.TryGetValue(key, out var found) ? found.Values.Select(pods.Label).ToEquatableArray() : [];
        return service is null && slices.IsEmpty ? null : new ServiceCopy(member, service, slices)
        {
            Access = access,
            Nodes = _onNodes.Contains(key) ? NodesOf(service!, slices) : [],
        };
    }

    public bool IsOnNodes(ObjectKey service) => _onNodes.Contains(service);

    /// <summary>Those that are reached by NodePort.</summary>
    public void AddOnNodes(HashSet<ObjectKey> dirty) => dirty.UnionWith(_onNodes);

    /// <summary>Those whose endpoints the pod is one of.</summary>
    public void AddOfPod(ObjectKey pod, HashSet<ObjectKey> dirty)
    {
        var slices = new HashSet<ObjectKey>();
        _slicesByPod.AddTo(slices, pod);
        dirty.UnionWith(slices.Select(slice => ServiceOf(_slices[slice])!.Value));
    }

    /// <summary>Those that have endpoints.</summary>
    public void AddWithSlices(HashSet<ObjectKey> dirty) => dirty.UnionWith(_slicesByService.Keys);

    /// <summary>Addresses of the Service's endpoints, at least 1.</summary>
    public int Worth(ObjectKey service) =>
        _slicesByService.TryGetValue(service, out var slices) ? Math.Max(1, slices.Values.Sum(AddressesOf)) : 1;

    /// <summary>Addresses that go with a slice which <paramref name="list"/> lacks: a slice made anew under another name takes none away.</summary>
    public Func<ObjectKey, int> LossBy(IReadOnlyList<Resource> list)
    {
        HashSet<(string Namespace, string? Service, string Address)>? kept = null;
        return key =>
        {
            kept ??= [.. list.OfType<EndpointSliceResource>().SelectMany(static slice => slice.Endpoints.SelectMany(static endpoint => endpoint.Addresses)
                .Select(address => (slice.Key.Namespace, slice.ServiceName, address)))];
            var slice = _slices[key];
            return slice.Endpoints.Sum(endpoint => endpoint.Addresses.Count(address => !kept.Contains((slice.Key.Namespace, slice.ServiceName, address))));
        };
    }

    public static int AddressesOf(EndpointSliceResource slice) => slice.Endpoints.Sum(static endpoint => endpoint.Addresses.Count);

    /// <summary>No more than are used, where that can be said without knowing the port: a copy of thousands would go to every owner.</summary>
    private EquatableArray<NodeResource> NodesOf(ServiceResource service, EquatableArray<EndpointSliceResource> slices)
    {
        if (!service.IsExternalTrafficLocal)
            return nodes.Serving.Count <= NodeChoice.MaxNodes ? nodes.Serving : NodeChoice.Choose(service.Key, nodes.Serving).ToEquatableArray();
        var serving = NodeChoice.Serving(slices, portName: null);
        return nodes.Serving.Where(node => serving.Contains(node.Key.Name)).ToEquatableArray();
    }

    private void RemoveFrom(ObjectKey service, ObjectKey slice)
    {
        var slices = _slicesByService[service];
        slices.Remove(slice.Name);
        if (slices.Count == 0)
            _slicesByService.Remove(service);
    }

    /// <summary>A label can hold what no Service's name can: such a slice belongs to none.</summary>
    private static ObjectKey? ServiceOf(EndpointSliceResource slice) =>
        DnsNames.IsSubdomain(slice.ServiceName) ? new ObjectKey(slice.Key.Namespace, slice.ServiceName!) : null;

    /// <summary>
    /// Without metadata, so that a label or a resourceVersion doesn't make Ingresses be judged anew; but with the annotations that say how its
    /// routes behave.
    /// </summary>
    private static ServiceResource ShapeOf(ServiceResource service) => new(new ObjectMeta(service.Key) { Annotations = ForRoutes(service.Meta.Annotations) })
    {
        Type = service.Type,
        ExternalName = service.ExternalName,
        Ports = service.Ports,
        DecodeError = service.DecodeError,
    };

    private static EquatableMap ForRoutes(EquatableMap annotations) => annotations.Keys.Any(AnnotationIndex.IsOfController)
        ? EquatableMap.From(annotations.Where(static item => AnnotationIndex.IsOfController(item.Key)))
        : EquatableMap.Empty;

    private sealed record Entry(ServiceResource Service, ServiceResource Shape);
}
