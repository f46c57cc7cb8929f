using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Policies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Settings;

/// <summary>A ConfigMap of settings.</summary>
/// <param name="Prefix">Of the controller whose names its keys are, such as haproxy.org/.</param>
public sealed record SettingsSource(ObjectKey ConfigMap, string Prefix);

/// <summary>Settings of a ConfigMap with the names of one of the controllers that we take the place of.</summary>
public static class SettingsReader
{
    /// <summary>Controllers whose names a ConfigMap may have.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = [.. AnnotationIndex.Families.Items.Where(static family => family.Name is "haproxy" or "haproxy-ingress" or "nginx").Select(static family => family.Prefix)];

    /// <returns>By full names, good and bad ones; what no controller has, we refuse or have no use for is left out.</returns>
    public static EquatableMap Read(SettingsSource source, EquatableMap data) => EquatableMap.From(
        from item in data
        let name = NameOf(source, item.Key)
        where AnnotationIndex.Find(name) is { Entry.Status: not (AnnotationStatus.Refused or AnnotationStatus.Needless) }
        select KeyValuePair.Create(name, item.Value));

    /// <summary>A bad value takes nothing away: the last good one stays.</summary>
    /// <param name="before">That count until now.</param>
    public static EquatableMap Keep(EquatableMap now, EquatableMap before) => EquatableMap.From(
        from item in now
        let good = ProblemOf(item.Key, item.Value) is null ? item.Value : before.Find(item.Key)
        where good is not null && ProblemOf(item.Key, good) is null
        select KeyValuePair.Create(item.Key, good));

    /// <summary>Each names the ConfigMap, the key and the fix.</summary>
    public static IEnumerable<string> Problems(SettingsSource source, EquatableMap data)
    {
        foreach (var (key, value) in data)
        {
            if (ProblemOf(NameOf(source, key), value) is { } problem)
                yield return $"ConfigMap {source.ConfigMap}, {Text.Shown.Plain(key)}: {problem}";
        }
    }

    /// <summary>What keeps a setting from counting, and the fix, after its name; null when it counts.</summary>
    public static string? ProblemOf(string name, string value)
    {
        if (AnnotationIndex.Find(name) is not { } known)
        {
            var key = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
            var keys = AnnotationIndex.FamiliesOf(name).SelectMany(static family => family.Entries).Select(static entry => entry.Key);
            return $"is no setting that we know; {(Words.Nearest(key, keys) is { } nearest ? $"did you mean {nearest}?" : "remove it")}";
        }

        var entry = known.Entry;
        if (entry.Status == AnnotationStatus.Refused)
            return $"is refused: {entry.Note}";
        if (entry.Status == AnnotationStatus.Needless)
            return null;
        if (entry.Value.ProblemOf(value) is { } problem)
            return problem;
        if (name == DefaultCertificateSetting.Name)
            return DefaultCertificateSetting.Read(value, "default") is null ? "is no name of a Secret; write NAMESPACE/NAME" : null;
        if (entry.Value.IsSecret && !Reloads.Names.Contains(name))
            return "names a Secret, which counts at an Ingress or Service only; write it there";
        if (Reloads.Names.Contains(name) || entry.Done.Any(done => entry.Value.AreSame(done, value)))
            return ProcessSettings.ProblemOf(name, value);
        if (entry.Status == AnnotationStatus.Planned)
            return "is not applied yet; remove it";
        return entry.Places == AnnotationPlaces.Global && entry.Status == AnnotationStatus.Differs ? $"has no effect here: {entry.Note}" : null;
    }

    private static string NameOf(SettingsSource source, string key) => source.Prefix + key;
}
