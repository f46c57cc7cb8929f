using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// What HAProxy should hold, compiled from routing deltas. Incremental: a delta touches the map entries, backends and
/// certificates that it changes and no other.
/// </summary>
public sealed class DesiredData
{
    private readonly Dictionary<RouteKey, Route> _routes = [];
    private readonly Dictionary<ObjectKey, Fragment.Backend> _fragments = [];
    private readonly Dictionary<ObjectKey, HashSet<BackendKey>> _users = [];
    private readonly Dictionary<BackendKey, DesiredBackend> _backends = [];
    private readonly Dictionary<string, DesiredBackend> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<MapName, Dictionary<string, string>> _maps =
        RouteMaps.All.ToDictionary(static map => map, static _ => new Dictionary<string, string>(StringComparer.Ordinal));

    private readonly HashSet<MapKey> _waiting = [];
    private readonly Refusals _refusals = new();
    private readonly DesiredCertificates _certificates;

    public DesiredData(BackendPool pool)
    {
        Pool = pool;
        _certificates = new DesiredCertificates(_refusals);
        foreach (var name in pool.Names)
            _maps[MapName.Backends][name] = BackendNames.RealName(pool.KeyOf(name)!);
    }

    public BackendPool Pool { get; }

    /// <summary>Version of the last delta in here.</summary>
    public long Version { get; private set; }

    public int RouteCount => _routes.Count;

    public IReadOnlyCollection<DesiredBackend> Backends => _backends.Values;

    public IReadOnlyDictionary<string, CertificateFile> Certificates => _certificates.Files;

    /// <summary>Backends that have endpoints but found no slot: the pool must grow, which takes a reload.</summary>
    public HashSet<BackendKey> WithoutSlot { get; } = [];

    /// <summary>What HAProxy can't be given, with the reason.</summary>
    public IReadOnlyDictionary<RefusedItem, string> Refused => _refusals.Items;

    /// <summary>Of <see cref="Refused"/>, what was added since the last call.</summary>
    public IReadOnlyList<KeyValuePair<RefusedItem, string>> TakeNewRefusals() => _refusals.TakeNews();

    public IReadOnlyDictionary<string, string> Map(MapName map) => _maps[map];

    /// <summary>True for a route whose backend has endpoints but no place yet.</summary>
    public bool IsWaiting(MapKey entry) => _waiting.Contains(entry);

    public DesiredBackend? Find(string name) => _byName.GetValueOrDefault(name);

    public Route? FindRoute(RouteKey key) => _routes.GetValueOrDefault(key);

    public DesiredBackend? Find(BackendKey key) => _backends.GetValueOrDefault(key);

    public Touched Apply(RoutingDelta delta)
    {
        var touched = new Touched();
        var abandoned = new HashSet<BackendKey>();
        foreach (var (service, fragment) in delta.Backends)
            SetFragment(service, fragment);
        foreach (var (key, route) in delta.Routes)
            SetRoute(key, route, touched, abandoned);
        foreach (var (service, _) in delta.Backends)
            UpdateServers(service, touched);
        foreach (var key in abandoned)
            Abandon(key, touched);
        _certificates.Apply(delta.Certificates, touched);
        Version = delta.Version;
        return touched;
    }

    /// <summary>Everything, for a comparison of the whole.</summary>
    public Touched TouchAll()
    {
        var touched = new Touched();
        foreach (var (map, entries) in _maps)
            touched.Maps.UnionWith(entries.Keys.Select(key => new MapKey(map, key)));
        touched.Backends.UnionWith(_byName.Keys);
        touched.Certificates.UnionWith(_certificates.Files.Keys);
        return touched;
    }

    /// <summary>Doubles the pool until every backend with endpoints has a slot; the new ones come with a reload.</summary>
    /// <param name="atLeast">Size that a reload brings anyway.</param>
    public Touched GrowPool(int atLeast = 0)
    {
        var touched = new Touched();
        if (WithoutSlot.Count == 0)
            return touched;
        Pool.Grow(atLeast);
        while (Pool.Size - Pool.Used < WithoutSlot.Count)
            Pool.Grow(Math.Max(1, Pool.Size) * 2);
        PlaceAll(touched);
        return touched;
    }

    /// <summary>HAProxy has at least <paramref name="size"/> slots: whoever waits for one may have it.</summary>
    public Touched UseSlots(int size)
    {
        var touched = new Touched();
        if (size <= Pool.Size)
            return touched;
        Pool.Grow(size);
        PlaceAll(touched);
        return touched;
    }

    /// <summary>
    /// To be called when HAProxy holds no server in the place <paramref name="name"/> and sends nothing there: it becomes free
    /// for whoever waits.
    /// </summary>
    public Touched Release(string name)
    {
        var touched = new Touched();
        if (_byName.ContainsKey(name) || Pool.KeyOf(name) is null)
            return touched;
        Pool.Release(name);
        Write(new MapKey(MapName.Backends, name), null, touched);
        if (WithoutSlot.Count > 0)
            Name(_backends[WithoutSlot.First()], touched);
        return touched;
    }

    private void PlaceAll(Touched touched)
    {
        foreach (var key in WithoutSlot.ToArray())
            Name(_backends[key], touched);
    }

    private void SetFragment(ObjectKey service, Fragment.Backend? fragment)
    {
        if (fragment is null)
            _fragments.Remove(service);
        else
            _fragments[service] = fragment;
    }

    private void SetRoute(RouteKey key, Route? route, Touched touched, HashSet<BackendKey> abandoned)
    {
        if (_routes.Remove(key, out var old) && _backends.TryGetValue(old.Backend, out var oldBackend))
        {
            oldBackend.Routes.Remove(key);
            if (oldBackend.Routes.Count == 0)
                abandoned.Add(old.Backend);
        }

        if (route is not null)
        {
            _routes[key] = route;
            abandoned.Remove(route.Backend);
            var backend = Use(route.Backend, touched);
            backend.Routes.Add(key);
        }

        WriteRoute(key, touched);
    }

    private DesiredBackend Use(BackendKey key, Touched touched)
    {
        if (_backends.TryGetValue(key, out var backend))
            return backend;
        backend = new DesiredBackend(key);
        _backends.Add(key, backend);
        if (!_users.TryGetValue(key.Ref.Service, out var users))
            _users.Add(key.Ref.Service, users = []);
        users.Add(key);
        if (backend.IsUsable)
            backend.Replace(ServerSets.For(key, _fragments.GetValueOrDefault(key.Ref.Service)));
        else
            _refusals.Set(RefusedKind.Backend, key, "the names of the Service, its port and the members are not all names of Kubernetes, or too long");
        if (backend.Servers.Count > 0)
            Name(backend, touched);
        return backend;
    }

    private void UpdateServers(ObjectKey service, Touched touched)
    {
        if (!_users.TryGetValue(service, out var users))
            return;
        var fragment = _fragments.GetValueOrDefault(service);
        foreach (var key in users)
        {
            var backend = _backends[key];
            if (!backend.IsUsable || !backend.Replace(ServerSets.For(key, fragment)))
                continue;
            if (backend.Name is { } name)
                touched.Backends.Add(name);
            else
                Await(backend, touched);
        }
    }

    /// <summary>For a backend without a place, whose endpoints came or went.</summary>
    private void Await(DesiredBackend backend, Touched touched)
    {
        if (backend.Servers.Count > 0)
            Name(backend, touched);
        else
            WithoutSlot.Remove(backend.Key);
        if (backend.Name is not null)
            return;
        foreach (var route in backend.Routes)
            WriteRoute(route, touched);
    }

    /// <summary>Gives the backend its place in HAProxy and points its routes there.</summary>
    private void Name(DesiredBackend backend, Touched touched)
    {
        if (Pool.Acquire(backend.Key) is not { } name)
        {
            WithoutSlot.Add(backend.Key);
            return;
        }

        WithoutSlot.Remove(backend.Key);
        backend.Name = name;
        backend.Rendered = null;
        _byName[name] = backend;
        Write(new MapKey(MapName.Backends, name), backend.RealName, touched);
        touched.Backends.Add(name);
        foreach (var route in backend.Routes)
            WriteRoute(route, touched);
    }

    private void Abandon(BackendKey key, Touched touched)
    {
        if (!_backends.TryGetValue(key, out var backend) || backend.Routes.Count > 0)
            return;
        _backends.Remove(key);
        WithoutSlot.Remove(key);
        _refusals.Set(RefusedKind.Backend, key, null);
        var users = _users[key.Ref.Service];
        users.Remove(key);
        if (users.Count == 0)
            _users.Remove(key.Ref.Service);
        if (backend.Name is not { } name)
            return;
        // Its real name stays in the map until the place is released, so that whoever adopts HAProxy knows whose it was.
        _byName.Remove(name);
        touched.Backends.Add(name);
    }

    private void WriteRoute(RouteKey key, Touched touched)
    {
        string? value = null;
        var backend = _routes.TryGetValue(key, out var route) ? _backends[route.Backend] : null;
        if (route is not null)
            value = RouteMaps.Value(backend!.Name ?? ProgramRenderer.NoRouteBackend, route);
        var entry = RouteMaps.KeyOf(key);
        var isWritable = entry is not null && (value is null || SafeText.IsValue(value));
        _refusals.Set(RefusedKind.Route, key, value is null || isWritable ? null : "the host, path or name of the Ingress holds something that no such thing may hold");
        if (entry is not { } at)
            return;
        if (backend is { Name: null, Servers.Count: > 0 })
            _waiting.Add(at);
        else
            _waiting.Remove(at);
        Write(at, isWritable ? value : null, touched);
    }

    private void Write(MapKey entry, string? value, Touched touched)
    {
        if (value is null)
            _maps[entry.Map].Remove(entry.Key);
        else
            _maps[entry.Map][entry.Key] = value;
        touched.Maps.Add(entry);
    }
}
