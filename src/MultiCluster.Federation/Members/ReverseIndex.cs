using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Members;

/// <summary>Who refers to a target.</summary>
internal sealed class ReverseIndex<TTarget>
    where TTarget : notnull
{
    private readonly Dictionary<TTarget, HashSet<ObjectKey>> _referrers = [];

    public void Add(TTarget target, ObjectKey referrer)
    {
        if (!_referrers.TryGetValue(target, out var set))
            _referrers.Add(target, set = []);
        set.Add(referrer);
    }

    public void Remove(TTarget target, ObjectKey referrer)
    {
        if (_referrers.TryGetValue(target, out var set) && set.Remove(referrer) && set.Count == 0)
            _referrers.Remove(target);
    }

    public int Count(TTarget target) => _referrers.TryGetValue(target, out var set) ? set.Count : 0;

    public void AddTo(HashSet<ObjectKey> dirty, TTarget target)
    {
        if (_referrers.TryGetValue(target, out var set))
            dirty.UnionWith(set);
    }
}
