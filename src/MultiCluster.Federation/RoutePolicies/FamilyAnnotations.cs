using System.Globalization;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// What one controller's annotations say of a route. Of one key the Service's value counts before the Ingress', the key's own name before its
/// aliases, and the family's first prefix before its others.
/// </summary>
internal sealed class FamilyAnnotations(AnnotationFamily family, List<PolicyProblem> problems)
{
    /// <summary>Of one annotation; a list can hold thousands of bad entries.</summary>
    private const int MaxTold = 8;

    private const int OnIngress = 4096;
    private const int ByDefault = 2 * OnIngress;
    private const int Alias = 1024;

    private readonly Dictionary<string, Written> _values = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Written> _read = new(StringComparer.Ordinal);

    public AnnotationFamily Family => family;

    /// <summary>Fields of the annotations that were asked for since <see cref="Begin"/>.</summary>
    public string Fields => string.Join(", ", _read.Values.Select(static written => written.Field));

    public void Add(string name, string value, AnnotationEntry entry, string? service)
    {
        var prefix = family.Prefixes.Items.IndexOf(name[..(name.IndexOf('/', StringComparison.Ordinal) + 1)]);
        var field = AnnotationCatalogue.Label(name) + (service is null ? "" : $" of Service {Shown.Plain(service)}");
        var written = new Written(field, value, entry, (service is null ? OnIngress : 0) + (entry.AliasOf is null ? 0 : Alias) + prefix);
        var key = entry.AliasOf ?? entry.Key;
        var other = _values.GetValueOrDefault(key);
        var (better, worse) = other is null || written.Rank < other.Rank ? (written, other) : (other, written);
        _values[key] = better;
        if (worse is not null && !string.Equals(worse.Value, better.Value, StringComparison.Ordinal) && worse.Rank / OnIngress == better.Rank / OnIngress)
            problems.Add(new PolicyProblem(Reasons.AnnotationConflict, worse.Field, $"is another name of what {better.Field} says, and does not count; remove it"));
    }

    /// <summary>Counts where no object has the key, under whichever of its names.</summary>
    /// <param name="of">Who says it, after its name.</param>
    public void AddDefault(string name, string value, AnnotationEntry entry, string of)
    {
        var rank = ByDefault + (of == IngressDefaults.OfParameters ? 0 : ByDefault) + (entry.AliasOf is null ? 0 : Alias);
        var key = entry.AliasOf ?? entry.Key;
        if (_values.GetValueOrDefault(key) is null || rank < _values[key].Rank)
            _values[key] = new Written(AnnotationCatalogue.Label(name) + of, value, entry, rank);
    }

    /// <summary>Whether an object itself has one of the annotations that were asked for since <see cref="Begin"/>.</summary>
    public bool HasReadOwn => _read.Values.Any(static written => written.Rank < ByDefault);

    /// <summary>Another policy is read.</summary>
    public void Begin() => _read.Clear();

    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether any of them is written, whatever its value.</summary>
    public bool HasAny(params ReadOnlySpan<string> keys)
    {
        var has = false;
        foreach (var key in keys)
            has |= Has(key);
        return has;
    }

    /// <summary>A value of the kind that the catalogue has for the key, without blanks around it; null when there is none, or none that counts.</summary>
    /// <param name="so">What comes of a value that does not count; continues its problem.</param>
    public string? Text(string key, string so = "")
    {
        if (Find(key) is not { } written)
            return null;
        if (written.Entry.Value.ProblemOf(written.Value) is not { } problem)
            return written.Value.Trim();
        Refuse(key, problem + so);
        return null;
    }

    /// <summary>As <see cref="Text"/>, with blanks and lines around it.</summary>
    public string? Whole(string key) => Text(key) is null ? null : Find(key)!.Value;

    /// <summary>A value of any kind, for whoever judges its parts: null when there is none, empty when it is empty or too long.</summary>
    public string? Parts(string key, string so = "")
    {
        if (Find(key) is not { } written)
            return null;
        var value = written.Value.Trim();
        if (value.Length is > 0 and <= ValueKind.MaxLength)
            return value;
        Refuse(key, value.Length == 0 ? $"is empty; write {written.Entry.Value.Words}, or remove it{so}" : $"has {value.Length} characters; write at most {ValueKind.MaxLength}{so}");
        return "";
    }

    public bool? Switch(string key, string so = "") => Text(key, so) is { } text ? ValueChecks.Switch(text) : null;

    /// <summary>Of a kind that counts in 31 bits.</summary>
    public int? Number(string key) =>
        Text(key) is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public TimeSpan? Time(string key) => Text(key) is { } text ? Quantities.Time(text) : null;

    public TimeSpan? Seconds(string key) => Number(key) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    public long? Size(string key) => Text(key) is { } text ? Quantities.Size(text) : null;

    /// <summary>That the controller has for a key; empty: none.</summary>
    public string DefaultOf(string key) => family.Entries.FirstOrDefault(entry => entry.Key == key)?.Default ?? "";

    public void Refuse(string key, string text, string reason = Reasons.InvalidPolicy)
    {
        if (Find(key) is not { } written)
            return;
        var told = problems.Where(problem => string.Equals(problem.Field, written.Field, StringComparison.Ordinal)).ToList();
        var problem = new PolicyProblem(reason, written.Field, text);
        if (told.Count < MaxTold && !told.Contains(problem))
            problems.Add(problem);
    }

    /// <summary>Of all that was read since <see cref="Begin"/>: others said something else, and count.</summary>
    public void Yield(string others)
    {
        foreach (var written in _read.Values)
            problems.Add(new PolicyProblem(Reasons.AnnotationConflict, written.Field, $"says otherwise than {others}, and does not count; remove the one or the other"));
    }

    private Written? Find(string key)
    {
        if (!_values.TryGetValue(key, out var written))
            return null;
        _read[key] = written;
        return written;
    }

    private sealed record Written(string Field, string Value, AnnotationEntry Entry, int Rank);
}
