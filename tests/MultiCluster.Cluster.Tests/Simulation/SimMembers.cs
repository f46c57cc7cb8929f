using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <param name="Revision">Grows with every change of anything.</param>
internal sealed record SimObject(string Member, string Key, long Revision);

/// <summary>What really exists in the members, and ever did.</summary>
internal sealed class SimMembers
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(0.5);

    private readonly SimWorld _world;
    private readonly Dictionary<(string Member, string Key), List<(long Revision, bool Exists, TimeSpan At)>> _history = [];
    private readonly SortedDictionary<string, SortedDictionary<string, SimObject>> _objects = new(StringComparer.Ordinal);
    private readonly List<Watch> _watches = [];
    private readonly SortedSet<string> _unreachable = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _removed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _everUnreachable = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Member, string Key), long> _published = [];
    private readonly Dictionary<(string Key, TableVersion Version), TimeSpan> _decided = [];
    private readonly Dictionary<TableVersion, TimeSpan> _baselines = [];
    private long _revision;

    public SimMembers(SimWorld world, IEnumerable<string> names)
    {
        _world = world;
        foreach (var name in names)
            _objects.Add(name, new SortedDictionary<string, SimObject>(StringComparer.Ordinal));
    }

    public IReadOnlyCollection<string> Names => _objects.Keys;

    /// <summary>Those that nobody has taken out.</summary>
    public IEnumerable<string> Present => _objects.Keys.Where(name => !_removed.Contains(name));

    /// <summary>Taken out of the federation for good; its cluster goes on.</summary>
    public bool IsRemoved(string member) => _removed.Contains(member);

    public void Remove(string member) => _removed.Add(member);

    public bool IsReachable(string member) => !_unreachable.Contains(member);

    /// <summary>Objects that nobody touched since the start, in members that were reachable all the time.</summary>
    public IEnumerable<SimObject> AlwaysThere(long sinceRevision) => Present
        .SelectMany(name => _objects[name].Values)
        .Where(item => item.Revision <= sinceRevision && !_everUnreachable.Contains(item.Member) && _history[(item.Member, item.Key)].Count == 1);

    public long Revision => _revision;

    public IEnumerable<SimObject> Copies(string key) => Present.Select(name => _objects[name].GetValueOrDefault(key)).OfType<SimObject>();

    public IEnumerable<string> Keys => Present.SelectMany(name => _objects[name].Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public void Set(string member, string key) => Change(member, key, new SimObject(member, key, ++_revision));

    public void Delete(string member, string key)
    {
        if (!_objects[member].ContainsKey(key))
            return;
        _revision++;
        Change(member, key, null);
    }

    /// <summary>Whether the object of that revision has been deleted at some time since, even if there is another by now.</summary>
    public bool WasDeletedAfter(SimObject item) => _history[(item.Member, item.Key)].Exists(entry => !entry.Exists && entry.Revision > item.Revision);

    /// <summary>
    /// Whether something happened to the object so lately, or after, that of two watchers, the one before and the one after a takeover, the
    /// second may not have heard of it at that time.
    /// </summary>
    public bool ChangedLately(string member, string key, TimeSpan at) =>
        _history.TryGetValue((member, key), out var history) && at - history[^1].At < Lately;

    /// <summary>Somebody's table holds this. The first is the publisher's own.</summary>
    /// <returns>When what it followed from was heard.</returns>
    public TimeSpan NotePublished(SimLife life, string key, TableVersion version, SimFragment? fragment)
    {
        // Of a key that a replica drops, because it is not among all that was published up to there.
        var baseline = _baselines.GetValueOrDefault(version, life.InformedAt);
        _decided.TryAdd((key, version), fragment is null ? baseline : life.InformedAt);
        _baselines.TryAdd(version, life.InformedAt);
        foreach (var copy in fragment?.Copies ?? [])
            _published[(copy.Member, copy.Key)] = Math.Max(copy.Revision, _published.GetValueOrDefault((copy.Member, copy.Key)));
        return _decided[(key, version)];
    }

    /// <summary>An owner that publishes nothing else says nothing of what happens from now on.</summary>
    public void NoteOwner(SimLife life, long epoch) => _baselines.TryAdd(new TableVersion(epoch, 0), life.InformedAt);

    public bool WasPublished(SimObject item) => _published.GetValueOrDefault((item.Member, item.Key)) >= item.Revision;

    public void SetReachable(string member, bool reachable)
    {
        if (reachable ? !_unreachable.Remove(member) : !_unreachable.Add(member))
            return;
        _everUnreachable.Add(member);
        foreach (var watch in _watches.Where(watch => watch.Member == member).ToList())
        {
            if (!reachable)
                Cut(watch);
        }
    }

    /// <summary>Lists after a while, then reports changes in order, until the member can't be reached.</summary>
    public void List(SimLife life, string member, Action<IReadOnlyList<SimObject>?> listed, Action<string, SimObject?> changed, Action lost)
    {
        _world.After(_world.Between(0.01, 0.3), () =>
        {
            if (!IsReachable(member))
            {
                life.Post(() => listed(null));
                return;
            }
            var objects = _objects[member].Values.ToList();
            var watch = new Watch(member, life, changed, lost);
            _watches.Add(watch);
            Later(watch, () => listed(objects));
        });
    }

    private void Change(string member, string key, SimObject? item)
    {
        if (item is null)
            _objects[member].Remove(key);
        else
            _objects[member][key] = item;
        if (!_history.TryGetValue((member, key), out var history))
            _history.Add((member, key), history = []);
        history.Add((_revision, item is not null, _world.Now));
        _world.Note($"member {member}: {key} is {(item is null ? "gone" : $"at {item.Revision}")}");
        foreach (var watch in _watches.Where(watch => watch.Member == member))
            Later(watch, () => watch.Changed(key, item));
    }

    private void Cut(Watch watch)
    {
        _watches.Remove(watch);
        watch.IsCut = true;
        _world.After(_world.Between(0.01, 1), () => watch.Life.Post(watch.Lost));
    }

    /// <summary>In order per watch; what is on its way when the connection breaks is lost.</summary>
    private void Later(Watch watch, Action action)
    {
        var due = _world.Now + _world.Between(0.001, 0.02);
        watch.Last = due > watch.Last ? due : watch.Last;
        _world.After(watch.Last - _world.Now, () =>
        {
            if (!watch.IsCut)
                watch.Life.Post(action);
        });
    }

    private sealed class Watch(string member, SimLife life, Action<string, SimObject?> changed, Action lost)
    {
        public string Member => member;

        public SimLife Life => life;

        public Action<string, SimObject?> Changed => changed;

        public Action Lost => lost;

        public TimeSpan Last { get; set; }

        public bool IsCut { get; set; }
    }
}
