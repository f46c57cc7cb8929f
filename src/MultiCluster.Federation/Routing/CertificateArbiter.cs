using MultiCluster.Federation.Text;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Routing;

/// <summary>
/// The claims on each host's certificate and who wins it: valid ones first, then the lowest rank. Only hosts with several
/// claims can change by time alone, so only their instants are kept.
/// </summary>
internal sealed class CertificateArbiter(ConflictLedger conflicts)
{
    private readonly Dictionary<string, Contest> _contests = new(StringComparer.Ordinal);
    private readonly SortedSet<(DateTimeOffset At, string Host)> _due = new(DueOrder.Instance);

    /// <summary>When the validity of a contested certificate next changes.</summary>
    public DateTimeOffset? NextDue => _due.Count == 0 ? null : _due.Min.At;

    public IEnumerable<KeyValuePair<string, Certificate>> Winners =>
        _contests.Select(static item => KeyValuePair.Create(item.Key, item.Value.Winner!.Value.Claim.Certificate));

    public Certificate? Find(string host) => _contests.TryGetValue(host, out var contest) ? contest.Winner?.Claim.Certificate : null;

    /// <param name="claim">Null: no claim any more.</param>
    public void Set(ObjectKey owner, string host, TlsClaim? claim, DateTimeOffset now, TableEdit edit)
    {
        if (!_contests.TryGetValue(host, out var contest))
        {
            if (claim is null)
                return;
            _contests.Add(host, contest = new Contest());
        }

        contest.Claims.RemoveAll(entry => entry.Owner == owner);
        if (claim is not null)
            contest.Claims.Add(new Entry(owner, claim));
        else
            conflicts.Set(owner, ConflictSubject.Certificate(host), null, edit);
        Decide(host, contest, now, edit);
        if (contest.Claims.Count == 0)
            _contests.Remove(host);
    }

    /// <summary>Decides anew every host whose instant has come.</summary>
    public void Advance(DateTimeOffset now, TableEdit edit)
    {
        while (_due.Count > 0 && _due.Min.At <= now)
            Decide(_due.Min.Host, _contests[_due.Min.Host], now, edit);
    }

    private void Decide(string host, Contest contest, DateTimeOffset now, TableEdit edit)
    {
        edit.Touch(host, contest.Winner?.Claim.Certificate);
        if (contest.Due is { } due)
            _due.Remove((due, host));
        contest.Due = contest.Claims.Count > 1 ? NextChange(contest.Claims, now) : null;
        if (contest.Due is { } next)
            _due.Add((next, host));
        contest.Winner = Best(contest.Claims, now);
        if (contest.Winner is not { } winner)
            return;
        foreach (var entry in contest.Claims)
            conflicts.Set(entry.Owner, ConflictSubject.Certificate(host), TextOf(host, entry, winner), edit);
    }

    private static Entry? Best(List<Entry> claims, DateTimeOffset now)
    {
        Entry? best = null;
        foreach (var entry in claims)
        {
            if (best is not { } known || Compare(entry, known, now) < 0)
                best = entry;
        }

        return best;
    }

    private static int Compare(Entry left, Entry right, DateTimeOffset now)
    {
        var byValidity = right.Claim.Certificate.IsValidAt(now).CompareTo(left.Claim.Certificate.IsValidAt(now));
        if (byValidity != 0)
            return byValidity;
        var byRank = left.Claim.Rank.CompareTo(right.Claim.Rank);
        return byRank != 0 ? byRank : left.Owner.CompareTo(right.Owner);
    }

    private static DateTimeOffset? NextChange(List<Entry> claims, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var (_, claim) in claims)
        {
            var instant = now < claim.Certificate.NotBefore ? claim.Certificate.NotBefore : claim.Certificate.NotAfter;
            if (instant > now && (next is null || instant < next))
                next = instant;
        }

        return next;
    }

    private static string? TextOf(string host, Entry entry, Entry winner) =>
        string.Equals(entry.Claim.Certificate.Fingerprint, winner.Claim.Certificate.Fingerprint, StringComparison.Ordinal)
            ? null
            : $"{host} is served with the certificate of Secret {Shown.Plain(winner.Claim.SecretName)} of Ingress {winner.Owner} "
              + $"(of {winner.Claim.Rank.Member}), not with that of Secret {Shown.Plain(entry.Claim.SecretName)}";

    private readonly record struct Entry(ObjectKey Owner, TlsClaim Claim);

    private sealed class Contest
    {
        public List<Entry> Claims { get; } = new(1);

        public Entry? Winner { get; set; }

        public DateTimeOffset? Due { get; set; }
    }

    private sealed class DueOrder : IComparer<(DateTimeOffset At, string Host)>
    {
        public static readonly DueOrder Instance = new();

        public int Compare((DateTimeOffset At, string Host) x, (DateTimeOffset At, string Host) y)
        {
            var byTime = x.At.CompareTo(y.At);
            return byTime != 0 ? byTime : string.CompareOrdinal(x.Host, y.Host);
        }
    }
}
