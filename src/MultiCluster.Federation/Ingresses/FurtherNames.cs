using System.Globalization;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <param name="Redirect">Null: the host's routes are served under the name; else every request to it is answered so.</param>
internal sealed record FurtherName(string Host, Redirection? Redirect);

/// <summary>Hosts that annotations of a copy name besides those of its rules.</summary>
internal sealed class FurtherNames
{
    private const string Www = "www.";
    private const int MaxNames = 100;
    private const int CommunityCode = 302;
    private const int NginxCode = 308;

    private readonly List<PolicyProblem> _problems = [];
    private readonly List<FurtherName> _names = [];
    private readonly HashSet<string> _known;
    private readonly List<string> _own;

    /// <param name="hosts">Of the rules, in the order written; those that match every host are none.</param>
    private FurtherNames(IEnumerable<string> hosts)
    {
        _own = [.. hosts];
        _known = [.. _own];
    }

    public IReadOnlyList<FurtherName> Names => _names;

    public IEnumerable<Problem> Problems => _problems.Select(static problem => (Problem)problem);

    public static FurtherNames Of(IngressCopy copy, IEnumerable<string> hosts)
    {
        var names = new FurtherNames(hosts.Where(static host => host != RouteKey.AnyHost));
        foreach (var family in Families(copy, names._problems))
            names.Read(family);
        return names;
    }

    private static SortedDictionary<string, FamilyAnnotations>.ValueCollection Families(IngressCopy copy, List<PolicyProblem> problems)
    {
        var families = new SortedDictionary<string, FamilyAnnotations>(StringComparer.Ordinal);
        foreach (var (name, value) in copy.Ingress.Meta.Annotations)
        {
            if (AnnotationIndex.Find(name) is not { } known || (known.Entry.Places & AnnotationPlaces.Ingress) == AnnotationPlaces.None || known.Entry.Key is not ("server-alias" or "redirect-from" or "from-to-www-redirect"))
                continue;
            if (!families.TryGetValue(known.Family.Name, out var family))
                families.Add(known.Family.Name, family = new FamilyAnnotations(known.Family, problems));
            family.Add(name, value, known.Entry, null);
        }

        return families.Values;
    }

    private void Read(FamilyAnnotations annotations)
    {
        foreach (var name in Listed(annotations, "server-alias"))
            Add(annotations, "server-alias", new FurtherName(name, null));
        foreach (var name in Listed(annotations, "redirect-from"))
        {
            if (Main(annotations, "redirect-from") is { } main)
                Add(annotations, "redirect-from", new FurtherName(name, new Redirection(RedirectionKind.Host, main, CommunityCode)));
        }

        if (annotations.Switch("from-to-www-redirect") is not true)
            return;
        foreach (var host in _own.Where(static host => !host.StartsWith("*.", StringComparison.Ordinal)))
        {
            var other = host.StartsWith(Www, StringComparison.Ordinal) ? host[Www.Length..] : Www + host;
            if (!_known.Contains(other))
                Add(annotations, "from-to-www-redirect", new FurtherName(other, new Redirection(RedirectionKind.Host, host, NginxCode)));
        }
    }

    private static string[] Listed(FamilyAnnotations annotations, string key) =>
        annotations.Parts(key)?.Split([',', ' ', '\n', '\t'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Of several hosts the first is where requests go.</summary>
    private string? Main(FamilyAnnotations annotations, string key)
    {
        var main = _own.FirstOrDefault(static host => !host.StartsWith("*.", StringComparison.Ordinal));
        if (main is null)
            annotations.Refuse(key, "needs a host in spec.rules, with no wildcard, to redirect to; write one");
        return main;
    }

    private void Add(FamilyAnnotations annotations, string key, FurtherName name)
    {
        var lower = HostNames.Lower(name.Host);
        if (name.Host.StartsWith('~'))
            annotations.Refuse(key, $"holds {Shown.Quoted(name.Host)}, an expression, which would be tried with the hosts of all; name each host, or write *.example.com");
        else if (HostNames.Problem(name.Host) is { } problem)
            annotations.Refuse(key, $"holds {Shown.Quoted(name.Host)}, which {problem}");
        else if (_names.Count == MaxNames)
            annotations.Refuse(key, string.Create(CultureInfo.InvariantCulture, $"names more than {MaxNames} hosts, of which the first count; write fewer"));
        else if (_known.Add(lower))
            _names.Add(name with { Host = lower });
        else if (_own.Contains(lower, StringComparer.Ordinal))
            annotations.Refuse(key, $"names {Shown.Quoted(name.Host)}, which is a host of its own rules; remove it");
    }
}
