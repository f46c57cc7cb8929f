using MultiCluster.HAProxy.Data;

namespace MultiCluster.HAProxy.Planning;

/// <summary>Routes that wait for the place of their new backend, each holding its old backend meanwhile.</summary>
internal sealed class Pins
{
    private readonly Dictionary<MapKey, string> _byRoute = [];
    private readonly HashSet<string> _freed = new(StringComparer.Ordinal);

    public IReadOnlyCollection<MapKey> Routes => _byRoute.Keys;

    public bool Contains(string backend) => _byRoute.Count > 0 && _byRoute.ContainsValue(backend);

    public void Set(MapKey route, string backend)
    {
        Remove(route);
        _byRoute[route] = backend;
    }

    public void Remove(MapKey route)
    {
        if (_byRoute.Count > 0 && _byRoute.Remove(route, out var backend))
            _freed.Add(backend);
    }

    /// <summary>Backends that routes let go of since the last call.</summary>
    public IEnumerable<string> TakeFreed()
    {
        if (_freed.Count == 0)
            return [];
        var freed = _freed.ToArray();
        _freed.Clear();
        return freed;
    }

    public void Clear()
    {
        _byRoute.Clear();
        _freed.Clear();
    }
}
