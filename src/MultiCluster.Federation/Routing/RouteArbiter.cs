using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Routing;

/// <summary>
/// The claims on each route key and who wins it: the lowest rank. Claims of other Ingresses with the winner's backend join
/// it with their members; the rest lose.
/// </summary>
internal sealed class RouteArbiter(BackendRegistry backends, ConflictLedger conflicts)
{
    private readonly Dictionary<RouteKey, Contest> _contests = [];
    private readonly HostExpressions _expressions = new();
    private readonly HostOwners _hosts = new();

    public IEnumerable<Route> Winners => _contests.Values.Select(static contest => contest.Winner).OfType<Route>();

    /// <summary>Routes that match a request, the best first.</summary>
    public IEnumerable<Route> Matches(string host, string path) => RouteLookup.Routes(host, path, Find, _expressions.Matches);

    public Route? Find(RouteKey key) => _contests.TryGetValue(key, out var contest) ? contest.Winner : null;

    /// <summary>Claims that the winner of <paramref name="key"/> refuses, by rank.</summary>
    public IEnumerable<RouteClaim> Losers(RouteKey key) => _contests.TryGetValue(key, out var contest)
        ? contest.Claims.Select(static entry => entry.Claim).Where(claim => claim.Backend != contest.Winner?.Backend.Ref)
        : [];

    /// <param name="claim">Null: no claim any more.</param>
    public void Set(ObjectKey owner, RouteKey key, RouteClaim? claim, TrafficPolicy? traffic, TableEdit edit)
    {
        if (!_contests.TryGetValue(key, out var contest))
        {
            if (claim is null)
                return;
            _contests.Add(key, contest = new Contest());
        }

        var incumbent = contest.First;
        var before = contest.Replace(owner, claim, traffic);
        if (claim is null)
            conflicts.Set(owner, ConflictSubject.Of(key), null, edit);
        var others = _hosts.Replace(key, before, claim, contest.Claims.Exists(entry => entry.Owner != owner && entry.Claim.IsFurtherName));
        Decide(key, contest, incumbent, owner, edit);
        if (contest.Claims.Count == 0)
            _contests.Remove(key);
        foreach (var other in others.Where(other => other != key))
            Decide(other, _contests[other], null, owner, edit);
    }

    private void Decide(RouteKey key, Contest contest, Entry? incumbent, ObjectKey changed, TableEdit edit)
    {
        var before = contest.Winner;
        contest.First = contest.Claims.Find(entry => !IsSuppressed(key, entry.Claim));
        contest.Winner = contest.First is null ? null : RouteOf(key, contest, contest.First);
        if (!Equals(before, contest.Winner))
        {
            if (key.IsExpression)
                _expressions.Set(key, contest.Winner);
            edit.Touch(key, before);
            Account(before, contest.Winner, edit);
        }

        var sameWinner = incumbent is not null && contest.First == incumbent;
        foreach (var entry in contest.Claims)
        {
            if (!sameWinner || entry.Owner == changed)
                conflicts.Set(entry.Owner, ConflictSubject.Of(key), TextOf(key, entry, contest.First), edit);
        }
    }

    /// <summary>A name that somebody has in a rule is nobody's further name, whatever the ranks.</summary>
    private bool IsSuppressed(RouteKey key, RouteClaim claim) => claim.IsFurtherName && _hosts.IsOwned(key.Host);

    private void Account(Route? before, Route? after, TableEdit edit)
    {
        var (old, next) = (before?.Backend.Ref.Service, after?.Backend.Ref.Service);
        if (old == next)
            return;
        if (next is { } gained)
            backends.Retain(gained, edit);
        if (old is { } lost)
            backends.Release(lost, edit);
    }

    private Route RouteOf(RouteKey key, Contest contest, Entry first)
    {
        var (owner, winner, traffic) = first;
        var members = winner.Members;
        if (contest.Claims.Count > 1)
            members = contest.Claims.Where(entry => entry.Claim.Backend == winner.Backend && !IsSuppressed(key, entry.Claim))
                .SelectMany(static entry => entry.Claim.Members).Distinct().Order().ToEquatableArray();
        return new Route(key, new BackendKey(winner.Backend, members), owner) { Traffic = traffic, Policy = winner.Policy, Expression = winner.Expression };
    }

    private string? TextOf(RouteKey key, Entry entry, Entry? winner)
    {
        if (IsSuppressed(key, entry.Claim))
            return $"{Shown.Plain(key.Host)} is a host of another Ingress's rules, and no further name of this one";
        return winner is null || entry.Claim.Backend == winner.Claim.Backend
            ? null
            : $"{Shown.Plain(key)} belongs to Ingress {winner.Owner} (of {winner.Claim.Rank.Member}, "
              + $"{winner.Claim.Rank.Age}), which sends it to {winner.Claim.Backend}, not to {entry.Claim.Backend}";
    }

    /// <param name="Traffic">Of the owner; part of the route only where the owner wins it.</param>
    private sealed record Entry(ObjectKey Owner, RouteClaim Claim, TrafficPolicy? Traffic);

    private sealed class Contest
    {
        /// <summary>By rank; one per owner.</summary>
        public List<Entry> Claims { get; } = new(1);

        public Route? Winner { get; set; }

        /// <summary>The claim that wins.</summary>
        public Entry? First { get; set; }

        /// <returns>The claim of the owner's that was there.</returns>
        public RouteClaim? Replace(ObjectKey owner, RouteClaim? claim, TrafficPolicy? traffic)
        {
            var at = Claims.FindIndex(entry => entry.Owner == owner);
            var before = at < 0 ? null : Claims[at].Claim;
            if (at >= 0)
                Claims.RemoveAt(at);
            if (claim is null)
                return before;
            var added = new Entry(owner, claim, traffic);
            var place = Claims.FindIndex(entry => Compare(added, entry) < 0);
            Claims.Insert(place < 0 ? Claims.Count : place, added);
            return before;
        }

        private static int Compare(Entry left, Entry right)
        {
            var byKind = left.Claim.IsFurtherName.CompareTo(right.Claim.IsFurtherName);
            if (byKind != 0)
                return byKind;
            var byRank = left.Claim.Rank.CompareTo(right.Claim.Rank);
            return byRank != 0 ? byRank : left.Owner.CompareTo(right.Owner);
        }
    }
}
