using System.Collections.Immutable;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>
/// The objects of all files. An object that several files hold is that of the first file in ordinal order of paths, so that
/// the order of reading doesn't matter.
/// </summary>
internal sealed class ManifestSet
{
    /// <summary>Kinds that others refer to come first, so that a batch shows few states in between.</summary>
    private static readonly ImmutableArray<ResourceKind> Order =
    [
        ResourceKind.ConfigMap,
        ResourceKind.IngressClass,
        ResourceKind.Node,
        ResourceKind.Pod,
        ResourceKind.Service,
        ResourceKind.EndpointSlice,
        ResourceKind.Secret,
        ResourceKind.ReferenceGrant,
        ResourceKind.Ingress,
        ResourceKind.FederatedIngress,
    ];

    private readonly Dictionary<string, ImmutableDictionary<ObjectId, Resource>> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectId, SortedSet<string>> _holders = [];
    private readonly Dictionary<ObjectId, Resource> _current = [];
    private readonly HashSet<ObjectId> _touched = [];
    private int _removedFiles;

    public static ImmutableArray<ResourceKind> Kinds => Order;

    /// <param name="objects">Null when the file is gone.</param>
    public void Replace(string file, ImmutableDictionary<ObjectId, Resource>? objects)
    {
        if (_files.Remove(file, out var before))
        {
            foreach (var id in before.Keys)
                Drop(id, file);
        }

        if (objects is null)
        {
            _removedFiles++;
            return;
        }

        _files[file] = objects;
        foreach (var id in objects.Keys)
        {
            if (!_holders.TryGetValue(id, out var holders))
                _holders[id] = holders = new SortedSet<string>(StringComparer.Ordinal);
            holders.Add(file);
            _touched.Add(id);
        }
    }

    /// <summary>What has changed since the last call, as single events.</summary>
    /// <remarks>
    /// Several files that vanish together with most of the objects are more likely a mount that came up empty than a wish:
    /// that is reported as lists and not as deletions.
    /// </remarks>
    public List<MemberEvent> TakeChanges()
    {
        var upserts = new List<Resource>();
        var deletes = new List<ObjectId>();
        var known = _current.Count;
        foreach (var id in _touched)
            Settle(id, upserts, deletes);
        _touched.Clear();
        var suspicious = _removedFiles > 1 && deletes.Count * 2 > known;
        _removedFiles = 0;
        if (suspicious)
            return [.. TakeLists()];
        return
        [
            .. upserts.OrderBy(static r => Order.IndexOf(r.Kind)).ThenBy(static r => r.Key).Select(static r => new MemberEvent.Upserted(r)),
            .. deletes.OrderByDescending(static id => Order.IndexOf(id.Kind)).ThenBy(static id => id.Key)
                .Select(static id => new MemberEvent.Deleted(id.Kind, id.Key)),
        ];
    }

    /// <summary>Everything, as one complete list for each kind.</summary>
    public List<MemberEvent> TakeLists()
    {
        foreach (var id in _touched)
            Settle(id, [], []);
        _touched.Clear();
        _removedFiles = 0;
        var byKind = _current.Values.ToLookup(static resource => resource.Kind);
        return [.. Order.Select(kind => new MemberEvent.Listed(kind, [.. byKind[kind].OrderBy(static resource => resource.Key)]))];
    }

    public IEnumerable<FolderProblem> Duplicates() =>
        from holder in _holders
        where holder.Value.Count > 1
        let first = holder.Value.Min
        from other in holder.Value
        where !string.Equals(other, first, StringComparison.Ordinal)
        select new FolderProblem(other, 1, $"{holder.Key} is already in {first}, which counts");

    private void Drop(ObjectId id, string file)
    {
        var holders = _holders[id];
        holders.Remove(file);
        if (holders.Count == 0)
            _holders.Remove(id);
        _touched.Add(id);
    }

    private void Settle(ObjectId id, List<Resource> upserts, List<ObjectId> deletes)
    {
        if (!_holders.TryGetValue(id, out var holders))
        {
            if (_current.Remove(id))
                deletes.Add(id);
            return;
        }

        var resource = _files[holders.Min!][id];
        if (_current.TryGetValue(id, out var before) && before.Equals(resource))
            return;
        _current[id] = resource;
        upserts.Add(resource);
    }
}
