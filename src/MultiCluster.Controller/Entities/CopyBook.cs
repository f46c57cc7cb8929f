using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Entities;

/// <summary>What each member has of one object, ordered by member. Members are few, and what is made of their copies is made at every change.</summary>
internal sealed class CopyBook<TCopy>
    where TCopy : class, IEquatable<TCopy>
{
    private readonly List<(MemberName Member, TCopy Copy)> _items = [];
    private EquatableArray<TCopy>? _copies = EquatableArray<TCopy>.Empty;

    public EquatableArray<TCopy> Copies
    {
        get
        {
            if (_copies is { } known)
                return known;
            var copies = new TCopy[_items.Count];
            for (var i = 0; i < copies.Length; i++)
                copies[i] = _items[i].Copy;
            return (_copies = EquatableArray.Of(copies)).Value;
        }
    }

    public TCopy? Find(MemberName member)
    {
        var at = IndexOf(member);
        return at < 0 ? null : _items[at].Copy;
    }

    /// <param name="copy">Null: the member has none.</param>
    public void Set(MemberName member, TCopy? copy)
    {
        var at = IndexOf(member);
        if (copy is null && at < 0)
            return;
        _copies = null;
        if (copy is null)
            _items.RemoveAt(at);
        else if (at < 0)
            _items.Insert(~at, (member, copy));
        else
            _items[at] = (member, copy);
    }

    public void RemoveWhere(Predicate<MemberName> isGone)
    {
        if (_items.RemoveAll(item => isGone(item.Member)) > 0)
            _copies = null;
    }

    /// <returns>As of a binary search: the complement of its place if the member is not there.</returns>
    private int IndexOf(MemberName member)
    {
        for (var i = 0; i < _items.Count; i++)
        {
            var order = _items[i].Member.CompareTo(member);
            if (order >= 0)
                return order == 0 ? i : ~i;
        }

        return ~_items.Count;
    }
}
