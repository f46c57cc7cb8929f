using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Routing;

/// <summary>What all claims on a host together say of it.</summary>
/// <param name="IsOwned">Some rule has it.</param>
/// <param name="Namespace">Of the claim of the best rank: whose word counts in how connections to the host are made. Null: nobody claims the host.</param>
/// <param name="Demander">The Ingress of that namespace that clients have to show a certificate for; null: none.</param>
internal readonly record struct HostVerdict(bool IsOwned, string? Namespace, ObjectKey? Demander);

/// <summary>Whose each host is, and which claims are to be looked at again when that changes.</summary>
internal sealed class HostOwners
{
    /// <summary>Whoever has the host in a rule comes first, then by rank.</summary>
    private static readonly Comparer<Claim> ByPrecedence = Comparer<Claim>.Create(static (left, right) =>
    {
        var byKind = left.What.IsFurtherName.CompareTo(right.What.IsFurtherName);
        if (byKind != 0)
            return byKind;
        var byRank = left.What.Rank.CompareTo(right.What.Rank);
        if (byRank != 0)
            return byRank;
        var byOwner = left.Owner.CompareTo(right.Owner);
        return byOwner != 0 ? byOwner : left.What.Key.CompareTo(right.What.Key);
    });

    private readonly Dictionary<string, Host> _hosts = new(StringComparer.Ordinal);

    /// <summary>Some rule has it.</summary>
    public bool IsOwned(string host) => Find(host).IsOwned;

    public HostVerdict Find(string host) => _hosts.TryGetValue(host, out var known) ? known.Verdict : default;

    /// <summary>It says how connections to its host are made, which are made for all of the host's routes.</summary>
    public static bool IsOfConnections(RoutePolicy? policy) => policy is not null && (policy.ClientCertificates is not null || policy.HostTls is not null || policy.TlsPassthrough is not null);

    /// <summary>One claim of an Ingress in another's place; null for none.</summary>
    /// <returns>Routes that are decided otherwise now, since the host's owner is another or demands something else.</returns>
    public IReadOnlyCollection<RouteKey> Replace(ObjectKey owner, RouteClaim? before, RouteClaim? after)
    {
        (before, after) = (Counted(before), Counted(after));
        if ((before ?? after)?.Key.Host is not { } name)
            return [];
        if (!_hosts.TryGetValue(name, out var host))
            _hosts.Add(name, host = new Host());
        var was = host.Verdict;
        if (before is not null)
            host.Remove(new Claim(owner, before));
        if (after is not null)
            host.Add(new Claim(owner, after));
        if (host.IsEmpty)
            _hosts.Remove(name);
        var now = host.Decide();
        if (was == now)
            return [];
        var again = new HashSet<RouteKey>();
        if (was.IsOwned != now.IsOwned)
            again.UnionWith(host.Further);
        if (was.Namespace != now.Namespace || was.Demander != now.Demander)
            again.UnionWith(host.OfConnections);
        return again;
    }

    /// <summary>What a proxy answers by itself, such as an authority's question about the host, is nobody's rule.</summary>
    private static RouteClaim? Counted(RouteClaim? claim) => claim is { IsFurtherName: false, Policy.Answer: not null } ? null : claim;

    private sealed class Host
    {
        private readonly SortedSet<Claim> _claims = new(ByPrecedence);

        /// <summary>Of them, those of connections; null: never one.</summary>
        private SortedSet<Claim>? _ofConnections;

        public HostVerdict Verdict { get; private set; }

        public bool IsEmpty => _claims.Count == 0;

        public IEnumerable<RouteKey> Further => _claims.Where(static claim => claim.What.IsFurtherName).Select(static claim => claim.What.Key);

        public IEnumerable<RouteKey> OfConnections => _ofConnections?.Select(static claim => claim.What.Key) ?? [];

        public void Add(Claim claim)
        {
            _claims.Add(claim);
            if (IsOfConnections(claim.What.Policy))
                (_ofConnections ??= new(ByPrecedence)).Add(claim);
        }

        public void Remove(Claim claim)
        {
            _claims.Remove(claim);
            _ofConnections?.Remove(claim);
        }

        public HostVerdict Decide()
        {
            if (IsEmpty)
                return Verdict = default;
            var first = _claims.Min;
            ObjectKey? demander = null;
            foreach (var claim in _ofConnections ?? [])
            {
                if (claim.Owner.Namespace != first.Owner.Namespace || claim.What.Policy!.ClientCertificates is null)
                    continue;
                demander = claim.Owner;
                break;
            }

            return Verdict = new HostVerdict(!first.What.IsFurtherName, first.Owner.Namespace, demander);
        }
    }

    private readonly record struct Claim(ObjectKey Owner, RouteClaim What);
}
