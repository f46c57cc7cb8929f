using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Federation.Ingresses;

/// <summary>
/// The conditions of each copy, in Gateway API's manner:
/// Accepted is false only when nothing of the copy is served, and then it is the only one;
/// PartiallyInvalid is there, and true, when parts of an accepted copy are left out;
/// ResolvedRefs and Conflict are there for every accepted copy. Of several reasons the first found is given.
/// </summary>
internal static class CopyConditions
{
    private static readonly string[] ConflictReasons = [Reasons.PathConflict, Reasons.DefaultBackendConflict, Reasons.TlsConflict];

    public static IEnumerable<CopyCondition> Of(ObjectKey key, JudgedCopy copy, bool othersAreOurs, IReadOnlyList<CopyConflict> conflicts) =>
        Judge(key, copy, othersAreOurs, conflicts).Select(condition => new CopyCondition(copy.Member, condition));

    private static IEnumerable<Condition> Judge(ObjectKey key, JudgedCopy copy, bool othersAreOurs, IReadOnlyList<CopyConflict> conflicts)
    {
        if (copy.Routes is not { } routes)
        {
            yield return OtherClass(key, copy, othersAreOurs);
            yield break;
        }

        if (routes.IsEmpty)
        {
            yield return Problem.Describe(ConditionType.Accepted, false, copy.Member, key, routes.Invalid);
            yield break;
        }

        yield return new Condition(ConditionType.Accepted, true, Reasons.Accepted, $"{Problem.Subject(copy.Member, key)} is served");
        Problem[] invalid = [.. routes.Invalid, .. copy.Certificates?.Invalid ?? []];
        if (invalid.Length > 0)
            yield return Problem.Describe(ConditionType.PartiallyInvalid, true, copy.Member, key, invalid);
        Problem[] unresolved = [.. routes.Unresolved, .. copy.Certificates?.Unresolved ?? []];
        yield return unresolved.Length == 0
            ? new Condition(ConditionType.ResolvedRefs, true, Reasons.ResolvedRefs, $"{Problem.Subject(copy.Member, key)}: all that it names exists")
            : Problem.Describe(ConditionType.ResolvedRefs, false, copy.Member, key, unresolved);
        yield return ConflictOf(key, copy, conflicts);
    }

    private static Condition ConflictOf(ObjectKey key, JudgedCopy copy, IReadOnlyList<CopyConflict> conflicts)
    {
        var subject = Problem.Subject(copy.Member, key);
        if (conflicts.Count == 0)
            return new Condition(ConditionType.Conflict, false, Reasons.NoConflict, $"{subject}: no copy disagrees");
        var reason = ConflictReasons.First(candidate => conflicts.Any(conflict => string.Equals(conflict.Reason, candidate, StringComparison.Ordinal)));
        string[] details = [.. conflicts.Select(static conflict => conflict.Text)];
        return new Condition(ConditionType.Conflict, true, reason, $"{subject}: the copies differ: {Listing.Join(details)}; make them equal")
        {
            Details = details.ToEquatableArray(),
        };
    }

    private static Condition OtherClass(ObjectKey key, JudgedCopy copy, bool othersAreOurs)
    {
        var ingress = copy.Copy.Ingress;
        var name = string.IsNullOrEmpty(ingress.ClassName) ? ingress.Meta.Annotations.Find(Members.ClassOptions.LegacyAnnotation) : ingress.ClassName;
        var (reason, text) = copy.Copy.Class switch
        {
            ClassVerdict.Missing => (Reasons.ClassNotFound, $"names IngressClass {Shown.Quoted(name ?? "")}, which {copy.Member} does not have; create it or name another"),
            ClassVerdict.Contradictory => (Reasons.ClassConflict, $"spec.ingressClassName and annotation {Members.ClassOptions.LegacyAnnotation} name different classes; remove the annotation"),
            _ when othersAreOurs => (Reasons.ClassConflict, $"{Describe(name)}, unlike its copies in other members; this copy is left out until its class is ours"),
            _ => (Reasons.NotOurClass, $"{Describe(name)}; it is left to that controller"),
        };
        return new Condition(ConditionType.Accepted, false, reason, $"{Problem.Subject(copy.Member, key)}: {text}");
    }

    private static string Describe(string? name) =>
        string.IsNullOrEmpty(name) ? "names no class, and ours is not the default" : $"its class {Shown.Quoted(name)} is another controller's";
}
