using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Annotations;

/// <summary>What becomes of an annotation of an object.</summary>
public enum AnnotationVerdict
{
    Supported,
    Differs,

    /// <summary>There is nothing to do for it here.</summary>
    Needless,

    /// <summary>Not applied yet.</summary>
    Planned,
    Refused,

    /// <summary>The value is none that the key takes.</summary>
    Wrong,

    /// <summary>Its own controller does not read it on such an object.</summary>
    Misplaced,
    Unknown,
}

/// <param name="Name">As written.</param>
/// <param name="Known">Null when no controller has such a key.</param>
/// <param name="Text">For people; continues the name.</param>
public sealed record AnnotationFinding(string Name, AnnotationVerdict Verdict, KnownAnnotation? Known, string Text);

/// <summary>What becomes of the annotations of an Ingress or a Service.</summary>
public static class ObjectAnnotations
{
    /// <summary>In order of names. Annotations that are no ingress controller's are left out.</summary>
    /// <param name="place">Ingress or Service.</param>
    public static IReadOnlyList<AnnotationFinding> Check(AnnotationPlaces place, EquatableMap annotations)
    {
        var findings = new List<AnnotationFinding>();
        Dictionary<string, string>? own = null;
        foreach (var (name, value) in annotations)
        {
            if (AnnotationIndex.Find(name) is { } known)
            {
                var finding = Judge(name, value, place, known);
                if (finding.Verdict == AnnotationVerdict.Supported && (own ??= OwnProblems(annotations)).GetValueOrDefault(name) is { } problem)
                    finding = finding with { Verdict = AnnotationVerdict.Wrong, Text = problem };
                findings.Add(finding);
            }
            else if (AnnotationIndex.FamiliesOf(name).Any(static family => !family.IsOpen))
            {
                findings.Add(Unknown(name));
            }
        }

        return findings;
    }

    private static AnnotationFinding Judge(string name, string value, AnnotationPlaces place, KnownAnnotation known)
    {
        var entry = known.Entry;
        if ((entry.Places & place) == AnnotationPlaces.None)
            return new AnnotationFinding(name, AnnotationVerdict.Misplaced, known, Misplaced(known, place));
        if (entry.Status == AnnotationStatus.Needless)
            return new AnnotationFinding(name, AnnotationVerdict.Needless, known, $"needs nothing here: {entry.Note}");
        if (entry.Status == AnnotationStatus.Refused && !IsDone(entry, value))
            return new AnnotationFinding(name, AnnotationVerdict.Refused, known, $"is refused: {entry.Note}");
        if (entry.Value.ProblemOf(value) is { } problem)
            return new AnnotationFinding(name, AnnotationVerdict.Wrong, known, problem);
        if (entry.Status != AnnotationStatus.Supported && IsDone(entry, value))
            return new AnnotationFinding(name, AnnotationVerdict.Supported, known, "asks for what happens without it too");
        return entry.Status switch
        {
            AnnotationStatus.Supported => new AnnotationFinding(name, AnnotationVerdict.Supported, known, WithNote("is applied", entry)),
            AnnotationStatus.Differs => new AnnotationFinding(name, AnnotationVerdict.Differs, known, $"differs: {entry.Note}"),
            _ => new AnnotationFinding(name, AnnotationVerdict.Planned, known, WithNote("is not applied yet", entry)),
        };
    }

    private static string WithNote(string text, AnnotationEntry entry) => entry.Note is null ? text : $"{text}. {entry.Note}";

    private static bool IsDone(AnnotationEntry entry, string value) => entry.Done.Any(done => entry.Value.AreSame(done, value));

    private static string Misplaced(KnownAnnotation known, AnnotationPlaces place)
    {
        var other = place == AnnotationPlaces.Ingress ? AnnotationPlaces.Service : AnnotationPlaces.Ingress;
        return (known.Entry.Places & other) != AnnotationPlaces.None
            ? $"is read on {other} objects only, and does nothing here in {known.Family.Title} either; move it, or remove it"
            : $"is global, and does nothing on an object in {known.Family.Title} either; remove it";
    }

    private static AnnotationFinding Unknown(string name)
    {
        var titles = string.Join(" and ", AnnotationIndex.FamiliesOf(name).Select(static family => family.Title));
        var fix = AnnotationIndex.Nearest(name) is { } nearest ? $"did you mean {nearest}?" : "\"mcctl annotations\" lists those that there are";
        return new AnnotationFinding(name, AnnotationVerdict.Unknown, null, $"is no annotation of {titles} that we know; {fix}");
    }

    /// <summary>Of our own annotations, as the program itself reads them; without a cluster to ask, every cluster's name goes.</summary>
    private static Dictionary<string, string> OwnProblems(EquatableMap annotations)
    {
        var copy = CopyAnnotations.Of(annotations);
        var merge = AnnotationMerge.Of([new AnnotatedCopy(new MemberName("any"), copy)], known: null);
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in PolicyAnnotations.All)
        {
            var texts = copy.Problems.Concat(merge.Problems)
                .Where(problem => string.Equals(problem.Field, AnnotationCatalogue.Label(name), StringComparison.Ordinal))
                .Select(static problem => problem.Text);
            if (string.Join("; ", texts) is { Length: > 0 } text)
                problems.Add(name, text);
        }

        return problems;
    }
}
