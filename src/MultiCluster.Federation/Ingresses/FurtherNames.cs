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
    private const string Alias = "server-alias";
    private const string AliasRegex = "server-alias-regex";
    private const string From = "redirect-from";
    private const string FromRegex = "redirect-from-regex";
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
            if (AnnotationIndex.Find(name) is not { } known || (known.Entry.Places & AnnotationPlaces.Ingress) == AnnotationPlaces.None || known.Entry.Key is not (Alias or AliasRegex or From or FromRegex or "from-to-www-redirect"))
                continue;
            if (!families.TryGetValue(known.Family.Name, out var family))
                families.Add(known.Family.Name, family = new FamilyAnnotations(known.Family, problems));
            family.Add(name, value, known.Entry, null);
        }

        return families.Values;
    }

    private void Read(FamilyAnnotations annotations)
    {
        foreach (var name in Listed(annotations, Alias))
            Add(annotations, Alias, new FurtherName(name, null));
        foreach (var name in Meant(annotations, AliasRegex))
            Add(annotations, AliasRegex, new FurtherName(name, null));
        AddRedirects(annotations, From, Listed(annotations, From));
        AddRedirects(annotations, FromRegex, Meant(annotations, FromRegex));

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

    /// <summary>By an expression.</summary>
    private static IReadOnlyList<string> Meant(FamilyAnnotations annotations, string key)
    {
        if (annotations.Text(key) is not { } pattern)
            return [];
        var reading = PatternNames.Of(pattern);
        if (reading.Problem is { } problem)
            annotations.Refuse(key, $"is {Shown.Quoted(pattern)}, which {problem}");
        else if (reading.IsNarrower)
            annotations.Refuse(key, $"is {Shown.Quoted(pattern)}, of which names with one label in front are served and those with more are not; write [^.]+ for the label if no more are meant, and the others under spec.rules or in server-alias");
        return reading.Names;
    }

    private void AddRedirects(FamilyAnnotations annotations, string key, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (Main(annotations, key) is { } main)
                Add(annotations, key, new FurtherName(name, new Redirection(RedirectionKind.Host, main, CommunityCode)));
        }
    }

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
