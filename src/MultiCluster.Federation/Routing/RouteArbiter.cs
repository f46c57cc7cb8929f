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

    public IEnumerable<Route> Winners => _contests.Values.Select(static contest => contest.Winner!);

    public Route? Find(RouteKey key) => _contests.TryGetValue(key, out var contest) ? contest.Winner : null;

    /// <summary>Claims that the winner of <paramref name="key"/> refuses, by rank.</summary>
    public IEnumerable<RouteClaim> Losers(RouteKey key) => _contests.TryGetValue(key, out var contest)
        ? contest.Claims.Select(static entry => entry.Claim).Where(claim => claim.Backend != contest.Winner!.Backend.Ref)
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

        var incumbent = contest.Claims.Count > 0 ? contest.Claims[0] : (Entry?)null;
        contest.Replace(owner, claim, traffic);
        if (claim is null)
            conflicts.Set(owner, ConflictSubject.Of(key), null, edit);
        Decide(key, contest, incumbent, owner, edit);
        if (contest.Claims.Count == 0)
            _contests.Remove(key);
    }

    private void Decide(RouteKey key, Contest contest, Entry? incumbent, ObjectKey changed, TableEdit edit)
    {
        var before = contest.Winner;
        contest.Winner = contest.Claims.Count == 0 ? null : RouteOf(key, contest);
        if (!Equals(before, contest.Winner))
        {
            edit.Touch(key, before);
            Account(before, contest.Winner, edit);
        }

        if (contest.Claims.Count == 0)
            return;
        var winner = contest.Claims[0];
        var sameWinner = winner == incumbent;
        foreach (var entry in contest.Claims)
        {
            if (!sameWinner || entry.Owner == changed)
                conflicts.Set(entry.Owner, ConflictSubject.Of(key), TextOf(key, entry, winner), edit);
        }
    }

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

    private static Route RouteOf(RouteKey key, Contest contest)
    {
        var (owner, winner, traffic) = contest.Claims[0];
        var members = winner.Members;
        if (contest.Claims.Count > 1)
            members = contest.Claims.Where(entry => entry.Claim.Backend == winner.Backend)
                .SelectMany(static entry => entry.Claim.Members).Distinct().Order().ToEquatableArray();
        return new Route(key, new BackendKey(winner.Backend, members), owner) { Traffic = traffic, Policy = winner.Policy };
    }

    private static string? TextOf(RouteKey key, Entry entry, Entry winner) => entry.Claim.Backend == winner.Claim.Backend
        ? null
        : $"{Shown.Plain(key)} belongs to Ingress {winner.Owner} (of {winner.Claim.Rank.Member}, "
          + $"{winner.Claim.Rank.Age}), which sends it to {winner.Claim.Backend}, not to {entry.Claim.Backend}";

    /// <param name="Traffic">Of the owner; part of the route only where the owner wins it.</param>
    private readonly record struct Entry(ObjectKey Owner, RouteClaim Claim, TrafficPolicy? Traffic);

    private sealed class Contest
    {
        /// <summary>By rank; one per owner.</summary>
        public List<Entry> Claims { get; } = new(1);

        public Route? Winner { get; set; }

        public void Replace(ObjectKey owner, RouteClaim? claim, TrafficPolicy? traffic)
        {
            var at = Claims.FindIndex(entry => entry.Owner == owner);
            if (at >= 0)
                Claims.RemoveAt(at);
            if (claim is null)
                return;
            var added = new Entry(owner, claim, traffic);
            var place = Claims.FindIndex(entry => Compare(added, entry) < 0);
            Claims.Insert(place < 0 ? Claims.Count : place, added);
        }

        private static int Compare(Entry left, Entry right)
        {
            var byRank = left.Claim.Rank.CompareTo(right.Claim.Rank);
            return byRank != 0 ? byRank : left.Owner.CompareTo(right.Owner);
        }
    }
}
