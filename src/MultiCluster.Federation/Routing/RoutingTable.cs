using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Routing;

/// <summary>
/// A replica of what all entities published, last writer wins by version, and the routing that arbitration makes of it:
/// the same on every node for the same rows and time, whatever the order of arrival. An update costs what its entity
/// claims, never the size of the table. Owned by one actor: not for use by two threads.
/// </summary>
public sealed class RoutingTable
{
    private readonly Dictionary<EntityId, FragmentUpdate> _rows = [];
    private readonly Dictionary<MemberName, MemberTraits> _members = [];
    private readonly ConflictLedger _conflicts = new();
    private readonly BackendRegistry _backends = new();
    private readonly RouteArbiter _routes;
    private readonly CertificateArbiter _certificates;
    private DateTimeOffset _now = DateTimeOffset.MinValue;

    public RoutingTable()
    {
        _routes = new RouteArbiter(_backends, _conflicts);
        _certificates = new CertificateArbiter(_conflicts);
    }

    /// <summary>Number of deltas so far.</summary>
    public long Version { get; private set; }

    /// <summary>When time alone next may change a certificate: call <see cref="Reevaluate"/> then. Null for never.</summary>
    public DateTimeOffset? NextCertificateExpiry => _certificates.NextDue;

    /// <summary>What is published of each member.</summary>
    public IReadOnlyDictionary<MemberName, MemberTraits> Members => _members;

    /// <summary>Every row, tombstones included: what another replica needs.</summary>
    public IReadOnlyCollection<FragmentUpdate> Rows => _rows.Values;

    /// <summary>The row of an entity, a tombstone included; null when it was never heard of.</summary>
    public FragmentUpdate? Row(EntityId entity) => _rows.GetValueOrDefault(entity);

    public TableChange Apply(FragmentUpdate update, DateTimeOffset now) => Apply(new ReadOnlySpan<FragmentUpdate>(in update), now);

    /// <summary>Several updates as one delta. Those not newer than their row are refused; a tombstone keeps its row.</summary>
    public TableChange Apply(ReadOnlySpan<FragmentUpdate> updates, DateTimeOffset now)
    {
        var edit = new TableEdit();
        Advance(now, edit);
        var accepted = 0;
        foreach (var update in updates)
        {
            if (_rows.TryGetValue(update.Entity, out var row) && update.Version <= row.Version)
                continue;
            _rows[update.Entity] = update;
            accepted++;
            if (!Equals(row?.Fragment, update.Fragment))
                Replace(update.Entity, row?.Fragment, update.Fragment, edit);
        }

        return Finish(accepted, edit);
    }

    /// <summary>Brings the table to <paramref name="now"/>, which never goes back.</summary>
    public TableChange Reevaluate(DateTimeOffset now)
    {
        var edit = new TableEdit();
        Advance(now, edit);
        return Finish(0, edit);
    }

    /// <summary>All of routing, each part sorted by key.</summary>
    public RoutingDelta Snapshot() => new(
        Version,
        [.. _routes.Winners.OrderBy(static route => route.Key).Select(static route => KeyValuePair.Create(route.Key, (Route?)route))],
        [.. _backends.InUse.OrderBy(static item => item.Key)],
        [.. _certificates.Winners.OrderBy(static item => item.Key, StringComparer.Ordinal).Select(static item => KeyValuePair.Create(item.Key, (Certificate?)item.Value))])
    {
        Members = [.. _members.OrderBy(static item => item.Key).Select(static item => KeyValuePair.Create(item.Key, (MemberTraits?)item.Value))],
    };

    /// <summary>Conflicts of an Ingress with others, as last said in a <see cref="ConflictChanged"/>.</summary>
    public EquatableArray<Condition> Conflicts(ObjectKey ingress) => _conflicts.Find(ingress);

    /// <summary>The route that takes a request; null when it is refused (400) or nothing matches (404).</summary>
    public Route? Find(string host, string path) => Explain(host, path).Match;

    /// <summary>Namespaces whose routes take requests for each host; none where nobody's do. Of a host with rules of its own those of wildcards don't count.</summary>
    /// <param name="hosts">In lower case. It costs a look at every route.</param>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Holders(IReadOnlyCollection<string> hosts) => _routes.Holders(hosts);

    /// <summary>How a request would be routed, and why.</summary>
    /// <param name="host">As in the Host header.</param>
    /// <param name="path">As in the request line; a query is ignored.</param>
    public RouteExplanation Explain(string host, string path)
    {
        var canonicalHost = RequestHost.Canonicalise(host);
        var canonicalPath = RequestPath.Canonicalise(path);
        if ((canonicalHost.Problem ?? canonicalPath.Problem) is { } refusal)
            return new RouteExplanation(canonicalHost.Value, canonicalPath.Value, refusal, null, [], [], null);
        var candidates = _routes.Matches(canonicalHost.Value, canonicalPath.Value).ToEquatableArray();
        var match = candidates.IsEmpty ? null : candidates[0];
        return new RouteExplanation(
            canonicalHost.Value,
            canonicalPath.Value,
            null,
            match,
            candidates,
            match is null ? [] : _routes.Losers(match.Key).ToEquatableArray(),
            RouteLookup.CertificateHosts(canonicalHost.Value).FirstOrDefault(name => _certificates.Find(name) is not null));
    }

    /// <summary>How many endpoints a backend has in its members.</summary>
    public int Endpoints(BackendKey backend) => _backends.Find(backend.Ref.Service) is not { } fragment
        ? 0
        : fragment.Members
            .Where(member => backend.Members.Items.Contains(member.Member))
            .Sum(member => member.Find(backend.Ref.Port)?.Endpoints.Count ?? 0);

    private void Advance(DateTimeOffset now, TableEdit edit)
    {
        if (now > _now)
            _now = now;
        _certificates.Advance(_now, edit);
    }

    private void Replace(EntityId entity, Fragment? before, Fragment? after, TableEdit edit)
    {
        switch (entity.Kind)
        {
            case EntityKind.Backend:
                _backends.Set(entity.Key, after as Fragment.Backend, edit);
                break;
            case EntityKind.Member:
                SetMember(new MemberName(entity.Key.Name), (after as Fragment.Member)?.Traits, edit);
                break;
            case EntityKind.Ingress:
                var (old, next) = (before as Fragment.Ingress, after as Fragment.Ingress);
                ReplaceRoutes(entity.Key, old, next, edit);
                ReplaceCertificates(entity.Key, old?.Certificates ?? [], next?.Certificates ?? [], edit);
                break;
        }
    }

    private void SetMember(MemberName member, MemberTraits? traits, TableEdit edit)
    {
        edit.Touch(member, _members.GetValueOrDefault(member));
        if (traits is null)
            _members.Remove(member);
        else
            _members[member] = traits;
    }

    private void ReplaceRoutes(ObjectKey owner, Fragment.Ingress? before, Fragment.Ingress? after, TableEdit edit)
    {
        var known = new Dictionary<RouteKey, RouteClaim>(before?.Routes.Count ?? 0);
        foreach (var claim in before?.Routes ?? [])
            known[claim.Key] = claim;
        var sameTraffic = Equals(before?.Traffic, after?.Traffic);
        foreach (var claim in after?.Routes ?? [])
        {
            if (!known.Remove(claim.Key, out var previous) || !sameTraffic || previous != claim)
                _routes.Set(owner, claim.Key, claim, after!.Traffic, edit);
        }

        foreach (var key in known.Keys)
            _routes.Set(owner, key, null, null, edit);
    }

    private void ReplaceCertificates(ObjectKey owner, EquatableArray<TlsClaim> before, EquatableArray<TlsClaim> after, TableEdit edit)
    {
        var known = new Dictionary<string, TlsClaim>(before.Count, StringComparer.Ordinal);
        foreach (var claim in before)
            known[claim.Host] = claim;
        foreach (var claim in after)
        {
            if (!known.Remove(claim.Host, out var previous) || previous != claim)
                _certificates.Set(owner, claim.Host, claim, _now, edit);
        }

        foreach (var host in known.Keys)
            _certificates.Set(owner, host, null, _now, edit);
    }

    private TableChange Finish(int accepted, TableEdit edit)
    {
        var delta = new RoutingDelta(
            Version, edit.Routes(_routes.Find), edit.Backends(_backends.Find), edit.Certificates(_certificates.Find))
        {
            Members = edit.Members(_members.GetValueOrDefault),
        };
        if (!delta.IsEmpty)
            delta = delta with { Version = ++Version };
        return new TableChange(accepted, delta, [.. _conflicts.TakeChanges(edit)]);
    }
}
