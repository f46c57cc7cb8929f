using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>
/// One route as the copies that declare it want it. Ports of a Service are the same port when their names are, and else when their numbers
/// are (KEP-1645, "Service Port"): copies that write a number each may mean one port, and then it is sent to by its name.
/// </summary>
internal sealed class ClaimedRoute(RouteKey key, JudgedCopy winner, BackendRef written)
{
    private readonly List<JudgedCopy> _joined = [winner];
    private readonly SortedSet<MemberName> _members = [.. winner.Members];
    private PortRef? _agreed;

    public RouteClaim Claim => new(key, Backend, _members.ToEquatableArray(), winner.Rank) 
    {
        Expression = PathExpressions.Of(key), IsFurtherName = IsFurtherName,
    };

    /// <summary>What all requests are answered with, where the name alone asks for it.</summary>
    public Redirection? Redirect => IsFurtherName ? winner.Routes!.FurtherName(key.Host)!.Redirect : null;

    /// <summary>No copy has the host in a rule.</summary>
    private bool IsFurtherName => _joined.TrueForAll(copy => copy.Routes?.FurtherName(key.Host) is not null);

    private BackendRef Backend => _agreed is { } port ? written with { Port = port } : written;

    /// <summary>The conflict when the copy wants something else; null when it joins.</summary>
    public CopyConflict? Add(JudgedCopy copy, BackendRef backend)
    {
        if (backend != written)
        {
            if (backend.Service != written.Service || !MeansTheSamePort(copy, backend))
                return ConflictWith(copy, backend);
            _agreed = PortRef.Named(PortName!);
        }

        _joined.Add(copy);
        _members.UnionWith(copy.Members);
        return null;
    }

    /// <summary>
    /// Once all have joined. A number that a member doesn't have stands for the port that has it elsewhere, where all that have it name it alike.
    /// </summary>
    /// <returns>Members that have the port by its name only.</returns>
    public IEnumerable<MemberName> SettlePort()
    {
        if (written.Port.Name is not null || _joined.Count < 2 || NameOfNumber is not { } name)
            return [];
        var byName = _joined.Where(copy => copy.Routes!.PortName(written) is null && Has(copy, name)).Select(static copy => copy.Member).ToList();
        if (byName.Count == 0 || !_joined.TrueForAll(copy => Has(copy, name) || copy.Routes!.PortName(written) is null))
            return [];
        _agreed = PortRef.Named(name);
        return byName;
    }

    /// <summary>Of the port that the winner means; null when it has none, or no such port.</summary>
    private string? PortName => winner.Routes!.PortName(written) is { Length: > 0 } name && DnsNames.IsLabel(name) ? name : null;

    /// <summary>Of the first copy that has a port of the number that is written, which need not be the winner.</summary>
    private string? NameOfNumber =>
        _joined.Select(copy => copy.Routes!.PortName(written)).FirstOrDefault(static name => name is { Length: > 0 } && DnsNames.IsLabel(name));

    private bool MeansTheSamePort(JudgedCopy copy, BackendRef backend) =>
        PortName is { } name
        && string.Equals(copy.Routes!.PortName(backend), name, StringComparison.Ordinal)
        && _joined.TrueForAll(joined => Has(joined, name));

    private bool Has(JudgedCopy copy, string name) => copy.Routes!.PortName(new BackendRef(written.Service, PortRef.Named(name))) is not null;

    private CopyConflict ConflictWith(JudgedCopy copy, BackendRef backend)
    {
        var reason = backend.Service == written.Service ? Reasons.PortConflict
            : key.Match == PathMatch.Default ? Reasons.DefaultBackendConflict
            : Reasons.PathConflict;
        return new CopyConflict(
            reason,
            $"{Shown.Plain(key)} goes to {Backend} as in {winner.Member} ({winner.Rank.Age}), which ranks first (the oldest, then by member name); "
            + $"{copy.Member} names {backend}, which is ignored{RecordedAge(copy)}");
    }

    /// <summary>Said where the ages that one sees now would make another winner.</summary>
    private string RecordedAge(JudgedCopy loser) => winner.RankOfNow < loser.RankOfNow
        ? ""
        : $"; the ages that count are those first seen: {winner.Member} {winner.Rank.Age} (now {winner.RankOfNow.Age}), "
            + $"{loser.Member} {loser.Rank.Age} (now {loser.RankOfNow.Age})";
}
