using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Routing;

/// <summary>Why a claim gets nothing, and what would change it.</summary>
internal sealed record Loss(string Text, string Fix = "change one of the two");

/// <summary>
/// The claims on one route key. Of those on all requests the lowest rank wins; claims of other Ingresses with the winner's backend join it with
/// their members; the rest lose. Those with a condition are alternatives of the winner: the one that asks for most is tried first, then by
/// rank, and a canary after all of them. Only the winner's own namespace has a word in who takes its requests.
/// </summary>
/// <param name="hosts">A name that somebody has in a rule is nobody's further name, whatever the ranks.</param>
internal sealed class RouteContest(RouteKey key, HostOwners hosts)
{
    /// <summary>Of one key; a proxy tells them apart by a letter.</summary>
    public const int MaxAlternatives = 16;

    /// <summary>By rank; one per owner.</summary>
    private readonly List<Entry> _claims = new(1);

    private Entry? _first;

    public Route? Winner { get; private set; }

    public bool IsEmpty => _claims.Count == 0;

    public IEnumerable<RouteClaim> Losers => _claims.Where(entry => LossOf(entry) is not null).Select(static entry => entry.Claim);

    /// <returns>The claim of the owner's that was there.</returns>
    public RouteClaim? Replace(ObjectKey owner, RouteClaim? claim, TrafficPolicy? traffic)
    {
        var at = _claims.FindIndex(entry => entry.Owner == owner);
        var before = at < 0 ? null : _claims[at].Claim;
        if (at >= 0)
            _claims.RemoveAt(at);
        if (claim is null)
            return before;
        var added = new Entry(owner, claim, traffic);
        var place = _claims.FindIndex(entry => Compare(added, entry) < 0);
        _claims.Insert(place < 0 ? _claims.Count : place, added);
        return before;
    }

    /// <returns>Owners of whom something else may be said now: that a claim gets nothing, or that its word about connections does not count.</returns>
    /// <param name="isAnew">Something else than the claims has changed.</param>
    public List<(ObjectKey Owner, Loss? Loss, Loss? OfConnections)> Decide(ObjectKey changed, bool isAnew)
    {
        var hasConditions = Winner is { Alternatives.IsEmpty: false } || _claims.Exists(static entry => entry.Claim.When is not null);
        var before = _first;
        _first = hasConditions ? null : _claims.Find(Counts);
        Winner = hasConditions ? Choose() : _first is null ? null : Unconditional(_first);
        var isSame = !isAnew && _first is not null && _first == before;
        return [.. _claims.Where(entry => !isSame || entry.Owner == changed).Select(entry => (entry.Owner, LossOf(entry), LossOfConnections(entry)))];
    }

    private bool Counts(Entry entry) => !entry.Claim.IsFurtherName || !hosts.IsOwned(key.Host);

    private Route? Choose()
    {
        var claims = _claims.FindAll(Counts);
        var main = claims.Find(static entry => entry.Claim.When is null);
        var route = main is null ? null : Unconditional(main);
        var space = (main ?? claims.Find(static entry => entry.Claim.When is { IsCanary: false }))?.Owner.Namespace;
        var taking = new List<Entry>();
        foreach (var entry in claims.Where(entry => entry.Claim.When is { IsCanary: false } && entry.Owner.Namespace == space)
            .OrderByDescending(static entry => entry.Claim.When!.TestCount))
        {
            if (taking.Count < MaxAlternatives && !taking.Exists(other => other.Claim.When == entry.Claim.When))
                taking.Add(entry);
        }

        var alternatives = taking.ConvertAll(entry => RouteOf(entry, entry.Traffic, entry.Claim.Policy));
        if (route is not null && claims.Find(entry => entry.Claim.When is { IsCanary: true } && entry.Owner.Namespace == space) is { } canary && taking.Count < MaxAlternatives)
            alternatives.Add(RouteOf(canary, canary.Traffic ?? route.Traffic, PolicyOfCanary(route.Policy, canary.Claim.Policy)));
        route ??= alternatives.Count == 0 ? null : alternatives[0];
        return route is null ? null : route with { Alternatives = alternatives.ToEquatableArray() };
    }

    /// <summary>What is said of requests is said by the main Ingress; how servers are used by whose servers they are.</summary>
    private static RoutePolicy? PolicyOfCanary(RoutePolicy? main, RoutePolicy? own) =>
        ((main ?? RoutePolicy.None) with { Backend = own?.Backend }) is { IsEmpty: false } policy ? policy : null;

    private Route Unconditional(Entry winner) => RouteOf(winner, winner.Traffic, winner.Claim.Policy);

    private Route RouteOf(Entry winner, TrafficPolicy? traffic, RoutePolicy? policy)
    {
        var members = winner.Claim.Members;
        if (_claims.Count > 1)
            members = _claims.Where(entry => Joins(entry, winner) && Counts(entry)).SelectMany(static entry => entry.Claim.Members).Distinct().Order().ToEquatableArray();
        return new Route(key, new BackendKey(winner.Claim.Backend, members), winner.Owner) { Traffic = key.IsFallback ? null : traffic, Policy = Held(winner.Owner, policy), When = winner.Claim.When, Expression = winner.Claim.Expression };
    }

    private static bool Joins(Entry entry, Entry winner) => entry.Claim.Backend == winner.Claim.Backend && entry.Claim.When == winner.Claim.When;

    /// <summary>
    /// Connections are made for all routes of a host, so that only the host's owner has a word in how. Whom the owner demands certificates from
    /// has to show them here, so that TLS is not passed on.
    /// </summary>
    private RoutePolicy? Held(ObjectKey owner, RoutePolicy? policy)
    {
        if (!HostOwners.IsOfConnections(policy))
            return policy;
        var host = hosts.Find(key.Host);
        if (owner.Namespace != host.Namespace)
        {
            var demand = policy!.ClientCertificates is { } certificates ? certificates with { IsOfRouteOnly = true } : null;
            policy = policy with { ClientCertificates = demand, HostTls = null, TlsPassthrough = null };
        }
        else if (host.Demander is not null && policy!.TlsPassthrough is not null)
        {
            policy = policy with { TlsPassthrough = null };
        }

        return policy!.IsEmpty ? null : policy;
    }

    private Loss? LossOfConnections(Entry entry)
    {
        if (!HostOwners.IsOfConnections(entry.Claim.Policy) || LossOf(entry) is not null)
            return null;
        var host = hosts.Find(key.Host);
        if (entry.Owner.Namespace != host.Namespace)
        {
            var shut = entry.Claim.Policy!.ClientCertificates is null ? "" : ", and whom this one demands a certificate from is let in only with one that the host's connections ask for";
            return new Loss($"{Shown.Plain(key.Host)} belongs to namespace {host.Namespace}, whose Ingress is the oldest with it: how TLS is spoken with it is not for this one to say{shut}", "say it there, or choose another host");
        }

        return host.Demander is { } demander && entry.Claim.Policy!.TlsPassthrough is not null
            ? new Loss($"TLS of {Shown.Plain(key.Host)} is not passed on, since Ingress {demander} demands certificates of its clients, which can't be asked for where TLS is not read", "remove one of the two")
            : null;
    }

    private Loss? LossOf(Entry entry)
    {
        if (!Counts(entry))
            return new Loss($"{Shown.Plain(key.Host)} is a host of another Ingress's rules, and no further name of this one");
        if (Winner is null)
            return new Loss($"{Shown.Plain(key)} is a canary's, and no other Ingress has it, so that it gets nothing", "create the Ingress whose requests it is to share");
        if (entry.Claim.When is null)
            return LossTo(Winner, entry);
        if (Winner.Alternatives.Items.Any(taker => taker.When == entry.Claim.When && taker.Backend.Ref == entry.Claim.Backend))
            return null;
        if (entry.Owner.Namespace != Winner.Ingress.Namespace)
            return new Loss($"{Shown.Plain(key)} belongs to Ingress {Winner.Ingress}, whose requests only its own namespace may take", "move this one there, or choose another path");
        if (entry.Claim.When.IsCanary)
            return Winner.Alternatives.Items.FirstOrDefault(static taker => taker.When!.IsCanary) is { } canary
                ? new Loss($"{Shown.Plain(key)} has Ingress {canary.Ingress} for its canary, and can have one", "remove one of the two")
                : Winner.When is not null
                    ? new Loss($"{Shown.Plain(key)} has no Ingress without a condition whose canary this could be", "create the Ingress whose requests it is to share")
                    : TooMany();
        return Winner.Alternatives.Items.FirstOrDefault(taker => taker.When == entry.Claim.When) is { } same
            ? LossTo(same, entry)
            : TooMany();
    }

    private Loss TooMany() =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Shown.Plain(key)} has {MaxAlternatives} Ingresses with other conditions before this one, and can have no more"), "remove one of them");

    private Loss? LossTo(Route winner, Entry entry)
    {
        if (entry.Claim.Backend == winner.Backend.Ref)
            return null;
        var rank = _claims.Find(item => item.Owner == winner.Ingress)!.Claim.Rank;
        return new Loss($"{Shown.Plain(key)} belongs to Ingress {winner.Ingress} (of {rank.Member}, {rank.Age}), which sends it to {winner.Backend.Ref}, not to {entry.Claim.Backend}");
    }

    private static int Compare(Entry left, Entry right)
    {
        var byKind = left.Claim.IsFurtherName.CompareTo(right.Claim.IsFurtherName);
        if (byKind != 0)
            return byKind;
        var byRank = left.Claim.Rank.CompareTo(right.Claim.Rank);
        return byRank != 0 ? byRank : left.Owner.CompareTo(right.Owner);
    }

    /// <param name="Traffic">Of the owner; part of the route only where the owner wins it.</param>
    private sealed record Entry(ObjectKey Owner, RouteClaim Claim, TrafficPolicy? Traffic);
}
