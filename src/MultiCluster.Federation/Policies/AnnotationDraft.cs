using System.Globalization;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Policies;

/// <summary>What annotations say, in the form of a FederatedIngress' fields, while it is gathered.</summary>
/// <param name="known">Null: nobody knows which members there are, so that every name goes.</param>
/// <param name="members">Those that a primary cluster comes before.</param>
internal sealed class AnnotationDraft(IReadOnlySet<MemberName>? known, IReadOnlyCollection<MemberName> members)
{
    private readonly SortedDictionary<string, ClusterSpec> _clusters = new(StringComparer.Ordinal);
    private readonly List<PolicyProblem> _problems = [];
    private string? _primary;

    public TrafficSpec Traffic { get; set; } = new();

    public StalenessSpec Staleness { get; set; } = new(null, null, null);

    public IReadOnlyList<PolicyProblem> Problems => _problems;

    public TrafficSpec Finish()
    {
        if (_primary is { } primary)
        {
            foreach (var name in members.Select(static member => member.Value).Append(primary))
            {
                var spec = SpecOf(name);
                _clusters[name] = spec with { Priority = spec.Priority ?? (string.Equals(name, primary, StringComparison.Ordinal) ? 0 : 1) };
            }
        }

        return Traffic with { Clusters = _clusters.Values.ToEquatableArray() };
    }

    public int? Number(string annotation, string value, string of = "")
    {
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        Refuse(annotation, $"is {Shown.Quoted(value)}{of}, which is no whole number in range; write one");
        return null;
    }

    public void SetWeights(string value) => SetEach(PolicyAnnotations.ClusterWeights, value, (cluster, text) =>
        SpecOf(cluster) with { Weight = Number(PolicyAnnotations.ClusterWeights, text, $" for {Shown.Quoted(cluster)}") });

    public void SetPriorities(string value) => SetEach(PolicyAnnotations.ClusterPriorities, value, (cluster, text) =>
        SpecOf(cluster) with { Priority = Number(PolicyAnnotations.ClusterPriorities, text, $" for {Shown.Quoted(cluster)}") });

    public void SetStates(string value) => SetEach(PolicyAnnotations.ClusterState, value, (cluster, text) => SpecOf(cluster) with { State = text });

    public void SetPrimary(string value)
    {
        if (ClusterReader.ProblemOf(new MemberName(value), known) is { } problem)
            _problems.Add(new PolicyProblem(problem.Reason, AnnotationCatalogue.Label(PolicyAnnotations.PrimaryCluster), problem.Text));
        else
            _primary = value;
    }

    public void Refuse(string annotation, string text) =>
        _problems.Add(new PolicyProblem(Reasons.InvalidPolicy, AnnotationCatalogue.Label(annotation), text));

    /// <summary>Entries such as aws-1=80, parted by commas; a bad one costs itself.</summary>
    private void SetEach(string annotation, string value, Func<string, string, ClusterSpec> set)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in value.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = entry.IndexOf('=', StringComparison.Ordinal);
            var cluster = at < 0 ? entry : entry[..at].TrimEnd();
            var text = at < 0 ? "" : entry[(at + 1)..].TrimStart();
            if (text.Length == 0)
                Refuse(annotation, $"holds {Shown.Quoted(entry)}; write entries such as {AnnotationCatalogue.Find(annotation)!.Example}");
            else if (ClusterReader.ProblemOf(new MemberName(cluster), known) is { } problem)
                _problems.Add(new PolicyProblem(problem.Reason, AnnotationCatalogue.Label(annotation), problem.Text));
            else if (!seen.Add(cluster))
                Refuse(annotation, $"names {Shown.Quoted(cluster)} again; the first counts, remove the other");
            else
                _clusters[cluster] = set(cluster, text);
        }
    }

    private ClusterSpec SpecOf(string cluster) => _clusters.GetValueOrDefault(cluster) ?? new ClusterSpec(cluster, null, null, null);
}
