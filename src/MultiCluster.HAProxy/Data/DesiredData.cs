using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// What HAProxy should hold, compiled from routing deltas. Incremental: a delta touches the map entries, backends and
/// certificates that it changes and no other.
/// </summary>
public sealed partial class DesiredData
{
    private readonly Dictionary<RouteKey, Route> _routes = [];
    private readonly Dictionary<ObjectKey, Fragment.Backend> _fragments = [];
    private readonly Dictionary<ObjectKey, HashSet<PlaceKey>> _users = [];
    private readonly Dictionary<PlaceKey, DesiredBackend> _backends = [];
    private readonly Dictionary<string, DesiredBackend> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<MapName, Dictionary<string, string>> _maps =
        RouteMaps.All.ToDictionary(static map => map, static _ => new Dictionary<string, string>(StringComparer.Ordinal));

    private static readonly HashSet<SteerKey> NoSteers = [];
    private readonly HashSet<MapKey> _waiting = [];
    private readonly HashSet<ObjectKey> _renamed = [];
    private readonly Refusals _refusals = new();
    private readonly DesiredCertificates _certificates;
    private readonly SteeringOptions _steering;
    private readonly ServerSets _sets;

    /// <param name="fallback">The certificate that names are served with that no Secret covers.</param>
    public DesiredData(BackendPool pool, SteeringOptions? steering = null, Certificate? fallback = null)
    {
        Pool = pool;
        _steering = steering ?? SteeringOptions.Default;
        _sets = new ServerSets(TraitsOf, _steering.Locality);
        _certificates = new DesiredCertificates(_refusals, fallback);
        foreach (var name in pool.Names)
            _maps[MapName.Backends][name] = BackendNames.RealName(pool.KeyOf(name)!);
    }

    public BackendPool Pool { get; }

    /// <summary>Version of the last delta in here.</summary>
    public long Version { get; private set; }

    public int RouteCount => _routes.Count - _alternatives;

    public IReadOnlyCollection<DesiredBackend> Backends => _backends.Values;

    public IReadOnlyDictionary<string, CertificateFile> Certificates => _certificates.Files;

    /// <inheritdoc cref="DesiredCertificates.Default"/>
    public Certificate? DefaultCertificate => _certificates.Default;

    /// <inheritdoc cref="DesiredCertificates.Fallback"/>
    public Certificate? Fallback => _certificates.Fallback;

    /// <summary>Backends that have endpoints but found no slot: the pool must grow, which takes a reload.</summary>
    public HashSet<PlaceKey> WithoutSlot { get; } = [];

    /// <summary>Of them one that requests or connections can get to: those of connections only at a port of theirs, which brings slots with it.</summary>
    public bool WaitsForSlot => WithoutSlot.Any(key => !key.Profile.IsTcp || !TcpPorts.IsEmpty);

    /// <summary>What HAProxy can't be given, with the reason.</summary>
    public IReadOnlyDictionary<RefusedItem, string> Refused => _refusals.Items;

    /// <summary>Of <see cref="Refused"/>, what was added since the last call.</summary>
    public IReadOnlyList<KeyValuePair<RefusedItem, string>> TakeNewRefusals() => _refusals.TakeNews();

    public IReadOnlyDictionary<string, string> Map(MapName map) => _maps[map];

    /// <summary>True for a route whose backend has endpoints but no place yet.</summary>
    public bool IsWaiting(MapKey entry) => _waiting.Contains(entry);

    public DesiredBackend? Find(string name) => _byName.GetValueOrDefault(name);

    public Route? FindRoute(RouteKey key) => _routes.GetValueOrDefault(key);

    public DesiredBackend? Find(PlaceKey key) => _backends.GetValueOrDefault(key);

    /// <summary>The place of routes without a policy.</summary>
    public DesiredBackend? Find(BackendKey key) => Find(new PlaceKey(key));

    public Touched Apply(RoutingDelta delta)
    {
        var touched = new Touched();
        var abandoned = new HashSet<PlaceKey>();
        foreach (var (service, fragment) in delta.Backends)
            SetFragment(service, fragment);
        SetMembers(delta.Members, touched);
        foreach (var (key, route) in delta.Routes)
            SetRoute(key, route, touched, abandoned);
        SetHandshakes(touched);
        Restate(touched);
        SetPassed(delta, touched);
        foreach (var service in delta.Backends.Select(static item => item.Key).Union(_renamed))
            UpdateServers(service, touched);
        _renamed.Clear();
        Regroup(touched, abandoned);
        touched.Add(ForgetPolicies());
        foreach (var key in abandoned)
            Abandon(key, touched);
        CheckMore(touched);
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
        touched.Certificates.UnionWith(_certificates.Files.Keys.Append(ProgramPaths.DefaultCertificate));
        touched.Certificates.UnionWith(Trust.Select(static file => file.FileName));
        touched.Certificates.UnionWith(_identities.Keys);
        return touched;
    }

    /// <summary>Doubles the pool until every backend with endpoints has a slot; the new ones come with a reload.</summary>
    /// <param name="atLeast">Slots of each profile that a reload brings anyway.</param>
    public Touched GrowPool(Func<BackendProfile, int>? atLeast = null)
    {
        var touched = new Touched();
        if (WithoutSlot.Count == 0)
            return touched;
        foreach (var profile in BackendProfile.All)
        {
            var waiting = WithoutSlot.Count(key => key.Profile == profile);
            Pool.Grow(profile, atLeast?.Invoke(profile) ?? 0);
            while (Pool.FreeOf(profile) < waiting)
                Pool.Grow(profile, Math.Max(1, Pool.SizeOf(profile)) * 2);
        }

        PlaceAll(touched);
        return touched;
    }

    /// <summary>HAProxy has at least so many slots of each profile: whoever waits for one may have it.</summary>
    public Touched UseSlots(Func<BackendProfile, int> sizes)
    {
        var touched = new Touched();
        var before = Pool.Size;
        foreach (var profile in BackendProfile.All)
            Pool.Grow(profile, sizes(profile));
        if (Pool.Size > before)
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
        if (_byName.ContainsKey(name) || Pool.KeyOf(name) is not { } owner)
            return touched;
        Pool.Release(name);
        _down.Remove(name);
        Write(new MapKey(MapName.Backends, name), null, touched);
        if (WithoutSlot.FirstOrDefault(key => key.Profile == owner.Profile) is { } next)
            Name(_backends[next], touched);
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

    /// <summary>A route by itself, or one that stands beside another.</summary>
    private void SetOne(RouteKey key, Route? route, Touched touched, HashSet<PlaceKey> abandoned)
    {
        if (key.Taker is null)
            route = TakePassed(key, route);
        _routes.Remove(key, out var old);
        NoteNames(old, route);
        NoteHost(key, old, route);
        if (key.Taker is null)
        {
            NotePort(key, route);
            NoteHandshake(key, route);
            NoteExpression(key, old, route);
        }

        NoteServerFiles(old, route, touched);
        SetPolicy(key, route, touched);
        var (before, after) = (SteerOf(old), SteerOf(route));
        if (before is not null && before != after)
            LeaveSteer(before, key);
        else if (old is not null && before is null && _backends.TryGetValue(PlaceOf(old), out var oldBackend))
            Leave(oldBackend, key, abandoned);

        if (route is not null)
        {
            _routes[key] = route;
            if (after is not null)
                UseSteer(after, route);
            else
                Use(PlaceOf(route), touched, abandoned).Routes.Add(key);
        }

        WriteRoute(key, touched);
    }

    private static void Leave(DesiredBackend backend, RouteKey route, HashSet<PlaceKey> abandoned)
    {
        backend.Routes.Remove(route);
        if (!backend.IsUsed)
            abandoned.Add(backend.Key);
    }

    private DesiredBackend Use(PlaceKey key, Touched touched, HashSet<PlaceKey>? abandoned = null)
    {
        abandoned?.Remove(key);
        if (_backends.TryGetValue(key, out var backend))
            return backend;
        backend = new DesiredBackend(key);
        _backends.Add(key, backend);
        if (!_users.TryGetValue(key.Backend.Ref.Service, out var users))
            _users.Add(key.Backend.Ref.Service, users = []);
        users.Add(key);
        if (backend.IsUsable)
            Fill(backend);
        else
            _refusals.Set(RefusedKind.Backend, key, "the names of the Service, its port and the members are not all names of Kubernetes, or too long");
        if (backend.Servers.Count > 0)
            Name(backend, touched);
        return backend;
    }

    private void UpdateServers(ObjectKey service, Touched touched)
    {
        _changed.UnionWith(_steersOf.GetValueOrDefault(service, NoSteers));
        if (!_users.TryGetValue(service, out var users))
            return;
        foreach (var key in users)
            Refill(_backends[key], touched);
    }

    private void Refill(DesiredBackend backend, Touched touched)
    {
        if (!backend.IsUsable || !Fill(backend))
            return;
        if (backend.Name is { } name)
            touched.Backends.Add(name);
        else
            Await(backend, touched);
        foreach (var canary in backend.Routes.Where(IsCanary))
            WriteRoute(canary, touched);
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
        foreach (var steer in backend.Steers)
            Divide(_steers[steer], touched);
    }

    private void Abandon(PlaceKey key, Touched touched)
    {
        if (!_backends.TryGetValue(key, out var backend) || backend.IsUsed)
            return;
        _backends.Remove(key);
        WithoutSlot.Remove(key);
        _checkedServers -= backend.CheckedServers;
        _unchecked.Remove(key);
        _refusals.Set(RefusedKind.Backend, key, null);
        _refusals.Set(RefusedKind.Check, key, null);
        _refusals.Set(RefusedKind.Authorities, key, null);
        var service = key.Backend.Ref.Service;
        var users = _users[service];
        users.Remove(key);
        if (users.Count == 0)
            _users.Remove(service);
        if (backend.Name is not { } name)
            return;
        // Its real name stays in the map until the place is released, so that whoever adopts HAProxy knows whose it was.
        _byName.Remove(name);
        touched.Backends.Add(name);
    }

    private void WriteRoute(RouteKey key, Touched touched)
    {
        var route = _routes.GetValueOrDefault(key);
        var (plain, isWaiting) = route is null ? (null, false) : ValueOf(route);
        var value = plain is null || LeavesAll(key, route!) || (key.IsFallback && route!.Policy?.Closed == true) ? null : key.Port is null ? WithChoice(route!, WithPolicy(route!, plain)) : ValueOfPort(route!, plain);
        if (key.Port is null && key.Taker is null)
            value = WithExpressions(key, value);
        var entry = RouteMaps.KeyOf(key);
        var isWritable = entry is not null && (value is null || SafeText.IsValue(value));
        _refusals.Set(RefusedKind.Route, key, value is not null && !isWritable
            ? "the host, path or name of the Ingress holds something that no such thing may hold"
            : route is not null && key.Port is not null ? PortProblem(route) : value is not null && IsLeftOut(key) ? "the host has more expressions than fit into one" : null);
        if (entry is not { } at)
            return;
        if (isWaiting)
            _waiting.Add(at);
        else
            _waiting.Remove(at);
        Write(at, isWritable ? value : null, touched);
    }

    /// <returns>Also whether it has endpoints and no place for them yet.</returns>
    private (string Value, bool IsWaiting) ValueOf(Route route)
    {
        if (SteerOf(route) is { } key)
        {
            var steer = _steers[key];
            return (ValueOf(steer), steer.IsWaiting);
        }

        var backend = _backends[PlaceOf(route)];
        return (RouteMaps.Value(backend.Name ?? ProgramRenderer.NoRouteBackend, route.Ingress), backend is { Name: null, Servers.Count: > 0 });
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
