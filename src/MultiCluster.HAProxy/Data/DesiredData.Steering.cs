using System.Collections.Immutable;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Data;

/// <summary>Routes whose policy chooses among groups.</summary>
public sealed partial class DesiredData
{
    private readonly Dictionary<SteerKey, Steer> _steers = [];
    private readonly HashSet<string> _steerTexts = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, HashSet<SteerKey>> _steersOf = [];
    private readonly Dictionary<MemberName, MemberTraits> _members = [];
    private readonly Dictionary<string, IReadOnlySet<string>> _down = new(StringComparer.Ordinal);
    private readonly HashSet<SteerKey> _changed = [];

    /// <summary>Of a clock that only goes forward, whatever it started from: to be kept up to date to half a second or so.</summary>
    public TimeSpan Now { get; set; }

    public IReadOnlyCollection<Steer> Steers => _steers.Values;

    /// <param name="text">As the program knows it: <see cref="SteerKey.Text"/>.</param>
    public bool HasSteer(ReadOnlySpan<char> text) => _steerTexts.GetAlternateLookup<ReadOnlySpan<char>>().Contains(SteerKey.WithoutPods(text));

    /// <summary>All of which anything has been heard.</summary>
    public IEnumerable<KeyValuePair<MemberName, MemberTraits>> Members => _members;

    public MemberTraits TraitsOf(MemberName member) => _members.GetValueOrDefault(member, MemberTraits.Default);

    /// <summary>HAProxy's names of all backends with checked servers: what has to be looked at for <see cref="TakeHealth"/>.</summary>
    public IEnumerable<string> CheckedNames => _byName.Where(static pair => pair.Value.CheckedServers > 0).Select(static pair => pair.Key);

    /// <summary>Some servers are checked.</summary>
    public bool HasChecks => _checkedServers > 0;

    /// <summary>It fails its checks.</summary>
    public bool IsDown(DesiredBackend backend, string server) => backend.Name is { } name && _down.GetValueOrDefault(name)?.Contains(server) == true;

    /// <summary>Places of a Service's port as the routes of some members use it: with a policy, one for each of its groups.</summary>
    public IEnumerable<DesiredBackend> PlacesOf(BackendKey key)
    {
        foreach (var plain in PlainPlacesOf(key))
            yield return plain;
        foreach (var group in _steers.Values.Where(steer => steer.Key.Backend == key).SelectMany(static steer => steer.Groups).Select(static group => group.Backend).Distinct())
            yield return group;
    }

    /// <summary>Also takes the time: who ramps gets more as it goes by.</summary>
    /// <param name="down">By HAProxy's name of a group, the servers that fail their checks; a group that is missing is as before.</param>
    public Touched TakeHealth(IReadOnlyDictionary<string, IReadOnlySet<string>> down)
    {
        var touched = new Touched();
        foreach (var (name, servers) in down)
        {
            var before = _down.GetValueOrDefault(name, ImmutableHashSet<string>.Empty);
            if (before.SetEquals(servers))
                continue;
            if (servers.Count == 0)
                _down.Remove(name);
            else
                _down[name] = servers;
            if (Find(name) is { } backend)
                _changed.UnionWith(backend.Steers);
        }

        _changed.UnionWith(_steers.Values.Where(static steer => steer.IsRamping).Select(static steer => steer.Key));
        foreach (var key in _changed)
            Divide(_steers[key], touched);
        _changed.Clear();
        return touched;
    }

    /// <summary>
    /// To be called when HAProxy was found running: groups that it gives nothing, while others of the choice get something, may have been
    /// about to come back.
    /// </summary>
    public Touched ResumeComebacks(IReadOnlyDictionary<string, string> shares)
    {
        var touched = new Touched();
        var fed = shares.Select(static entry => (RouteMaps.SteerOf(entry.Key).ToString(), entry.Value)).ToHashSet();
        var running = fed.Select(static pair => pair.Item1).ToHashSet(StringComparer.Ordinal);
        foreach (var steer in _steers.Values.Where(steer => running.Contains(steer.Key.Text)))
        {
            steer.StartAnew(group => group.Share > 0 && group.Backend.Name is { } name && !fed.Contains((steer.Key.Text, name)), Now);
            Divide(steer, touched);
        }

        return touched;
    }

    /// <summary>Whether anything has been heard of that member as a whole.</summary>
    public bool Knows(MemberName member) => _members.ContainsKey(member);

    private void SetMembers(ImmutableArray<KeyValuePair<MemberName, MemberTraits?>> members, Touched touched)
    {
        var changed = new HashSet<MemberName>();
        foreach (var (member, traits) in members)
        {
            var before = TraitsOf(member);
            if (traits is null)
                _members.Remove(member);
            else
                _members[member] = traits;
            if (!before.Equals(TraitsOf(member)))
                changed.Add(member);
        }

        if (changed.Count == 0)
            return;
        foreach (var service in _users.Where(users => users.Value.Any(key => key.Backend.Members.Items.Any(changed.Contains))).Select(static users => users.Key).ToList())
            UpdateServers(service, touched);
        _changed.UnionWith(_steers.Keys.Where(key => key.Backend.Members.Items.Any(changed.Contains)));
    }

    private static SteerKey? SteerOf(Route? route) =>
        route is null || (route.Traffic is null && (route.Key.IsFallback || route.Policy?.Backend?.BlueGreen is null)) ? null : new SteerKey(route.Backend, route.Ingress);

    /// <summary>Whoever names a cookie for a session's server wants the session's group kept as well.</summary>
    private static TrafficPolicy TrafficOf(Route route)
    {
        var traffic = route.Traffic ?? Steer.Alike;
        return route.Policy?.Backend is not { IsTcp: false, Session: not null } || traffic.SessionAffinity ? traffic : traffic with { SessionAffinity = true };
    }

    /// <summary>Paths of one choice have its places in common, and so the cookie.</summary>
    private static BackendPolicy? ServersOf(Route route) => route.Policy?.Backend is { Session: { } session } servers
        ? servers with { Session = session with { Path = SessionCookie.DefaultPath } }
        : route.Policy?.Backend;

    private void UseSteer(SteerKey key, Route route)
    {
        var (traffic, servers) = (TrafficOf(route), ServersOf(route));
        if (!_steers.TryGetValue(key, out var steer))
        {
            _steers.Add(key, steer = new Steer(key, traffic));
            _steerTexts.Add(key.Text);
            if (!_steersOf.TryGetValue(key.Backend.Ref.Service, out var steers))
                _steersOf.Add(key.Backend.Ref.Service, steers = []);
            steers.Add(key);
            _changed.Add(key);
        }
        else if (steer.Policy != traffic || steer.Servers != servers || steer.IsOfPodsAlone != (route.Traffic is null))
        {
            steer.Policy = traffic;
            _changed.Add(key);
        }

        steer.Servers = servers;
        steer.IsOfPodsAlone = route.Traffic is null;
        steer.Routes.Add(route.Key);
    }

    private void LeaveSteer(SteerKey key, RouteKey route)
    {
        if (!_steers.TryGetValue(key, out var steer))
            return;
        steer.Routes.Remove(route);
        if (steer.Routes.Count == 0)
            _changed.Add(key);
    }

    private void Regroup(Touched touched, HashSet<PlaceKey> abandoned)
    {
        // Naming a group of one may change another.
        while (_changed.Count > 0)
        {
            var changed = _changed.ToList();
            _changed.Clear();
            foreach (var key in changed)
                Regroup(_steers[key], touched, abandoned);
        }
    }

    private void Regroup(Steer steer, Touched touched, HashSet<PlaceKey> abandoned)
    {
        var fragment = _fragments.GetValueOrDefault(steer.Key.Backend.Ref.Service);
        List<PlaceKey> wanted = steer.Routes.Count == 0 ? [] : [.. _sets.Groups(steer.Key.Backend, fragment, steer.Policy, steer.Servers)];
        var groups = new List<SteeredGroup>(wanted.Count);
        foreach (var place in wanted)
        {
            var backend = Use(place, touched);
            backend.Steers.Add(steer.Key);
            abandoned.Remove(place);
            if (backend.Servers.Count == 0)
                continue;
            groups.Add(new SteeredGroup(backend, steer.Policy.Of(place.Member), StateIn(steer, place.Member))
            {
                Unready = _sets.Unready(place, fragment),
                PodWeight = PodGroups.WeightOf(place.Group?.Pods, steer.Servers?.BlueGreen),
            });
        }

        // A member without a single ready endpoint lacks no less in its level than one with few.
        steer.Absent = steer.Routes.Count == 0 || steer.IsOfPodsAlone ? [] :
        [
            .. _sets.UnreadyGroups(steer.Key.Backend, fragment, steer.Policy, steer.Servers).Where(place => !groups.Exists(group => (group.Member, group.Tier) == (place.Member, place.Group.GetValueOrDefault().Tier)))
                .Select(place => AbsentIn(steer, place, fragment)),
        ];

        // Also those that came without a server, and so have been no group.
        var places = _users.GetValueOrDefault(steer.Key.Backend.Ref.Service)?.Select(key => _backends[key]) ?? [];
        foreach (var gone in places.Where(backend => backend.Steers.Contains(steer.Key) && !wanted.Contains(backend.Key)))
        {
            gone.Steers.Remove(steer.Key);
            abandoned.Add(gone.Key);
        }

        steer.Groups =
        [
            .. groups.OrderBy(static group => group.Traffic.Priority).ThenBy(static group => group.Tier)
                .ThenByDescending(static group => group.Traffic.Weight).ThenBy(static group => group.Member)
                .ThenBy(static group => group.Pods?.Key, StringComparer.Ordinal).ThenBy(static group => group.Pods?.Value, StringComparer.Ordinal),
        ];
        if (steer.Routes.Count == 0)
            Forget(steer, touched);
        else
            Divide(steer, touched);
    }

    /// <summary>The stricter of what the policy and the member itself say.</summary>
    private MemberState StateIn(Steer steer, MemberName member)
    {
        var (own, said) = (TraitsOf(member).State, steer.Policy.Of(member).State);
        return own > said ? own : said;
    }

    private ShareInput AbsentIn(Steer steer, PlaceKey place, Fragment.Backend? fragment)
    {
        var traffic = steer.Policy.Of(place.Member);
        var weight = StateIn(steer, place.Member) == MemberState.Active ? traffic.Weight : 0;
        return new ShareInput(traffic.Priority, place.Group.GetValueOrDefault().Tier, weight, _sets.Unready(place, fragment), Healthy: 0) { IsAbsent = true };
    }

    private void Forget(Steer steer, Touched touched)
    {
        foreach (var entry in steer.Entries.Keys)
            Write(entry, null, touched);
        _steers.Remove(steer.Key);
        _steerTexts.Remove(steer.Key.Text);
        var steers = _steersOf[steer.Key.Backend.Ref.Service];
        steers.Remove(steer.Key);
        if (steers.Count == 0)
            _steersOf.Remove(steer.Key.Backend.Ref.Service);
    }

    private void Divide(Steer steer, Touched touched)
    {
        steer.Divide(Healthy, Now);
        var entries = SteerEntries.Of(steer, _steering.SessionKey);
        foreach (var (entry, target) in entries)
        {
            if (!steer.Entries.TryGetValue(entry, out var before) || !string.Equals(before, target, StringComparison.Ordinal))
                Write(entry, target, touched);
        }
        foreach (var entry in steer.Entries.Keys.Where(entry => !entries.ContainsKey(entry)))
            Write(entry, null, touched);
        steer.Entries = entries;
        var value = (ValueOf(steer), steer.IsWaiting);
        if (steer.Written == value)
            return;
        steer.Written = value;
        foreach (var route in steer.Routes)
            WriteRoute(route, touched);
    }

    /// <summary>Without a group that has a place a steered route leads nowhere, as any other.</summary>
    private static string ValueOf(Steer steer) => steer.Groups.Any(static group => group.Backend.Name is not null)
        ? RouteMaps.Value(steer.Key, steer.Policy, steer.Servers is { IsTcp: false, BlueGreen: { } groups } ? groups : null)
        : RouteMaps.Value(ProgramRenderer.NoRouteBackend, steer.Key.Ingress);

    private int Healthy(DesiredBackend backend)
    {
        if (backend.Name is not { } name || !_down.TryGetValue(name, out var down))
            return backend.Servers.Count;
        return backend.Servers.Keys.Count(server => !down.Contains(server));
    }
}
