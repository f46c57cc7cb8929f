using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Policies;

/// <summary>The annotations of one copy, with the member that it is of.</summary>
internal readonly record struct AnnotatedCopy(MemberName Member, CopyAnnotations Annotations);

/// <summary>The annotations of all copies as one policy: of each annotation the value of the first copy that has it counts.</summary>
internal sealed class AnnotationMerge
{
    /// <summary>In bytes or so; a map of all members that there can be fits.</summary>
    private const int MaxValueLength = 16 * 1024;

    private readonly RankedAnnotations _chosen = new();
    private readonly List<PolicyProblem> _problems = [];

    private AnnotationMerge()
    {
    }

    /// <summary>Null when no annotation speaks of traffic, or none in a way that counts.</summary>
    public TrafficPolicy? Traffic { get; private set; }

    public StalenessPolicy Staleness { get; private set; } = StalenessPolicy.Retain;

    public IReadOnlyList<PolicyProblem> Problems => _problems;

    /// <summary>Some value of the traffic policy does not count.</summary>
    public bool HasTrafficProblems => TrafficNames.Any(IsWrong);

    /// <summary>What copies say otherwise than the one that counts.</summary>
    public IReadOnlyList<string> Conflicts => _chosen.Conflicts;

    /// <param name="copies">In order of rank.</param>
    /// <param name="known">Null: nobody knows which members there are.</param>
    public static AnnotationMerge Of(IReadOnlyList<AnnotatedCopy> copies, IReadOnlySet<MemberName>? known)
    {
        var merge = new AnnotationMerge();
        foreach (var copy in copies)
        {
            foreach (var (name, value) in copy.Annotations.Policy)
                merge._chosen.Add(copy.Member, name, value);
        }

        if (merge._chosen.Count > 0)
            merge.Read(known, (IReadOnlyCollection<MemberName>?)known ?? [.. copies.Select(static copy => copy.Member)]);
        return merge;
    }

    /// <summary>What is wrong with the values that a copy has: those that count, and equal ones in other copies.</summary>
    public IEnumerable<PolicyProblem> ProblemsOf(CopyAnnotations annotations) => _problems.Where(problem =>
        annotations.Policy.Any(item =>
            string.Equals(AnnotationCatalogue.Label(item.Key), problem.Field, StringComparison.Ordinal)
            && _chosen.Counts(item.Key, item.Value)));

    private void Read(IReadOnlySet<MemberName>? known, IReadOnlyCollection<MemberName> members)
    {
        var draft = new AnnotationDraft(known, members);
        foreach (var (name, written) in _chosen.ToMap())
        {
            var rule = AnnotationCatalogue.Find(name)!;
            var value = written.Length > MaxValueLength ? "" : written.Trim();
            if (written.Length > MaxValueLength)
                draft.Refuse(name, $"has {written.Length} characters; write at most {MaxValueLength}");
            else if (value.Length == 0)
                draft.Refuse(name, $"is empty; write one such as {rule.Example}, or remove it");
            else
                rule.Read!(draft, value);
        }

        var traffic = PolicyReader.Read(draft.Finish(), members: null, AnnotationCatalogue.FieldName);
        var staleness = PolicyReader.Read(draft.Staleness, AnnotationCatalogue.FieldName);
        _problems.AddRange([.. draft.Problems, .. traffic.Problems, .. staleness.Problems]);
        Staleness = staleness.Policy;
        // A policy, be it of defaults only, parts traffic by member; values that cost themselves must not bring that about.
        Traffic = TrafficNames.Any(name => !IsWrong(name)) ? traffic.Policy : null;
    }

    private IEnumerable<string> TrafficNames => _chosen.Names.Where(static name => AnnotationCatalogue.Find(name)!.Use == AnnotationUse.Traffic);

    private bool IsWrong(string name) => _problems.Exists(problem => string.Equals(problem.Field, AnnotationCatalogue.Label(name), StringComparison.Ordinal));}
