using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Routing;

/// <summary>The claims on each route key and who wins it, see <see cref="RouteContest"/>.</summary>
internal sealed class RouteArbiter(BackendRegistry backends, ConflictLedger conflicts)
{
    private readonly Dictionary<RouteKey, RouteContest> _contests = [];
    private readonly HostExpressions _expressions = new();
    private readonly HostOwners _hosts = new();

    public IEnumerable<Route> Winners => _contests.Values.Select(static contest => contest.Winner).OfType<Route>();

    /// <summary>Routes that match a request, the best first.</summary>
    public IEnumerable<Route> Matches(string host, string path) => RouteLookup.Routes(host, path, Find, _expressions.Matches);

    public Route? Find(RouteKey key) => _contests.TryGetValue(key, out var contest) ? contest.Winner : null;

    /// <summary>Claims that get nothing of <paramref name="key"/>, by rank.</summary>
    public IEnumerable<RouteClaim> Losers(RouteKey key) => _contests.TryGetValue(key, out var contest) ? contest.Losers : [];

    /// <summary>
    /// Whose each host is, by namespace: of the first who has it in a rule, as with what is said of connections to it; of those who have but paths of
    /// another's host it is not. Else of whose rules cover it.
    /// </summary>
    public Dictionary<string, IReadOnlySet<string>> Holders(IReadOnlyCollection<string> hosts) => hosts.Distinct(StringComparer.Ordinal).ToDictionary(
        static host => host,
        host => (IReadOnlySet<string>)RouteLookup.RouteHosts(host).Select(name => _hosts.Find(name).Namespace).OfType<string>().Take(1).ToHashSet(StringComparer.Ordinal),
        StringComparer.Ordinal);

    /// <param name="claim">Null: no claim any more.</param>
    public void Set(ObjectKey owner, RouteKey key, RouteClaim? claim, TrafficPolicy? traffic, TableEdit edit)
    {
        if (!_contests.TryGetValue(key, out var contest))
        {
            if (claim is null)
                return;
            _contests.Add(key, contest = new RouteContest(key, _hosts));
        }

        var before = contest.Replace(owner, claim, traffic);
        if (claim is null)
        {
            conflicts.Set(owner, ConflictSubject.Of(key), null, edit);
            conflicts.Set(owner, ConflictSubject.Connections(key), null, edit);
        }

        var others = _hosts.Replace(owner, before, claim);
        Decide(key, contest, owner, others.Contains(key), edit);
        if (contest.IsEmpty)
            _contests.Remove(key);
        foreach (var other in others.Where(other => other != key))
            Decide(other, _contests[other], owner, isAnew: true, edit);
    }

    private void Decide(RouteKey key, RouteContest contest, ObjectKey changed, bool isAnew, TableEdit edit)
    {
        var before = contest.Winner;
        var heard = contest.Decide(changed, isAnew);
        if (!Equals(before, contest.Winner))
        {
            if (key.IsExpression)
                _expressions.Set(key, contest.Winner);
            edit.Touch(key, before);
            Account(before, contest.Winner, edit);
        }

        foreach (var (loser, loss, ofConnections) in heard)
        {
            conflicts.Set(loser, ConflictSubject.Of(key), loss?.Text, edit, loss?.Fix);
            conflicts.Set(loser, ConflictSubject.Connections(key), ofConnections?.Text, edit, ofConnections?.Fix);
        }
    }

    private void Account(Route? before, Route? after, TableEdit edit)
    {
        foreach (var gained in ServicesOf(after))
            backends.Retain(gained, edit);
        foreach (var lost in ServicesOf(before))
            backends.Release(lost, edit);
    }

    private static IEnumerable<ObjectKey> ServicesOf(Route? route)
    {
        if (route is null)
            return [];
        var own = route.Backend.Ref.Service;
        return route.Alternatives.IsEmpty ? [own] : route.Alternatives.Select(static item => item.Backend.Ref.Service).Append(own);
    }
}
