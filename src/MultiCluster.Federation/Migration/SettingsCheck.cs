using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Migration;

/// <summary>A ConfigMap of settings, as it would be read if the configuration named it.</summary>
internal static class SettingsCheck
{
    private static readonly ObjectKey Any = new("any", "any");

    public static IEnumerable<MigrationFinding> Of(ConfigMapResource map, MigrationInput input, DateTimeOffset now)
    {
        foreach (var source in input.Settings.Where(source => source.ConfigMap == map.Key))
        {
            var told = Told(source, map.Data, now);
            foreach (var (key, value) in map.Data)
                yield return Judge(map, key, source.Prefix + key, value, told);
        }
    }

    /// <param name="source">Parameters of a class.</param>
    public static IEnumerable<MigrationFinding> OfParameters(ConfigMapResource map, SettingsSource source, DateTimeOffset now)
    {
        var told = Told(source, map.Data, now);
        foreach (var (key, value) in map.Data)
        {
            yield return Reloads.Names.Contains(source.Prefix + key)
                ? new MigrationFinding(map, key, AnnotationVerdict.Misplaced, AnnotationIndex.Find(source.Prefix + key)?.Entry.Policy, "is about proxies as a whole; write it into the settings of all")
                : Judge(map, key, source.Prefix + key, value, told);
        }
    }

    private static MigrationFinding Judge(ConfigMapResource map, string key, string name, string value, ILookup<string, SaidProblem> told)
    {
        var problem = SettingsReader.ProblemOf(name, value);
        if (AnnotationIndex.Find(name) is not { } known)
            return new MigrationFinding(map, key, AnnotationVerdict.Unknown, null, problem!);
        var entry = known.Entry;
        var label = AnnotationCatalogue.Label(name);
        var isReload = Reloads.Names.Contains(name);
        var (verdict, text) = problem switch
        {
            null when entry.Status == AnnotationStatus.Needless => (AnnotationVerdict.Needless, $"needs nothing here{Note(entry)}"),
            null when SaidOfObjects.Told(told[label].Where(static said => !said.IsOperators)) is { } wrong => (AnnotationVerdict.Wrong, wrong),
            null when SaidOfObjects.Told(told[label].Where(static said => said.IsOperators)) is { } needed => (AnnotationVerdict.Differs, SaidProblem.ByOperator + needed),
            null when entry.Done.Any(done => entry.Value.AreSame(done, value)) && !isReload => (AnnotationVerdict.Supported, "asks for what happens without it too"),
            null when isReload => (OfStatus(entry), $"is applied, by one reload of each proxy whenever it changes{Note(entry)}"),
            null => (OfStatus(entry), entry.Status == AnnotationStatus.Differs ? $"differs{Note(entry)}" : $"is applied{Note(entry)}"),
            _ when entry.Status == AnnotationStatus.Refused => (AnnotationVerdict.Refused, problem),
            _ when entry.Value.ProblemOf(value) is not null => (AnnotationVerdict.Wrong, problem),
            _ when entry.Value.IsSecret && !isReload => (AnnotationVerdict.Misplaced, problem),
            _ when entry.Status == AnnotationStatus.Planned => (AnnotationVerdict.Planned, problem),
            _ when entry.Status == AnnotationStatus.Differs && !isReload => (AnnotationVerdict.Differs, problem),
            _ => (AnnotationVerdict.Wrong, problem),
        };
        return new MigrationFinding(map, key, verdict, entry.Policy, text);
    }

    private static AnnotationVerdict OfStatus(AnnotationEntry entry) => entry.Status == AnnotationStatus.Differs ? AnnotationVerdict.Differs : AnnotationVerdict.Supported;

    private static string Note(AnnotationEntry entry) => entry.Note is null ? "" : $": {entry.Note}";

    /// <summary>What an Ingress that says nothing itself would be told of the settings, by their labels.</summary>
    private static ILookup<string, SaidProblem> Told(SettingsSource source, EquatableMap data, DateTimeOffset now)
    {
        var settings = DefaultsOfInput.Read(source, data);
        var context = FederationContext.Default with { Defaults = IngressDefaults.None.With(settings) };
        var ingress = new IngressResource(new ObjectMeta(Any)) { Rules = IngressCheck.Anywhere };
        return IngressCheck.Problems(new IngressCopy(new MemberName("here"), ingress, ClassVerdict.Ours, [], []), context, now)
            .Concat(settings.Keys.Select(static name => IngressCheck.LabelsOf(name, IngressDefaults.OfSettings)).OfType<Problem>().Select(static problem => new SaidProblem(problem, IsOperators: true)))
            .Where(static said => said.Problem.Field.EndsWith(IngressDefaults.OfSettings, StringComparison.Ordinal))
            .ToLookup(static said => said.Problem.Field[..^IngressDefaults.OfSettings.Length], StringComparer.Ordinal);
    }
}

/// <summary>A ConfigMap of TCP services, as it would be read if the configuration named it.</summary>
internal static class TcpCheck
{
    private const string Policy = "tcp-service";

    public static IEnumerable<MigrationFinding> Of(ConfigMapResource map, EquatableArray<ObjectKey> maps, IReadOnlyList<ConfigMapResource> all)
    {
        if (!maps.Contains(map.Key))
            yield break;
        foreach (var (key, value) in map.Data)
        {
            var first = all.FirstOrDefault(other => maps.Contains(other.Key) && other.Key != map.Key && string.CompareOrdinal(other.Key.ToString(), map.Key.ToString()) < 0 && other.Data.Find(key) is not null);
            yield return TcpLine.Read(key, value, out var problem) is not { } line
                ? new MigrationFinding(map, key, AnnotationVerdict.Wrong, Policy, problem!)
                : first is not null
                    ? new MigrationFinding(map, key, AnnotationVerdict.Wrong, Policy, $"is a port that ConfigMap {first.Key} has already; remove one")
                    : new MigrationFinding(map, key, AnnotationVerdict.Supported, Policy, $"is applied, by one reload of each proxy when the port is new: it leads to Service {line.Namespace}/{line.Service}");
        }
    }
}
