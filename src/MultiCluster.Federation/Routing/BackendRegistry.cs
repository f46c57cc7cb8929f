using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Routing;

/// <summary>Backends, of which only those that a route refers to are part of routing.</summary>
internal sealed class BackendRegistry
{
    private readonly Dictionary<ObjectKey, Fragment.Backend> _fragments = [];
    private readonly Dictionary<ObjectKey, int> _references = [];

    public IEnumerable<KeyValuePair<ObjectKey, Fragment.Backend?>> InUse => _references.Keys
        .Select(service => KeyValuePair.Create(service, _fragments.GetValueOrDefault(service)))
        .Where(static item => item.Value is not null);

    /// <summary>Null when no route refers to it.</summary>
    public Fragment.Backend? Find(ObjectKey service) => _references.ContainsKey(service) ? _fragments.GetValueOrDefault(service) : null;

    public void Set(ObjectKey service, Fragment.Backend? fragment, TableEdit edit)
    {
        edit.Touch(service, Find(service));
        if (fragment is null)
            _fragments.Remove(service);
        else
            _fragments[service] = fragment;
    }

    public void Retain(ObjectKey service, TableEdit edit)
    {
        edit.Touch(service, Find(service));
        _references[service] = _references.GetValueOrDefault(service) + 1;
    }

    public void Release(ObjectKey service, TableEdit edit)
    {
        edit.Touch(service, Find(service));
        var left = _references[service] - 1;
        if (left == 0)
            _references.Remove(service);
        else
            _references[service] = left;
    }
}
