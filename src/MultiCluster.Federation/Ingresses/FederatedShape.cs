using MultiCluster.Federation.Text;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Ingresses;

/// <summary>Whether a FederatedIngress says one thing only.</summary>
public static class FederatedShape
{
    internal const string IngressApiVersion = "networking.k8s.io/v1";

    /// <summary>Its template takes the place of the Ingresses of its key.</summary>
    internal static bool UsesTemplate(FederatedIngressResource federated) => federated.Template is not null && ProblemOf(federated) is null;

    /// <summary>Why it counts for nothing, and the fix; null when it counts.</summary>
    internal static Problem? ProblemOf(FederatedIngressResource federated)
    {
        if (federated.DecodeError is { } error)
            return Invalid("manifest", $"can't be read: {Shown.Quoted(error)}; correct it");
        return (federated.Template, federated.Reference) switch
        {
            (null, null) => Invalid("spec", "has neither template nor resourceRef; write one of them"),
            (not null, not null) => Invalid("spec", "has both template and resourceRef; remove one of them"),
            ({ DecodeError: { } inner }, null) => Invalid("spec.template", $"can't be read: {Shown.Quoted(inner)}; correct it"),
            (null, { } reference) => ProblemOf(reference, federated.Key.Name),
            _ => null,
        };
    }

    /// <summary>
    /// What counts of an object whose shape is wrong now: what counted before, with the problem; the new one, which counts for nothing, where nothing did.
    /// </summary>
    public static FederatedIngressResource Keep(FederatedIngressResource next, FederatedIngressResource? before) =>
        before is not null && IsSame(before.Meta, next.Meta) && ProblemOf(next) is { } problem && ProblemOf(before) is null
            ? before with { Meta = next.Meta, Refused = new RefusedShape(problem.Field, problem.Text) }
            : next;

    /// <summary>One that was deleted and made anew never was good. Files give no uid.</summary>
    private static bool IsSame(ObjectMeta before, ObjectMeta next) => string.Equals(before.Uid, next.Uid, StringComparison.Ordinal);

    /// <summary>As for the object, for a member's copy: also what a template that stays refers to is as it was.</summary>
    public static IngressCopy Keep(IngressCopy next, IngressCopy? before)
    {
        if (next.Federated is not { } federated || before is null)
            return next;
        var kept = Keep(federated, before.Federated);
        if (ReferenceEquals(kept, federated))
            return next;
        return kept.Template is null ? next with { Federated = kept } : before with { Federated = kept, HasIngress = next.HasIngress };
    }

    /// <summary>The identity of what is federated is namespace/name, so it can refer to its own name only.</summary>
    private static Problem? ProblemOf(FederatedReference reference, string name)
    {
        if (!string.Equals(reference.Kind, "Ingress", StringComparison.Ordinal))
            return Invalid("spec.resourceRef.kind", $"is {Shown.Quoted(reference.Kind ?? "")}; write Ingress");
        if (!string.Equals(reference.ApiVersion, IngressApiVersion, StringComparison.Ordinal))
            return Invalid("spec.resourceRef.apiVersion", $"is {Shown.Quoted(reference.ApiVersion ?? "")}; write {IngressApiVersion}");
        return string.Equals(reference.Name, name, StringComparison.Ordinal)
            ? null
            : Invalid(
                "spec.resourceRef.name",
                $"is {Shown.Quoted(reference.Name ?? "")}; write {Shown.Quoted(name)}, or name the FederatedIngress as the Ingress that it means");
    }

    private static Problem Invalid(string field, string text) => new(Reasons.InvalidObject, field, text);
}
