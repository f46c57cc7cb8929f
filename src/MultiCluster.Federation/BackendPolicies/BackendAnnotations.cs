using System.Globalization;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Federation.BackendPolicies;

/// <summary>Annotations of one family on one object, by key: an alias counts as its successor, and after it; of prefixes the first.</summary>
internal sealed class BackendAnnotations
{
    private readonly Dictionary<string, (string Name, string Value, AnnotationEntry Entry, int Rank)> _values = new(StringComparer.Ordinal);
    private readonly List<string> _read = [];
    private readonly AnnotationFamily _family;
    private readonly List<PolicyProblem> _problems;
    private readonly string _of;

    /// <param name="of">Follows the name of an annotation where it is told.</param>
    public BackendAnnotations(
        AnnotationFamily family, AnnotationPlaces place, EquatableMap annotations, string of, List<PolicyProblem> problems, RoutePolicyContext? context = null)
    {
        Context = context;
        _family = family;
        _of = of;
        _problems = problems;
        Place = place;
        foreach (var (name, value) in annotations)
        {
            if (AnnotationIndex.Find(name) is not { } known || known.Family != family || (place != AnnotationPlaces.Global && (known.Entry.Places & place) == AnnotationPlaces.None))
                continue;
            var prefix = family.Prefixes.Items.IndexOf(name[..(name.IndexOf('/', StringComparison.Ordinal) + 1)]);
            var rank = (known.Entry.AliasOf is null ? 0 : family.Prefixes.Count) + prefix;
            var key = known.Entry.AliasOf ?? known.Entry.Key;
            if (!_values.TryGetValue(key, out var other) || rank < other.Rank)
                _values[key] = (name, value, known.Entry, rank);
        }
    }

    public string Family => _family.Name;

    /// <summary>For people.</summary>
    public string Title => $"the annotations of {_family.Title}";

    public AnnotationPlaces Place { get; }

    /// <summary>Of the route.</summary>
    public RoutePolicyContext? Context { get; }

    /// <summary>Of addresses that may be asked in place of endpoints.</summary>
    public EquatableArray<string> CheckNetworks { get; init; } = [];

    public bool IsEmpty => _values.Count == 0;

    public void Begin() => _read.Clear();

    /// <summary>With whatever value.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>A value of the kind that the catalogue has for the key, without blanks around it; null when there is none.</summary>
    public string? Text(string key)
    {
        if (!_values.TryGetValue(key, out var written))
            return null;
        _read.Add(written.Name);
        if (written.Entry.Value.ProblemOf(written.Value) is not { } problem)
            return written.Value.Trim();
        Refuse(key, problem);
        return null;
    }

    public bool? Switch(string key) => Text(key) is { } text ? ValueChecks.Switch(text) : null;

    public int? Number(string key, int least, int most)
    {
        if (Text(key) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Refuse(key, string.Create(CultureInfo.InvariantCulture, $"is {Shown.Quoted(text)}; write a whole number, {least} to {most}"));
        return null;
    }

    /// <param name="text">What is wrong and the fix; continues the annotation's name.</param>
    public void Refuse(string key, string text, string reason = Reasons.InvalidPolicy)
    {
        if (_values.TryGetValue(key, out var written))
            _problems.Add(new PolicyProblem(reason, AnnotationCatalogue.Label(written.Name) + _of, text));
    }

    /// <summary>Of all that was read since <see cref="Begin"/>.</summary>
    public void Yield(string others)
    {
        foreach (var name in _read)
            _problems.Add(new PolicyProblem(Reasons.AnnotationConflict, AnnotationCatalogue.Label(name) + _of, $"says otherwise than {others}, and does not count; remove the one or the other"));
    }
}
