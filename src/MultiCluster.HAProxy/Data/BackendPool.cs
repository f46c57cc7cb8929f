using System.Globalization;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// Gives HAProxy names to backends: a blank slot before 3.4, a name of its own from 3.4 on. A slot comes back only when
/// HAProxy holds none of its servers any more, and goes to the end of the line, so that its last requests are long gone.
/// </summary>
public sealed class BackendPool
{
    private readonly Queue<string> _free = new();
    private readonly Dictionary<BackendKey, string> _names = [];
    private readonly Dictionary<string, BackendKey> _keys = new(StringComparer.Ordinal);
    private readonly bool _dynamic;

    public BackendPool(ProxyFeatures features, int size, IEnumerable<KeyValuePair<string, BackendKey>> held)
    {
        _dynamic = features.DynamicBackends;
        foreach (var (name, key) in held)
        {
            if (IsOurs(name, key, size) && !_keys.ContainsKey(name) && _names.TryAdd(key, name))
                _keys.Add(name, key);
        }

        Grow(size);
    }

    /// <summary>Number of slots, used or free; 0 where backends are made at run time.</summary>
    public int Size { get; private set; }

    public int Used => _names.Count;

    /// <summary>Names that were given away and not released yet.</summary>
    public IReadOnlyCollection<string> Names => _keys.Keys;

    /// <summary>Null when every slot is taken.</summary>
    public string? Acquire(BackendKey key)
    {
        if (_names.TryGetValue(key, out var held))
            return held;
        string? name = _dynamic ? BackendNames.Dynamic(key) : null;
        if (name is null && !_free.TryDequeue(out name))
            return null;
        _names.Add(key, name);
        _keys[name] = key;
        return name;
    }

    /// <summary>The key that <paramref name="name"/> was given to, wanted or not.</summary>
    public BackendKey? KeyOf(string name) => _keys.GetValueOrDefault(name);

    public void Release(string name)
    {
        if (!_keys.Remove(name, out var key))
            return;
        _names.Remove(key);
        if (!_dynamic)
            _free.Enqueue(name);
    }

    /// <summary>Makes room for <paramref name="size"/> slots; never shrinks.</summary>
    public void Grow(int size)
    {
        if (_dynamic)
            return;
        for (; Size < size; Size++)
        {
            var name = ProgramRenderer.SlotName(Size);
            if (!_keys.ContainsKey(name))
                _free.Enqueue(name);
        }
    }

    /// <summary>False for what a hand, another version or a larger pool wrote: the backend gets a place of its own.</summary>
    private bool IsOurs(string name, BackendKey key, int size) =>
        SafeText.IsName(name) && BackendNames.IsUsable(key) && (_dynamic || SlotIndex(name) < size);

    public static int? SlotIndex(string name) =>
        name.StartsWith(ProgramRenderer.SlotPrefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(ProgramRenderer.SlotPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
}
