using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>
/// The conditions of each copy, in Gateway API's manner:
/// Accepted is false only when nothing of the copy is served, and then none of the following three is there;
/// PartiallyInvalid is there, and true, when parts of an accepted copy are left out;
/// ResolvedRefs and Conflict are there for every accepted copy. Of several reasons the first found is given.
/// </summary>
internal sealed class CopyConditions(ObjectKey key, MergeRules rules, CopyUnion union, Steering steering, IngressPolicies policies, bool anyAreOurs)
{
    private static readonly string[] ConflictReasons =
        [Reasons.PathConflict, Reasons.DefaultBackendConflict, Reasons.PortConflict, Reasons.TlsConflict, Reasons.AnnotationConflict];

    private readonly IReadOnlyList<CopyConflict> _conflicts = [.. union.Conflicts, .. steering.Conflicts, .. policies.Conflicts];

    public IEnumerable<CopyCondition> Of(JudgedCopy copy)
    {
        var own = copy.Copy.HasIngress || copy.IsTemplate ? Judge(copy) : OfFederated(copy);
        return own.Concat(Stale(copy)).Select(condition => new CopyCondition(copy.Member, condition));
    }

    /// <summary>Of the FederatedIngress itself, which <paramref name="home"/> brought.</summary>
    public IEnumerable<Condition> OfFederated(JudgedCopy home)
    {
        var plan = rules.Plan!;
        if (home.IsTemplate)
            return Judge(home);
        if (plan.Invalid is { } invalid)
            return [Problem.Describe(ConditionType.Accepted, false, plan.Subject, [invalid])];
        List<Condition> conditions = [new(ConditionType.Accepted, true, Reasons.Accepted, $"{plan.Subject} counts")];
        if (steering.FederatedProblems.Count > 0)
            conditions.Add(Problem.Describe(ConditionType.PartiallyInvalid, true, plan.Subject, steering.FederatedProblems));
        conditions.Add(ConflictOf(plan.Subject));
        return conditions;
    }

    /// <summary>What its conditions tell, one by one, but for what copies disagree on. None of a copy that is another controller's.</summary>
    public IEnumerable<Problem> ProblemsOf(JudgedCopy copy)
    {
        if (!copy.Copy.HasIngress && !copy.IsTemplate)
            return rules.Plan is not { } plan ? [] : plan.Invalid is { } invalid ? [invalid] : steering.FederatedProblems;
        if (copy.Refusal is { } refusal)
            return [new Problem(refusal.Reason, "metadata", refusal.Text)];
        if (copy.Routes is not { } routes)
            return copy.Copy.Class == ClassVerdict.Foreign ? [] : [OtherClass(copy)];
        return routes.IsEmpty ? routes.Invalid : [.. Invalid(copy, routes), .. Unresolved(copy, routes)];
    }

    private IEnumerable<Condition> Judge(JudgedCopy copy)
    {
        var subject = SubjectOf(copy);
        if (copy.Refusal is { } refusal)
            yield return new Condition(ConditionType.Accepted, false, refusal.Reason, $"{subject}: {refusal.Text}");
        else if (copy.Routes is not { } routes)
            yield return NotOurs(subject, OtherClass(copy));
        else if (routes.IsEmpty)
            yield return Problem.Describe(ConditionType.Accepted, false, subject, routes.Invalid);
        else
            foreach (var condition in Accepted(subject, copy, routes))
                yield return condition;
        if (Overridden(subject, copy) is { } overridden)
            yield return overridden;
    }

    private IEnumerable<Condition> Accepted(string subject, JudgedCopy copy, CopyRoutes routes)
    {
        yield return new Condition(ConditionType.Accepted, true, Reasons.Accepted, $"{subject} is served");
        var invalid = Invalid(copy, routes);
        if (invalid.Length > 0)
            yield return Problem.Describe(ConditionType.PartiallyInvalid, true, subject, invalid);
        var unresolved = Unresolved(copy, routes);
        yield return unresolved.Length == 0
            ? new Condition(ConditionType.ResolvedRefs, true, Reasons.ResolvedRefs, $"{subject}: all that it names exists")
            : Problem.Describe(ConditionType.ResolvedRefs, false, subject, unresolved);
        yield return ConflictOf(subject);
    }

    private Problem[] Invalid(JudgedCopy copy, CopyRoutes routes) =>
        [.. routes.Invalid, .. copy.Certificates?.Invalid ?? [], .. PolicyProblems(copy), .. policies.LabelsOf(copy), .. ParametersOf(copy.Copy.Parameters), .. Hidden(copy.Copy)];

    private Problem[] Unresolved(JudgedCopy copy, CopyRoutes routes) =>
    [
        .. routes.Unresolved.Where(item => !union.IsFoundByName(copy.Member, item.Key)).Select(static item => item.Problem),
        .. copy.Certificates?.Unresolved ?? [],
        .. PolicySecrets.ProblemsOf(copy.Copy),
        .. copy.Copy.Parameters is { Missing: { } missing } none ? (ReadOnlySpan<Problem>)[new Problem(Reasons.ParametersNotFound, FieldOf(none), missing)] : [],
    ];

    private static IEnumerable<Problem> Hidden(IngressCopy copy) => copy.HidesIngress
        ? [new Problem(Reasons.NotAccepted, "metadata.name", "is kept for the default certificate, so that the Ingress of this name is not served; give it another name")]
        : [];

    private static IEnumerable<Problem> ParametersOf(ClassParameters? parameters) =>
        parameters is null ? [] : parameters.Problems.Select(text => new Problem(Reasons.InvalidPolicy, FieldOf(parameters), $"has parameters: {text}"));

    private static string FieldOf(ClassParameters parameters) => $"IngressClass {Shown.Plain(parameters.Class)}";

    private IEnumerable<Problem> PolicyProblems(JudgedCopy copy)
    {
        var problems = copy.Annotations.Problems.Concat(steering.ProblemsOf(copy)).Concat(policies.ProblemsOf(copy)).Select(static problem => (Problem)problem);
        if (rules.Plan is not { } plan || plan.Home != copy.Member)
            return problems;
        if (plan.Invalid is { } invalid && !copy.IsTemplate)
            return problems.Append(invalid with { Field = $"FederatedIngress {Shown.Key(plan.Key)}: {invalid.Field}" });
        return problems.Concat(copy.IsTemplate
            ? steering.FederatedProblems
            : steering.FederatedProblems.Select(problem => problem with { Field = $"FederatedIngress {Shown.Key(plan.Key)}: {problem.Field}" }));
    }

    private string SubjectOf(JudgedCopy copy) => copy.IsTemplate ? rules.Plan!.Subject : Problem.Subject(copy.Member, key);

    private Condition ConflictOf(string subject)
    {
        if (_conflicts.Count == 0)
            return new Condition(ConditionType.Conflict, false, Reasons.NoConflict, $"{subject}: no copy disagrees");
        var reason = ConflictReasons.First(candidate => _conflicts.Any(conflict => string.Equals(conflict.Reason, candidate, StringComparison.Ordinal)));
        string[] details = [.. _conflicts.Select(static conflict => conflict.Text)];
        return new Condition(ConditionType.Conflict, true, reason, $"{subject}: the copies differ: {Listing.Join(details)}; make them equal")
        {
            Details = details.ToEquatableArray(),
        };
    }

    private Condition? Overridden(string subject, JudgedCopy copy)
    {
        if (copy.Copy.Class != ClassVerdict.Ours || rules.Plan is not { IsInForce: true } plan)
            return null;
        var annotations = copy.Annotations.Policy.Count == 0 ? null : string.Join(", ", copy.Annotations.Policy.Keys);
        if (annotations is null && string.Equals(copy.Refusal?.Reason, Reasons.OverriddenByFederatedIngress, StringComparison.Ordinal))
            return new Condition(
                ConditionType.Overridden, true, Reasons.OverriddenByFederatedIngress, $"{subject}: the template of {plan.Subject} takes its place");
        return annotations is null
            ? null
            : new Condition(
                ConditionType.Overridden,
                true,
                Reasons.OverriddenByFederatedIngress,
                $"{subject}: {plan.Subject} takes the place of annotations {annotations}; say it there, and remove them");
    }

    private IEnumerable<Condition> Stale(JudgedCopy copy)
    {
        if (!rules.Context.Stale.TryGetValue(copy.Member, out var stale))
            yield break;
        var (reason, text) = steering.Expiry.IsLeftOut(copy.Member)
            ? (Reasons.Expired, $"{copy.Member} can't be read for longer than the ttl of {steering.Expiry.Ttl:c}; it gets no traffic until it can be")
            : string.Equals(stale.Reason, Reasons.MassShrink, StringComparison.Ordinal)
                ? (Reasons.MassShrink, $"{copy.Member} lists less than half of what it had; what is missing stays until it is there again or an operator approves (mcctl member approve {copy.Member})")
                : (Reasons.Unreachable, $"{copy.Member} can't be read; what it had stays as last seen, make its API reachable");
        yield return new Condition(ConditionType.Stale, true, reason, $"{SubjectOf(copy)}: {text}");
    }

    private static Condition NotOurs(string subject, Problem problem) => new(ConditionType.Accepted, false, problem.Reason, $"{subject}: {problem.Text}");

    private Problem OtherClass(JudgedCopy copy)
    {
        var ingress = copy.Copy.Ingress;
        var name = Members.ClassIndex.NameOf(ingress).Name;
        var (reason, text) = copy.Copy.Class switch
        {
            ClassVerdict.Missing => (Reasons.ClassNotFound, $"names IngressClass {Shown.Quoted(name ?? "")}, which {copy.Member} does not have; create it or name another"),
            ClassVerdict.Contradictory => (Reasons.ClassConflict, $"{WhatNamesClasses(copy.Copy.Ingress)} name different classes; keep {(string.IsNullOrEmpty(copy.Copy.Ingress.ClassName) ? "one of them" : "the field")}"),
            _ when anyAreOurs => (Reasons.ClassConflict, $"{Describe(name)}, unlike its copies in other members; this copy is left out until its class is ours"),
            _ => (Reasons.NotOurClass, $"{Describe(name)}; it is left to that controller"),
        };
        return new Problem(reason, "spec.ingressClassName", text);
    }

    private static string WhatNamesClasses(Model.Resources.IngressResource ingress)
    {
        var annotations = Members.ClassOptions.Annotations.Where(name => !string.IsNullOrEmpty(ingress.Meta.Annotations.Find(name)))
            .Select(static name => $"annotation {name}");
        return string.Join(" and ", string.IsNullOrEmpty(ingress.ClassName) ? annotations : annotations.Prepend("spec.ingressClassName"));
    }

    private static string Describe(string? name) =>
        string.IsNullOrEmpty(name) ? "names no class, and ours is not the default" : $"its class {Shown.Quoted(name)} is another controller's";
}
