using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>A disagreement between copies of one Ingress.</summary>
internal sealed record CopyConflict(string Reason, string Text);

/// <summary>The union of what the accepted copies ask for; where they disagree the lowest rank wins.</summary>
internal sealed class CopyUnion
{
    private readonly SortedDictionary<RouteKey, ClaimedRoute> _routes = [];
    private readonly SortedDictionary<string, TlsClaim> _certificates = new(StringComparer.Ordinal);
    private readonly List<CopyConflict> _conflicts = [];
    private readonly HashSet<(MemberName Member, RouteKey Key)> _byPortName = [];

    private CopyUnion()
    {
    }

    public IEnumerable<RouteClaim> Routes => _routes.Values.Select(static route => route.Claim);

    public EquatableArray<TlsClaim> Certificates => _certificates.Values.ToEquatableArray();

    public IReadOnlyList<CopyConflict> Conflicts => _conflicts;

    public Redirection? RedirectOf(RouteKey key) => _routes.GetValueOrDefault(key)?.Redirect;

    /// <summary>The member has the port of the route by the name that it has elsewhere, not by the number that its copy writes.</summary>
    public bool IsFoundByName(MemberName member, RouteKey key) => _byPortName.Contains((member, key));

    /// <param name="copies">In order of rank.</param>
    public static CopyUnion Of(IReadOnlyList<JudgedCopy> copies, DateTimeOffset now)
    {
        var union = new CopyUnion();
        foreach (var copy in copies)
        {
            foreach (var (key, backend) in copy.Routes?.Routes ?? [])
                union.AddRoute(copy, key, backend);
        }

        foreach (var (key, route) in union._routes)
        {
            foreach (var member in route.SettlePort())
                union._byPortName.Add((member, key));
        }

        foreach (var copy in copies)
        {
            foreach (var claim in copy.Certificates?.Claims ?? [])
                union.AddCertificate(claim, now);
        }

        foreach (var copy in copies)
        {
            foreach (var claim in copy.Certificates?.Claims ?? [])
                union.ReportCertificate(claim);
        }

        return union;
    }

    private void AddRoute(JudgedCopy copy, RouteKey key, BackendRef backend)
    {
        if (!_routes.TryGetValue(key, out var claimed))
            _routes.Add(key, new ClaimedRoute(key, copy, backend));
        else if (claimed.Add(copy, backend) is { } conflict)
            _conflicts.Add(conflict);
    }

    /// <summary>A certificate valid now comes before any that isn't; of equals the first, so by rank.</summary>
    private void AddCertificate(TlsClaim claim, DateTimeOffset now)
    {
        if (!_certificates.TryGetValue(claim.Host, out var winner)
            || (claim.Certificate.IsValidAt(now) && !winner.Certificate.IsValidAt(now)))
            _certificates[claim.Host] = claim;
    }

    private void ReportCertificate(TlsClaim claim)
    {
        var winner = _certificates[claim.Host];
        if (string.Equals(winner.Certificate.Fingerprint, claim.Certificate.Fingerprint, StringComparison.Ordinal))
            return;
        _conflicts.Add(new CopyConflict(
            Reasons.TlsConflict,
            $"{claim.Host} is served with the certificate of Secret {Shown.Plain(winner.SecretName)} of {winner.Rank.Member}; "
            + $"that of Secret {Shown.Plain(claim.SecretName)} of {claim.Rank.Member} is another, and not used"));
    }
}
