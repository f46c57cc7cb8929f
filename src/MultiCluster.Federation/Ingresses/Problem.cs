using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Ingresses;

/// <summary>What is wrong with one field of a copy.</summary>
/// <param name="Field">Such as spec.rules[0].http.paths[2].path.</param>
/// <param name="Text">Continues the field: "is missing; write ...".</param>
internal sealed record Problem(string Reason, string Field, string Text)
{
    public static implicit operator Problem(PolicyProblem problem) => new(problem.Reason, problem.Field, problem.Text);

    /// <summary>One condition for all of them, naming the object once, with the reason of the first.</summary>
    public static Condition Describe(ConditionType type, bool status, string subject, IReadOnlyList<Problem> problems)
    {
        string[] details = [.. problems.Select(static problem => $"{problem.Field} {problem.Text}")];
        return new Condition(type, status, problems[0].Reason, $"{subject}: {Listing.Join(details)}") { Details = details.ToEquatableArray() };
    }

    public static string Subject(MemberName member, ObjectKey ingress) => $"{member}: Ingress {Shown.Key(ingress)}";
}
