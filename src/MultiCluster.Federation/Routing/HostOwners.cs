using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Routing;

/// <summary>Which hosts rules have, and what others claim of them as further names of theirs.</summary>
internal sealed class HostOwners
{
    private readonly Dictionary<string, int> _owned = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<RouteKey>> _further = new(StringComparer.Ordinal);

    /// <summary>Some rule has it.</summary>
    public bool IsOwned(string host) => _owned.ContainsKey(host);

    /// <summary>One claim in another's place; null for none.</summary>
    /// <returns>Routes that are decided otherwise now, since the host came to be owned or ceased to be.</returns>
    public IReadOnlyCollection<RouteKey> Replace(RouteKey key, RouteClaim? before, RouteClaim? after, bool hasOtherFurther)
    {
        if (after is { IsFurtherName: true })
            Further(key.Host).Add(key);
        else if (before is { IsFurtherName: true } && !hasOtherFurther && _further.TryGetValue(key.Host, out var keys) && keys.Remove(key) && keys.Count == 0)
            _further.Remove(key.Host);
        var change = (Owns(after) ? 1 : 0) - (Owns(before) ? 1 : 0);
        if (change == 0)
            return [];
        var wasOwned = IsOwned(key.Host);
        var count = _owned.GetValueOrDefault(key.Host) + change;
        if (count > 0)
            _owned[key.Host] = count;
        else
            _owned.Remove(key.Host);
        return wasOwned != IsOwned(key.Host) && _further.TryGetValue(key.Host, out var decided) ? [.. decided] : [];
    }

    /// <summary>What a proxy answers by itself, such as an authority's question about the host, is nobody's rule.</summary>
    private static bool Owns(RouteClaim? claim) => claim is { IsFurtherName: false, Policy: not { Answer: not null } };

    private HashSet<RouteKey> Further(string host)
    {
        if (!_further.TryGetValue(host, out var keys))
            _further.Add(host, keys = []);
        return keys;
    }
}
