using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Federation.Policies;

/// <summary>The annotations of ours that one copy has.</summary>
internal sealed class CopyAnnotations
{
    private static readonly CopyAnnotations None = new();

    private readonly SortedDictionary<string, string> _policy = new(StringComparer.Ordinal);
    private readonly List<PolicyProblem> _problems = [];

    private CopyAnnotations()
    {
    }

    /// <summary>Those that a FederatedIngress takes the place of, by full name.</summary>
    public IReadOnlyDictionary<string, string> Policy => _policy;

    /// <summary>Null: not said, or not in a way that counts.</summary>
    public bool? Federate { get; private set; }

    /// <summary>Of names, and of the opt-in; values are looked at where the copies meet.</summary>
    public IReadOnlyList<PolicyProblem> Problems => _problems;

    public static CopyAnnotations Of(EquatableMap annotations)
    {
        CopyAnnotations? found = null;
        foreach (var (name, value) in annotations)
        {
            if (name.StartsWith(PolicyAnnotations.Prefix, StringComparison.Ordinal) && !AnnotationIndex.IsOwnOfRoutes(name))
                (found ??= new CopyAnnotations()).Add(name, value);
        }

        return found ?? None;
    }

    private void Add(string name, string value)
    {
        if (AnnotationCatalogue.Find(name) is not { } rule)
            AddUnknown(name);
        else if (rule.Use != AnnotationUse.OptIn)
            _policy.Add(name, value);
        else if (value is "true" or "false")
            Federate = value is "true";
        else
            _problems.Add(new PolicyProblem(
                Reasons.InvalidPolicy, AnnotationCatalogue.Label(name), $"is {Shown.Quoted(value)}; write \"true\" or \"false\""));
    }

    private void AddUnknown(string name)
    {
        var written = name[PolicyAnnotations.Prefix.Length..];
        var names = AnnotationCatalogue.Names.Concat(AnnotationIndex.OwnOfRoutes).Select(static known => known[PolicyAnnotations.Prefix.Length..]);
        var fix = Words.Nearest(written, names) is { } nearest
            ? $"did you mean {PolicyAnnotations.Prefix}{nearest}?"
            : "remove it, or write one that the documentation lists";
        _problems.Add(new PolicyProblem(
            Reasons.InvalidPolicy, $"annotation {PolicyAnnotations.Prefix}{Shown.Plain(written)}", $"is unknown and has no effect; {fix}"));
    }
}
