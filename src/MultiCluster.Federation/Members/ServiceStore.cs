using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>One member's Services and EndpointSlices, joined by the service-name label.</summary>
internal sealed class ServiceStore(MemberName member)
{
    private readonly Dictionary<ObjectKey, Entry> _services = [];
    private readonly Dictionary<ObjectKey, EndpointSliceResource> _slices = [];
    private readonly Dictionary<ObjectKey, SortedDictionary<string, EndpointSliceResource>> _slicesByService = [];

    public IReadOnlyCollection<ObjectKey> ServiceKeys => _services.Keys;

    public IReadOnlyCollection<ObjectKey> SliceKeys => _slices.Keys;

    /// <summary>What an Ingress sees of a Service; null when there is none.</summary>
    public ServiceResource? Shape(ObjectKey key) => _services.TryGetValue(key, out var entry) ? entry.Shape : null;

    /// <summary>Whether what Ingresses see of it changed; a null service is a deletion.</summary>
    public bool SetService(ObjectKey key, ServiceResource? service)
    {
        var previous = Shape(key);
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
        if (_slices.Remove(key, out var previous) && ServiceOf(previous) is { } left)
        {
            RemoveFrom(left, key);
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
        dirty.Add(joined);
    }

    public ServiceResource? FindService(ObjectKey key) => _services.TryGetValue(key, out var entry) ? entry.Service : null;

    public ServiceCopy? Copy(ObjectKey key)
    {
        var service = FindService(key);
        var slices = _slicesByService.TryGetValue(key, out var found) ? found.Values.ToEquatableArray() : [];
        return service is null && slices.IsEmpty ? null : new ServiceCopy(member, service, slices);
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

    /// <summary>Without metadata, so that a label or a resourceVersion doesn't make Ingresses be judged anew.</summary>
    private static ServiceResource ShapeOf(ServiceResource service) => new(new ObjectMeta(service.Key))
    {
        Type = service.Type,
        ExternalName = service.ExternalName,
        Ports = service.Ports,
        DecodeError = service.DecodeError,
    };

    private sealed record Entry(ServiceResource Service, ServiceResource Shape);
}
