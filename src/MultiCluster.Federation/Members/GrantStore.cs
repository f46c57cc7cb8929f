using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>One member's ReferenceGrants, and the Ingresses that name Secrets of other namespaces.</summary>
internal sealed class GrantStore
{
    private readonly Dictionary<ObjectKey, ReferenceGrantResource> _grants = [];
    private readonly Dictionary<string, SortedDictionary<ObjectKey, ReferenceGrantResource>> _bySpace = new(StringComparer.Ordinal);
    private readonly ReverseIndex<string> _bySecrets = new();
    private readonly Dictionary<ObjectKey, EquatableArray<string>> _named = [];

    public IReadOnlyCollection<ObjectKey> Keys => _grants.Keys;

    public ReferenceGrantResource? Find(ObjectKey key) => _grants.GetValueOrDefault(key);

    public bool Allows(string ingresses, ObjectKey secret) =>
        _bySpace.TryGetValue(secret.Namespace, out var grants) && grants.Values.Any(grant => grant.Allows(ingresses, secret.Name));

    /// <summary>Takes note of the namespaces whose Secrets an Ingress names.</summary>
    public void Follow(ObjectKey ingress, EquatableArray<string> spaces)
    {
        if (_named.Remove(ingress, out var before))
        {
            foreach (var space in before)
                _bySecrets.Remove(space, ingress);
        }

        if (spaces.IsEmpty)
            return;
        _named.Add(ingress, spaces);
        foreach (var space in spaces)
            _bySecrets.Add(space, ingress);
    }

    /// <summary>Adds the Ingresses that it may concern to <paramref name="dirty"/>; a null grant is a deletion.</summary>
    public void Set(ObjectKey key, ReferenceGrantResource? next, HashSet<ObjectKey> dirty)
    {
        if (!_bySpace.TryGetValue(key.Namespace, out var grants))
            _bySpace.Add(key.Namespace, grants = []);
        if (next is null)
        {
            _grants.Remove(key);
            grants.Remove(key);
        }
        else
        {
            _grants[key] = next;
            grants[key] = next;
        }

        if (grants.Count == 0)
            _bySpace.Remove(key.Namespace);
        _bySecrets.AddTo(dirty, key.Namespace);
    }
}
