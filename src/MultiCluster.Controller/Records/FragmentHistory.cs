using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Records;

/// <summary>
/// What an entity published, folded from its decisions: the rows of a table "as it was". Total: decisions in any order and number, with
/// some of them missing, give a fragment. Certificates have no bytes in here.
/// </summary>
public sealed class FragmentHistory(EntityId entity)
{
    private static readonly Secret NoPem = new(ReadOnlyMemory<byte>.Empty);

    private readonly SortedDictionary<RouteKey, RouteClaim> _routes = [];
    private readonly SortedDictionary<string, CertificateFacts> _certificates = new(StringComparer.Ordinal);
    private readonly SortedDictionary<MemberName, MemberBackend> _members = [];
    private readonly SortedDictionary<string, Condition> _conflicts = new(StringComparer.Ordinal);
    private EquatableArray<MemberName> _accepted = [];
    private EquatableArray<CopyCondition> _conditions = [];
    private TrafficPolicy? _traffic;
    private MemberTraits? _traits;
    private bool _exists;

    /// <summary>Conflicts with other ingresses.</summary>
    public EquatableArray<Condition> Conflicts => _conflicts.Values.ToEquatableArray();

    /// <summary>Null when it did not exist.</summary>
    public Fragment? Current => (_exists, entity.Kind) switch
    {
        (true, EntityKind.Ingress) => new Fragment.Ingress(entity.Key, _routes.Values.ToEquatableArray(), Claims(), _accepted, _conditions) { Traffic = _traffic },
        (true, EntityKind.Backend) => new Fragment.Backend(entity.Key, _members.Values.ToEquatableArray()) { Conditions = _conditions },
        (_, EntityKind.Member) when _traits is not null => new Fragment.Member(new MemberName(entity.Key.Name), _traits),
        _ => null,
    };

    public void Apply(Decision decision)
    {
        switch (decision)
        {
            case Decision.RouteAdded added:
                _routes[added.Claim.Key] = added.Claim;
                break;
            case Decision.RouteRemoved removed:
                _routes.Remove(removed.Key);
                break;
            case Decision.CertificateChanged changed:
                Set(_certificates, changed.Host, changed.Certificate);
                break;
            case Decision.TrafficChanged changed:
                _traffic = changed.Traffic;
                break;
            case Decision.BackendChanged changed:
                Set(_members, changed.Member, changed.Backend);
                break;
            case Decision.ConditionsChanged changed:
                (_accepted, _conditions) = (changed.Accepted, changed.Conditions);
                break;
            case Decision.ConflictRaised raised:
                _conflicts[raised.Conflict.Reason] = raised.Conflict;
                return;
            case Decision.ConflictCleared cleared:
                _conflicts.Remove(cleared.Reason);
                return;
            case Decision.EntityGone:
                Clear();
                return;
            case Decision.MemberChanged changed:
                _traits = changed.Traits;
                return;
        }

        _exists = true;
    }

    private void Clear()
    {
        _routes.Clear();
        _certificates.Clear();
        _members.Clear();
        _conflicts.Clear();
        (_accepted, _conditions, _traffic, _traits, _exists) = ([], [], null, null, false);
    }

    private EquatableArray<TlsClaim> Claims() => _certificates.Select(static item => new TlsClaim(
        item.Key,
        new Certificate(item.Value.Fingerprint, NoPem, item.Value.NotBefore, item.Value.NotAfter, item.Value.DnsNames),
        item.Value.SecretName,
        item.Value.Rank)).ToEquatableArray();

    private static void Set<TKey, TValue>(SortedDictionary<TKey, TValue> map, TKey key, TValue? value)
        where TKey : notnull
        where TValue : class
    {
        if (value is null)
            map.Remove(key);
        else
            map[key] = value;
    }
}
