using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Migration;

/// <param name="IsOperators">It counts once the operator says so in the configuration file.</param>
internal sealed record SaidProblem(Problem Problem, bool IsOperators)
{
    /// <summary>Before what the operator has to say.</summary>
    public const string ByOperator = "needs the operator's word: ";
}

/// <summary>What was said of objects while they were read, by the field that it is about.</summary>
internal sealed class SaidOfObjects
{
    private readonly Dictionary<Resource, SortedDictionary<string, List<SaidProblem>>> _said = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether anything has read it.</summary>
    public bool HasRead(Resource holder) => _said.ContainsKey(holder);

    public void Add(IngressResource ingress, IReadOnlyCollection<ServiceResource> services, IEnumerable<SaidProblem> problems)
    {
        foreach (var holder in services.Prepend<Resource>(ingress))
            _said.TryAdd(holder, new SortedDictionary<string, List<SaidProblem>>(StringComparer.Ordinal));
        foreach (var problem in problems)
        {
            var holder = (Resource?)services.FirstOrDefault(service => problem.Problem.Field.EndsWith(OfService(service), StringComparison.Ordinal)) ?? ingress;
            var fields = _said[holder];
            if (!fields.TryGetValue(problem.Problem.Field, out var texts))
                fields.Add(problem.Problem.Field, texts = []);
            if (!texts.Contains(problem))
                texts.Add(problem);
        }
    }

    /// <summary>The verdict of the catalogue, unless more is known.</summary>
    public (AnnotationVerdict Verdict, string Text) Judge(Resource holder, AnnotationFinding finding)
    {
        var field = AnnotationCatalogue.Label(finding.Name) + (holder is ServiceResource service ? OfService(service) : "");
        if (!_said.TryGetValue(holder, out var fields) || !fields.TryGetValue(field, out var problems))
            return (finding.Verdict, finding.Text);
        var isFine = finding.Verdict is AnnotationVerdict.Supported or AnnotationVerdict.Differs or AnnotationVerdict.Needless;
        // Secrets are not read for this: that there is none says nothing.
        if (Told(problems.Where(static said => !said.IsOperators && said.Problem.Reason != Reasons.SecretNotFound)) is { } told)
            return (isFine ? AnnotationVerdict.Wrong : finding.Verdict, told);
        if (Told(problems.Where(static said => said.IsOperators)) is { } needed)
            return isFine ? (AnnotationVerdict.Differs, SaidProblem.ByOperator + needed) : (finding.Verdict, finding.Text);
        return (finding.Verdict, $"{finding.Text}{(finding.Text.EndsWith('.') ? "" : ".")} The Secret that it names was not read.");
    }

    /// <summary>What is about no annotation that the object has.</summary>
    public IEnumerable<(string Field, string Text)> OtherOf(Resource holder)
    {
        if (!_said.TryGetValue(holder, out var fields))
            yield break;
        var own = holder.Meta.Annotations.Keys.Select(name => AnnotationCatalogue.Label(name) + (holder is ServiceResource service ? OfService(service) : "")).ToHashSet(StringComparer.Ordinal);
        foreach (var (field, problems) in fields.Where(item => !own.Contains(item.Key)))
            yield return (field, string.Join("; ", problems.Select(static said => said.Problem.Text)));
    }

    /// <summary>Null where there is nothing.</summary>
    public static string? Told(IEnumerable<SaidProblem> said) => said.Select(static item => item.Problem.Text).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } texts ? string.Join("; ", texts) : null;

    public static string OfService(ServiceResource service) => $" of Service {Shown.Plain(service.Key.Name)}";
}
