using MultiCluster.Federation.Text;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Ingresses;

/// <summary>What is wrong with one field of a copy.</summary>
/// <param name="Field">Such as spec.rules[0].http.paths[2].path.</param>
/// <param name="Text">Continues the field: "is missing; write ...".</param>
internal sealed record Problem(string Reason, string Field, string Text)
{
    private const int MaxListed = 5;

    /// <summary>One message for all of them, naming the object once.</summary>
    public static string Describe(MemberName member, ObjectKey ingress, IReadOnlyList<Problem> problems) =>
        $"{Subject(member, ingress)}: {Join([.. problems.Take(MaxListed).Select(static problem => $"{problem.Field} {problem.Text}")], problems.Count)}";

    public static string Subject(MemberName member, ObjectKey ingress) => $"{member}: Ingress {Shown.Key(ingress)}";

    public static string Join(IReadOnlyList<string> listed, int count) =>
        string.Join("; ", listed) + (count > listed.Count ? $"; and {count - listed.Count} more" : "");
}
