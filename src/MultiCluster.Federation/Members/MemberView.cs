using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Members;

/// <summary>
/// Everything known of one member, and what each event of it means for the owners of federated objects. An event costs
/// what it touches, never the size of the member; a list costs its length, and only differences come out of it.
/// Owned by one actor: not for use by two threads.
/// </summary>
public sealed class MemberView(MemberName member, ClassOptions options)
{
    private static readonly ImmutableArray<ResourceKind> Kinds =
        [ResourceKind.Ingress, ResourceKind.IngressClass, ResourceKind.Service, ResourceKind.EndpointSlice, ResourceKind.Secret];

    private readonly Dictionary<ObjectKey, IngressResource> _ingresses = [];
    private readonly Dictionary<ObjectKey, TlsSecretResource> _secrets = [];
    private readonly ServiceStore _services = new(member);
    private readonly ClassIndex _classes = new(options);
    private readonly ReverseIndex<ObjectKey> _bySecret = new();
    private readonly ReverseIndex<ObjectKey> _byService = new();
    private readonly Dictionary<ObjectKey, IngressCopy> _ingressCopies = [];
    private readonly Dictionary<ObjectKey, ServiceCopy> _serviceCopies = [];
    private readonly SortedDictionary<ResourceKind, string> _stale = [];
    private readonly HashSet<ResourceKind> _listed = [];
    private HashSet<ObjectKey> _dirtyIngresses = [];
    private HashSet<ObjectKey> _dirtyServices = [];

    public MemberName Member { get; } = member;

    /// <summary>Every kind has been listed at least once: only now does an absent object mean that there is none.</summary>
    public bool IsComplete => Kinds.All(_listed.Contains);

    /// <summary>Kinds that can't be read now, with the reason; empty when all is well.</summary>
    public IReadOnlyList<StaleKind> Staleness => [.. _stale.Select(static item => new StaleKind(item.Key, item.Value))];

    public IReadOnlyList<CopyChange> Apply(MemberEvent memberEvent)
    {
        switch (memberEvent)
        {
            case MemberEvent.Listed listed:
                Replace(listed.Kind, listed.Items);
                _listed.Add(listed.Kind);
                break;
            case MemberEvent.Upserted upserted:
                Set(upserted.Resource.Kind, upserted.Resource.Key, upserted.Resource);
                break;
            case MemberEvent.Deleted deleted:
                Set(deleted.Kind, deleted.Key, null);
                break;
            case MemberEvent.Connected connected:
                _stale.Remove(connected.Kind);
                break;
            case MemberEvent.Disconnected disconnected:
                _stale[disconnected.Kind] = disconnected.Reason;
                break;
        }

        return TakeChanges();
    }

    /// <summary>
    /// Whether all that the copy is made of has been listed. Secrets are no condition: where they may not be read, routes are better
    /// served without their certificates than not at all.
    /// </summary>
    public bool Knows(CopyChange change) => change is CopyChange.ServiceChanged
        ? _listed.Contains(ResourceKind.Service) && _listed.Contains(ResourceKind.EndpointSlice)
        : _listed.Contains(ResourceKind.Ingress) && _listed.Contains(ResourceKind.IngressClass) && _listed.Contains(ResourceKind.Service);

    /// <summary>Every copy there is, Services first, ordered by key: what a new owner needs.</summary>
    public IReadOnlyList<CopyChange> Snapshot() =>
    [
        .. _serviceCopies.OrderBy(static item => item.Key).Select(static item => new CopyChange.ServiceChanged(item.Key, item.Value)),
        .. _ingressCopies.OrderBy(static item => item.Key).Select(static item => new CopyChange.IngressChanged(item.Key, item.Value)),
    ];

    private void Replace(ResourceKind kind, ImmutableArray<Resource> items)
    {
        var gone = KeysOf(kind).ToHashSet();
        foreach (var item in items)
        {
            if (item.Kind != kind)
                continue;
            gone.Remove(Identity(kind, item.Key));
            Set(kind, item.Key, item);
        }

        foreach (var key in gone)
            Set(kind, key, null);
    }

    /// <summary>Takes note of an object's new state, null for deleted; an equal one changes nothing.</summary>
    private void Set(ResourceKind kind, ObjectKey key, Resource? next)
    {
        if (Equals(Find(kind, key), next))
            return;
        switch (kind)
        {
            case ResourceKind.Ingress:
                SetIngress(key, (IngressResource?)next);
                break;
            case ResourceKind.IngressClass:
                _classes.Set(key.Name, (IngressClassResource?)next, _dirtyIngresses);
                break;
            case ResourceKind.Service:
                _dirtyServices.Add(key);
                if (_services.SetService(key, (ServiceResource?)next))
                    _byService.AddTo(_dirtyIngresses, key);
                break;
            case ResourceKind.EndpointSlice:
                _services.SetSlice(key, (EndpointSliceResource?)next, _dirtyServices);
                break;
            case ResourceKind.Secret:
                SetSecret(key, (TlsSecretResource?)next);
                break;
        }
    }

    private void SetIngress(ObjectKey key, IngressResource? next)
    {
        _dirtyIngresses.Add(key);
        if (_ingresses.Remove(key, out var previous))
        {
            _classes.Untrack(previous);
            var old = IngressReferences.Of(previous);
            foreach (var service in old.Services)
                _byService.Remove(service, key);
            foreach (var secret in old.Secrets)
                _bySecret.Remove(secret, key);
        }

        if (next is null)
            return;
        _ingresses.Add(key, next);
        _classes.Track(next);
        var references = IngressReferences.Of(next);
        foreach (var service in references.Services)
            _byService.Add(service, key);
        foreach (var secret in references.Secrets)
            _bySecret.Add(secret, key);
    }

    private void SetSecret(ObjectKey key, TlsSecretResource? next)
    {
        if (next is null)
            _secrets.Remove(key);
        else
            _secrets[key] = next;
        _bySecret.AddTo(_dirtyIngresses, key);
    }

    private List<CopyChange> TakeChanges()
    {
        var changes = new List<CopyChange>();
        foreach (var key in InOrder(_dirtyServices))
        {
            if (Remember(_serviceCopies, key, _services.Copy(key)))
                changes.Add(new CopyChange.ServiceChanged(key, _serviceCopies.GetValueOrDefault(key)));
        }

        foreach (var key in InOrder(_dirtyIngresses))
        {
            if (Remember(_ingressCopies, key, CopyOf(key)))
                changes.Add(new CopyChange.IngressChanged(key, _ingressCopies.GetValueOrDefault(key)));
        }

        // New sets rather than Clear(), whose cost stays that of the largest list ever seen.
        if (_dirtyServices.Count > 0)
            _dirtyServices = [];
        if (_dirtyIngresses.Count > 0)
            _dirtyIngresses = [];
        return changes;
    }

    private static IEnumerable<ObjectKey> InOrder(HashSet<ObjectKey> keys) => keys.Count > 1 ? keys.Order() : keys;

    private static bool Remember<TCopy>(Dictionary<ObjectKey, TCopy> copies, ObjectKey key, TCopy? next)
        where TCopy : class, IEquatable<TCopy>
    {
        if (next is null)
            return copies.Remove(key);
        if (copies.TryGetValue(key, out var previous) && previous.Equals(next))
            return false;
        copies[key] = next;
        return true;
    }

    /// <summary>An Ingress of another class comes without its references: nobody will look at them.</summary>
    private IngressCopy? CopyOf(ObjectKey key)
    {
        if (!_ingresses.TryGetValue(key, out var ingress))
            return null;
        var verdict = _classes.Judge(ingress);
        if (verdict != ClassVerdict.Ours)
            return new IngressCopy(Member, ingress, verdict, [], []);
        var references = IngressReferences.Of(ingress);
        return new IngressCopy(
            Member,
            ingress,
            verdict,
            references.Secrets.Select(_secrets.GetValueOrDefault).OfType<TlsSecretResource>().ToEquatableArray(),
            references.Services.Select(_services.Shape).OfType<ServiceResource>().ToEquatableArray());
    }

    private Resource? Find(ResourceKind kind, ObjectKey key) => kind switch
    {
        ResourceKind.Ingress => _ingresses.GetValueOrDefault(key),
        ResourceKind.IngressClass => _classes.Find(key.Name),
        ResourceKind.Service => _services.FindService(key),
        ResourceKind.EndpointSlice => _services.FindSlice(key),
        ResourceKind.Secret => _secrets.GetValueOrDefault(key),
        _ => null,
    };

    private IEnumerable<ObjectKey> KeysOf(ResourceKind kind) => kind switch
    {
        ResourceKind.Ingress => _ingresses.Keys,
        ResourceKind.IngressClass => _classes.Names.Select(static name => new ObjectKey("", name)),
        ResourceKind.Service => _services.ServiceKeys,
        ResourceKind.EndpointSlice => _services.SliceKeys,
        ResourceKind.Secret => _secrets.Keys,
        _ => [],
    };

    /// <summary>IngressClasses have no namespace, whatever a file may say.</summary>
    private static ObjectKey Identity(ResourceKind kind, ObjectKey key) =>
        kind == ResourceKind.IngressClass ? new ObjectKey("", key.Name) : key;
}
