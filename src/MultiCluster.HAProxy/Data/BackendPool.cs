using System.Globalization;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// Gives HAProxy names to backends: a blank slot of their profile before 3.4, a name of their own from 3.4 on. A slot comes back only
/// when HAProxy holds none of its servers any more, and goes to the end of the line, so that its last requests are long gone.
/// </summary>
public sealed class BackendPool
{
    private readonly Dictionary<BackendProfile, Slots> _slots = BackendProfile.All.ToDictionary(static profile => profile, static _ => new Slots());
    private readonly Dictionary<PlaceKey, string> _names = [];
    private readonly Dictionary<string, PlaceKey> _keys = new(StringComparer.Ordinal);
    private readonly bool _dynamic;

    /// <param name="sizes">Slots of each profile.</param>
    public BackendPool(ProxyFeatures features, Func<BackendProfile, int> sizes, IEnumerable<KeyValuePair<string, PlaceKey>> held)
    {
        _dynamic = features.DynamicBackends;
        foreach (var (name, key) in held)
        {
            if (IsOurs(name, key, sizes) && !_keys.ContainsKey(name) && _names.TryAdd(key, name))
            {
                _keys.Add(name, key);
                Directory.Give(name, key);
            }
        }

        foreach (var profile in BackendProfile.All)
            Grow(profile, sizes(profile));
    }

    /// <param name="size">Of the profile of routes without a policy; others have no slots.</param>
    public BackendPool(ProxyFeatures features, int size, IEnumerable<KeyValuePair<string, PlaceKey>> held)
        : this(features, profile => profile == default ? size : 0, held)
    {
    }

    public BackendDirectory Directory { get; } = new();

    /// <summary>Number of slots, used or free; 0 where backends are made at run time.</summary>
    public int Size => BackendProfile.All.Sum(SizeOf);

    public int Used => _names.Count;

    /// <summary>Names that were given away and not released yet.</summary>
    public IReadOnlyCollection<string> Names => _keys.Keys;

    public int SizeOf(BackendProfile profile) => _slots[profile].Size;

    public int FreeOf(BackendProfile profile) => _slots[profile].Free.Count;

    /// <summary>Null when every slot of the key's profile is taken.</summary>
    public string? Acquire(PlaceKey key)
    {
        if (_names.TryGetValue(key, out var held))
            return held;
        string? name = _dynamic ? BackendNames.Dynamic(key) : null;
        if (name is null && !_slots[key.Profile].Free.TryDequeue(out name))
            return null;
        _names.Add(key, name);
        _keys[name] = key;
        Directory.Give(name, key);
        return name;
    }

    /// <summary>The key that <paramref name="name"/> was given to, wanted or not.</summary>
    public PlaceKey? KeyOf(string name) => _keys.GetValueOrDefault(name);

    public void Release(string name)
    {
        if (!_keys.Remove(name, out var key))
            return;
        _names.Remove(key);
        Directory.Release(name, isGone: _dynamic);
        if (!_dynamic)
            _slots[key.Profile].Free.Enqueue(name);
    }

    /// <summary>Makes room for <paramref name="size"/> slots; never shrinks.</summary>
    public void Grow(BackendProfile profile, int size)
    {
        if (_dynamic)
            return;
        for (var slots = _slots[profile]; slots.Size < size; slots.Size++)
        {
            var name = ProgramRenderer.SlotName(profile, slots.Size);
            if (!_keys.ContainsKey(name))
                slots.Free.Enqueue(name);
        }
    }

    /// <summary>False for what a hand, another version or a larger pool wrote: the backend gets a place of its own.</summary>
    private bool IsOurs(string name, PlaceKey key, Func<BackendProfile, int> sizes) =>
        SafeText.IsName(name) && BackendNames.IsUsable(key)
        && (_dynamic || (SlotOf(name) is var (profile, index) && profile == key.Profile && index < sizes(profile)));

    /// <summary>Null for what is no slot.</summary>
    public static (BackendProfile Profile, int Index)? SlotOf(string name)
    {
        foreach (var profile in BackendProfile.All)
        {
            var prefix = profile.Defaults.Length;
            if (name.Length > prefix + 1 && name[prefix] == '-' && name.StartsWith(profile.Defaults, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(prefix + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                return (profile, index);
            }
        }

        return null;
    }

    public static bool IsSlot(string name) => SlotOf(name) is not null;

    private sealed class Slots
    {
        public Queue<string> Free { get; } = new();

        public int Size { get; set; }
    }
}
