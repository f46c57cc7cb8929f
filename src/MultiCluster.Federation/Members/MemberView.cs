using System.Collections.Immutable;
using MultiCluster.Federation.Settings;
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
public sealed partial class MemberView
{
    private readonly ImmutableArray<ResourceKind> _kinds;
    private readonly IngressStore _ingresses;
    private readonly SecretStore _secrets = new();
    private readonly NodeStore _nodes = new();
    private readonly PodStore _pods;
    private readonly ServiceStore _services;
    private readonly GrantStore _grants = new();
    private readonly ClassIndex _classes;
    private readonly ShrinkGuard _guard;
    private readonly ConfigMapStore _configMaps;
    private readonly SettingsSource? _settings;
    private readonly EquatableArray<ObjectKey> _tcpServices;
    private readonly EquatableArray<ObjectKey> _headerMaps;
    private readonly string? _parametersNamespace;
    private readonly ServerMemory _memory = new();
    private readonly ReverseIndex<ObjectKey> _byService = new();
    private readonly Dictionary<ObjectKey, IngressCopy> _ingressCopies = [];
    private readonly Dictionary<ObjectKey, ServiceCopy> _serviceCopies = [];
    private readonly SortedDictionary<ResourceKind, string> _stale = [];
    private readonly HashSet<ResourceKind> _listed = [];
    private readonly HashSet<ResourceKind> _refused = [];
    private readonly Dictionary<ResourceKind, string> _oldest = [];
    private HashSet<ObjectKey> _dirtyIngresses = [];
    private HashSet<ObjectKey> _dirtyServices = [];

    public MemberView(MemberName member, ClassOptions classes)
        : this(member, classes, MemberViewOptions.Default)
    {
    }

    public MemberView(MemberName member, ClassOptions classes, MemberViewOptions options)
    {
        Member = member;
        _kinds =
        [
            ResourceKind.Ingress, ResourceKind.IngressClass, ResourceKind.Service, ResourceKind.EndpointSlice, ResourceKind.Secret,
            .. options.ReadsNodes ? (ReadOnlySpan<ResourceKind>)[ResourceKind.Node] : [],
            .. options.ReadsGrants ? (ReadOnlySpan<ResourceKind>)[ResourceKind.ReferenceGrant] : [],
            .. options.PodLabels.IsEmpty ? [] : (ReadOnlySpan<ResourceKind>)[ResourceKind.Pod],
            .. options.IsHome ? (ReadOnlySpan<ResourceKind>)[ResourceKind.FederatedIngress] : [],
        ];
        _classes = new ClassIndex(classes);
        _ingresses = new IngressStore(_classes);
        _pods = new PodStore(options.PodLabels);
        _services = new ServiceStore(member, options.Access, _nodes, _pods);
        _guard = new ShrinkGuard(options.HoldsShrinks);
        _settings = options.Settings;
        _tcpServices = options.TcpServices;
        _headerMaps = options.HeaderMaps;
        _parametersNamespace = options.ParametersNamespace;
        _configMaps = new ConfigMapStore(options.ConfigMaps, options.HoldsShrinks);
        _configuredDefault = options.DefaultCertificate;
        MakeDefaultCertificate();
    }

    public MemberName Member { get; }

    /// <summary>What is read of the member; events of other kinds mean nothing.</summary>
    public IReadOnlyList<ResourceKind> Kinds => _kinds;

    /// <summary>
    /// Every kind has been listed at least once: only now does an absent object mean that there is none. Secrets that must not be read are not
    /// waited for: it may be meant so, and copies say that they lack them.
    /// </summary>
    public bool IsComplete => _kinds.All(kind => Lists(kind) || (IsDispensable(kind) && _refused.Contains(kind))) && _configMaps.IsSettled;

    /// <summary>What the ConfigMap of settings says, by full names, good or not; null: there is none here, or it has not been read.</summary>
    public EquatableMap? Settings { get; private set; }

    /// <summary>What is wrong in it, each once.</summary>
    public IEnumerable<string> SettingsProblems => _settings is null || Settings is null ? [] : SettingsReader.Problems(_settings, _configMaps.Find(_settings.ConfigMap));

    /// <summary>What is known may be old. Not because of Secrets that must not be read: routes and endpoints are followed without them.</summary>
    public bool IsStale => _stale.Keys.Any(kind => !IsDispensable(kind) || !_refused.Contains(kind));

    /// <summary>Whether there is anything in <see cref="Held"/>; asked with every event.</summary>
    public bool IsHolding => _guard.IsHolding;

    /// <summary>What lists lack and stays all the same, by kind; empty when all is well.</summary>
    public EquatableArray<HeldList> Held => _guard.Held;

    /// <summary>Kinds that can't be read now, with the reason; empty when all is well.</summary>
    public IReadOnlyList<StaleKind> Staleness => [.. _stale.Select(static item => new StaleKind(item.Key, item.Value))];

    public IReadOnlyList<CopyChange> Apply(MemberEvent memberEvent)
    {
        var before = (WaitsForParameters, _configMaps.IsRefused);
        if (_configMaps.Take(memberEvent) is (true, var changed))
        {
            MarkParameters(changed, all: before != (WaitsForParameters, _configMaps.IsRefused));
            if (_settings is not null && _configMaps.IsRead && (Settings is null || changed.Contains(_settings.ConfigMap)))
                Settings = SettingsReader.Read(_settings, _configMaps.Find(_settings.ConfigMap));
            MakeDefaultCertificate();
            if (_tcpServices.Any(changed.Contains))
                MakeTcpServices();
            // Rare, so that who names one is looked for and not kept.
            if (_headerMaps.Any(changed.Contains))
                _dirtyIngresses.UnionWith(_ingresses.AllKeys.Where(key => _ingresses.Candidates(key).Any(ingress => HeaderMaps.Names(ingress, changed))));
            return TakeChanges();
        }

        switch (memberEvent)
        {
            case MemberEvent.Listed listed:
                Replace(listed.Kind, listed.Items, listed.FollowsOutage);
                if (_listed.Add(listed.Kind) | _refused.Remove(listed.Kind))
                    MarkReadable(listed.Kind);
                EndEmptyDoubt();
                break;
            case MemberEvent.Upserted upserted:
                Set(upserted.Resource.Kind, upserted.Resource.Key, upserted.Resource);
                break;
            case MemberEvent.Deleted deleted:
                Set(deleted.Kind, deleted.Key, null);
                break;
            case MemberEvent.Connected connected:
                _stale.Remove(connected.Kind);
                if (Lists(connected.Kind) && _refused.Remove(connected.Kind))
                    MarkReadable(connected.Kind);
                _memory.Find(connected.Kind);
                EndEmptyDoubt();
                break;
            case MemberEvent.Disconnected disconnected when _kinds.Contains(disconnected.Kind):
                _stale[disconnected.Kind] = disconnected.Reason;
                _memory.Lose(disconnected.Kind, OldestOfAll);
                // Servers that can't tell of pods as they are asked still serve all else.
                if (disconnected.Kind == ResourceKind.Pod && !Lists(ResourceKind.Pod) && _refused.Add(ResourceKind.Pod))
                    MarkPods(isRead: false);
                break;
            case MemberEvent.Refused(var kind):
                if (_refused.Add(kind) && kind == ResourceKind.Pod)
                    MarkPods(isRead: false);
                break;
        }

        return TakeChanges();
    }

    /// <summary>Deletes all that is held: an operator knows that it is gone.</summary>
    public IReadOnlyList<CopyChange> Approve()
    {
        foreach (var (kind, key) in _guard.Approve())
            Set(kind, key, null);
        _memory.Trust();
        return TakeChanges();
    }

    /// <summary>
    /// Whether all that the copy is made of has been listed. Secrets are no condition: where they may not be read, routes are better
    /// served without their certificates than not at all.
    /// </summary>
    public bool Knows(CopyChange change) => change is CopyChange.ServiceChanged service
        ? Lists(ResourceKind.Service) && Lists(ResourceKind.EndpointSlice) && (!_services.IsOnNodes(service.Service) || Lists(ResourceKind.Node))
            && (!_kinds.Contains(ResourceKind.Pod) || Lists(ResourceKind.Pod) || _refused.Contains(ResourceKind.Pod))
        : Lists(ResourceKind.Ingress) && Lists(ResourceKind.IngressClass) && Lists(ResourceKind.Service)
            && (!_kinds.Contains(ResourceKind.FederatedIngress) || Lists(ResourceKind.FederatedIngress)) && !WaitsForParameters
            && (!_kinds.Contains(ResourceKind.ReferenceGrant) || Lists(ResourceKind.ReferenceGrant) || _refused.Contains(ResourceKind.ReferenceGrant));

    /// <summary>Every copy there is, Services first, ordered by key: what a new owner needs.</summary>
    public IReadOnlyList<CopyChange> Snapshot() =>
    [
        .. _serviceCopies.OrderBy(static item => item.Key).Select(static item => new CopyChange.ServiceChanged(item.Key, item.Value)),
        .. _ingressCopies.OrderBy(static item => item.Key).Select(static item => new CopyChange.IngressChanged(item.Key, item.Value)),
    ];

    private bool Lists(ResourceKind kind) => _listed.Contains(kind);

    /// <summary>A server that forgot everything and had it made anew before anybody looked: nothing is held that an operator could approve.</summary>
    private void EndEmptyDoubt()
    {
        if (!_guard.IsHolding && _stale.Count == 0 && _memory.HasOutlivedDoubt(_kinds.Where(kind => !_refused.Contains(kind))))
            _memory.Trust();
    }

    private void Replace(ResourceKind kind, ImmutableArray<Resource> items, bool followsOutage)
    {
        if (!_kinds.Contains(kind))
            return;
        if (kind == ResourceKind.Pod)
        {
            ReplacePods(items);
            return;
        }

        var lacking = KeysOf(kind).ToHashSet();
        var isForgotten = lacking.Count > 0 && !Keeps(kind, items) && !_memory.IsProvenFor(kind, followsOutage);
        if (isForgotten)
            _memory.Doubt(kind, followsOutage, OldestOfAll);
        foreach (var item in items)
        {
            if (item.Kind == kind)
                lacking.Remove(Identity(kind, item.Key));
        }

        // Judged by what was known before the list: what it brings makes up for nothing.
        var worth = WorthOf(kind);
        var gone = _guard.Judge(
            kind, lacking, KeysOf(kind), worth, kind == ResourceKind.EndpointSlice ? _services.LossBy(items) : worth, isForgotten && Size >= ShrinkGuard.MinWorth);
        foreach (var item in items)
        {
            if (item.Kind == kind)
                Set(kind, item.Key, item);
        }

        foreach (var key in gone)
            Set(kind, key, null);
        if (!_memory.Look(kind, items))
            return;
        foreach (var (other, key) in _guard.Disprove())
            Set(other, key, null);
    }

    /// <summary>What would be lost with an object: routes of an Ingress, endpoints of a Service, or what hangs on it.</summary>
    private Func<ObjectKey, int> WorthOf(ResourceKind kind)
    {
        switch (kind)
        {
            case ResourceKind.Ingress:
                return key => IngressReferences.RoutesOf(_ingresses.Find(key)!);
            case ResourceKind.IngressClass:
                return key => _classes.Worth(key.Name);
            case ResourceKind.Service:
                return _services.Worth;
            case ResourceKind.Secret:
                return _secrets.Worth;
            case ResourceKind.EndpointSlice:
                return key => ServiceStore.AddressesOf(_services.FindSlice(key)!);
            default:
                return static _ => 1;
        }
    }

    /// <summary>Takes note of an object's new state, null for deleted; an equal one changes nothing.</summary>
    private void Set(ResourceKind kind, ObjectKey key, Resource? next)
    {
        if (!_kinds.Contains(kind))
            return;
        _guard.Release(kind, Identity(kind, key));
        next = next is PodResource pod ? _pods.ShapeOf(pod) : next;
        if (Equals(Find(kind, key), next))
            return;
        _oldest.Remove(kind);
        switch (kind)
        {
            case ResourceKind.Ingress:
                SetIngress(key, () => _ingresses.Set(key, (IngressResource?)next));
                break;
            case ResourceKind.FederatedIngress:
                SetIngress(key, () => _ingresses.SetFederated(key, (FederatedIngressResource?)next));
                break;
            case ResourceKind.Node:
                if (_nodes.Set(Identity(kind, key), (NodeResource?)next))
                    _services.AddOnNodes(_dirtyServices);
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
            case ResourceKind.ReferenceGrant:
                _grants.Set(key, (ReferenceGrantResource?)next, _dirtyIngresses);
                break;
            case ResourceKind.Pod:
                if (next is PodResource there)
                    SetPod(there);
                else
                    _pods.Remove(key, isUsed: _services.Uses(key));
                break;
            case ResourceKind.Secret:
                _secrets.Set(key, (DataSecretResource?)next, _dirtyIngresses);
                break;
        }
    }

    private void SetIngress(ObjectKey key, Action set)
    {
        _dirtyIngresses.Add(key);
        foreach (var previous in _ingresses.Candidates(key))
        {
            _classes.Untrack(previous);
            foreach (var service in IngressReferences.Of(previous).Services)
                _byService.Remove(service, key);
        }

        set();
        foreach (var next in _ingresses.Candidates(key))
        {
            _classes.Track(next);
            foreach (var service in IngressReferences.Of(next).Services)
                _byService.Add(service, key);
        }
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
        if (_ingresses.Judge(key) is not { } judged)
        {
            _secrets.Follow(key, []);
            _grants.Follow(key, []);
            return null;
        }

        var copy = new IngressCopy(Member, judged.Ingress, judged.Class, [], []) { Federated = judged.Federated, HasIngress = judged.HasIngress, IsDefaultCertificate = IsDefaultCertificate(judged.Ingress), HidesIngress = HidesIngress(judged.Ingress) };
        if (judged.Class != ClassVerdict.Ours)
        {
            _secrets.Follow(key, []);
            _grants.Follow(key, []);
            return copy;
        }

        copy = copy with { Ingress = HeaderMaps.Resolve(judged.Ingress, _headerMaps, _configMaps.FindKnown) };

        var references = IngressReferences.Of(judged.Ingress);
        var services = references.Services.Select(_services.Shape).OfType<ServiceResource>().ToEquatableArray();
        var annotated = SecretAnnotations.Of(judged.Ingress, services);
        _grants.Follow(key, annotated.Select(static secret => secret.Namespace).Where(space => space != key.Namespace).Distinct(StringComparer.Ordinal).ToEquatableArray());
        annotated.RemoveWhere(secret => secret.Namespace != key.Namespace && !_grants.Allows(key.Namespace, secret));
        _secrets.Follow(key, [.. references.Secrets, .. annotated]);
        return copy with
        {
            Services = services,
            Secrets = _secrets.Certificates(references.Secrets),
            AnnotationSecrets = _secrets.Shapes(annotated),
            KnowsSecrets = KnowsSecrets(references.Secrets, annotated),
            Granted = annotated.Where(secret => secret.Namespace != key.Namespace).ToEquatableArray(),
            Parameters = ParametersOf(judged.Ingress),
            PodLabels = _pods.Keys,
        };
    }
}
