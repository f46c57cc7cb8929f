using System.Runtime.InteropServices;
using MultiCluster.Model.Collections;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>Collects the items of a JSON array; an array of one item (most of them) is allocated once and exactly.</summary>
internal struct ItemBuffer<T>
    where T : IEquatable<T>
{
    private T[]? _items;
    private int _count;

    public void Add(T item)
    {
        if (_items is null)
            _items = new T[1];
        else if (_count == _items.Length)
            Array.Resize(ref _items, _count < 4 ? 4 : _count * 2);
        _items[_count++] = item;
    }

    public EquatableArray<T> ToEquatableArray()
    {
        if (_items is null)
            return [];
        if (_items.Length != _count)
            Array.Resize(ref _items, _count);
        return new EquatableArray<T>(ImmutableCollectionsMarshal.AsImmutableArray(_items));
    }
}
