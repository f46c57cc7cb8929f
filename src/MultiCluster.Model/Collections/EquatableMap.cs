using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MultiCluster.Model.Collections;

/// <summary>
/// Immutable string map with structural equality (labels, annotations): a sorted array, since these maps hold a
/// handful of keys and are built for every event.
/// </summary>
public sealed class EquatableMap : IEquatable<EquatableMap>, IReadOnlyDictionary<string, string>
{
    public static readonly EquatableMap Empty = new([]);

    private readonly KeyValuePair<string, string>[] _items;

    private EquatableMap(KeyValuePair<string, string>[] items) => _items = items;

    /// <summary>Of two entries with one key the later wins.</summary>
    public static EquatableMap From(IEnumerable<KeyValuePair<string, string>> items)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in items)
            map[key] = value;
        return map.Count == 0 ? Empty : new EquatableMap([.. map]);
    }

    /// <summary>As above, without garbage for keys that already ascend, as the Kubernetes API sends them.</summary>
    public static EquatableMap From(ReadOnlySpan<KeyValuePair<string, string>> items)
    {
        for (var i = 1; i < items.Length; i++)
        {
            if (string.CompareOrdinal(items[i - 1].Key, items[i].Key) >= 0)
                return From((IEnumerable<KeyValuePair<string, string>>)items.ToArray());
        }

        return items.IsEmpty ? Empty : new EquatableMap(items.ToArray());
    }

    public int Count => _items.Length;

    public IEnumerable<string> Keys => _items.Select(static item => item.Key);

    public IEnumerable<string> Values => _items.Select(static item => item.Value);

    public string this[string key] => Find(key) ?? throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => Find(key) is not null;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        value = Find(key);
        return value is not null;
    }

    public string? Find(string key)
    {
        foreach (var item in _items)
        {
            if (string.Equals(item.Key, key, StringComparison.Ordinal))
                return item.Value;
        }

        return null;
    }

    public bool Equals(EquatableMap? other) =>
        ReferenceEquals(this, other) || (other is not null && _items.AsSpan().SequenceEqual(other._items));

    public override bool Equals(object? obj) => Equals(obj as EquatableMap);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in _items)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
