using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>The ConfigMaps of a member that the configuration names.</summary>
/// <param name="keepsLost">A list that lacks one is no proof that it was deleted: what was in it guards access, perhaps.</param>
internal sealed class ConfigMapStore(IReadOnlyList<ObjectKey> wanted, bool keepsLost)
{
    private readonly Dictionary<ObjectKey, EquatableMap> _known = [];
    private bool _isListed;
    private bool _isRefused;

    /// <summary>Nothing more need be waited for: all has been read, or must not be.</summary>
    public bool IsSettled => wanted.Count == 0 || _isListed || _isRefused;

    /// <summary>All has been read.</summary>
    public bool IsRead => _isListed;

    /// <returns>Whether the event is about ConfigMaps, and what of them is other than before.</returns>
    public (bool IsMine, IReadOnlyCollection<ObjectKey> Changed) Take(MemberEvent memberEvent)
    {
        switch (memberEvent)
        {
            case MemberEvent.Listed { Kind: ResourceKind.ConfigMap } listed:
                (_isListed, _isRefused) = (true, false);
                return (true, [.. TakeList(listed.Items)]);
            case MemberEvent.Upserted { Resource: ConfigMapResource map }:
                return (true, Set(map) ? [map.Key] : []);
            case MemberEvent.Deleted { Kind: ResourceKind.ConfigMap } deleted:
                return (true, _known.Remove(deleted.Key) ? [deleted.Key] : []);
            case MemberEvent.Refused { Kind: ResourceKind.ConfigMap }:
                _isRefused = true;
                return (true, []);
            case MemberEvent.Connected { Kind: ResourceKind.ConfigMap } or MemberEvent.Disconnected { Kind: ResourceKind.ConfigMap }:
                return (true, []);
            default:
                return (false, []);
        }
    }

    /// <summary>It was never read, and must not be.</summary>
    public bool IsRefused => _isRefused && !_isListed;

    public bool Has(ObjectKey key) => _known.ContainsKey(key);

    /// <summary>Empty when there is none.</summary>
    public EquatableMap Find(ObjectKey key) => _known.GetValueOrDefault(key, EquatableMap.Empty);

    /// <summary>Null when there is none.</summary>
    public EquatableMap? FindKnown(ObjectKey key) => _known.GetValueOrDefault(key);

    private List<ObjectKey> TakeList(ImmutableArray<Resource> items)
    {
        var changed = items.OfType<ConfigMapResource>().Where(Set).Select(static map => map.Key).ToList();
        if (keepsLost)
            return changed;
        var lost = _known.Keys.Where(key => !items.Any(item => item.Key == key)).ToList();
        lost.ForEach(key => _known.Remove(key));
        return [.. changed, .. lost];
    }

    /// <summary>One whose shape is wrong changes nothing.</summary>
    private bool Set(ConfigMapResource map)
    {
        if ((!wanted.Contains(map.Key) && !wanted.Contains(map.Key with { Name = "" })) || map.DecodeError is not null || (_known.TryGetValue(map.Key, out var before) && before.Equals(map.Data)))
            return false;
        _known[map.Key] = map.Data;
        return true;
    }
}
