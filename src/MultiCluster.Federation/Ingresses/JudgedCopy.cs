using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Ingresses;

/// <summary>Why a copy of our class is not merged all the same.</summary>
/// <param name="Text">What is the matter and what would change it.</param>
internal sealed record Refusal(string Reason, string Text);

/// <summary>A copy and, when it is of our class and merged, what it asks for.</summary>
/// <param name="Members">That its routes go to; sorted.</param>
internal sealed record JudgedCopy(IngressCopy Copy, Rank Rank, EquatableArray<MemberName> Members, CopyAnnotations Annotations)
{
    public CopyRoutes? Routes { get; private init; }

    public CopyCertificates? Certificates { get; private init; }

    public Refusal? Refusal { get; private init; }

    /// <summary>It is the template of a FederatedIngress.</summary>
    public bool IsTemplate { get; private init; }

    public MemberName Member => Copy.Member;

    /// <summary>Something of it is served.</summary>
    public bool IsAccepted => Routes is { IsEmpty: false };

    /// <summary>The rank that it would have if only its age of now counted.</summary>
    public Rank RankOfNow => Rank with { Created = Copy.Ingress.Meta.CreationTimestamp };

    public static JudgedCopy Judge(ObjectKey key, IngressCopy copy, MergeRules rules, DateTimeOffset now, CertificateCache? cache)
    {
        var plan = rules.Plan;
        var isTemplate = plan is not null && plan.IsTemplate(copy);
        var annotations = CopyAnnotations.Of(copy.Ingress.Meta.Annotations);
        var rank = new Rank(rules.Ranks.AgeOf(copy), copy.Member, key);
        var judged = new JudgedCopy(copy, rank, isTemplate ? plan!.Placed : [copy.Member], annotations) { IsTemplate = isTemplate };
        if (copy.Class != ClassVerdict.Ours || (!isTemplate && !copy.HasIngress))
            return judged;
        if (!isTemplate && !copy.IsDefaultCertificate && RefusalOf(copy.Member, annotations, rules) is { } refusal)
            return judged with { Refusal = refusal };
        var routes = CopyRoutes.Read(copy, resolves: !isTemplate);
        if (judged.Members.IsEmpty)
            return judged with { Routes = CopyRoutes.Nowhere(copy, plan!.Problems) };
        var certificates = routes.IsEmpty ? null : CopyCertificates.Read(copy, rank, routes.Hosts, routes.FurtherHosts, now, cache);
        return judged with { Routes = routes, Certificates = certificates };
    }

    private static Refusal? RefusalOf(MemberName member, CopyAnnotations annotations, MergeRules rules)
    {
        if (annotations.Federate == false)
            return new Refusal(Reasons.NotOptedIn, $"annotation {PolicyAnnotations.Federate} is \"false\", so that this copy is left out; remove it to have the copy merged");
        if (rules.Plan is { IsInForce: true } plan)
        {
            if (plan.HasTemplate)
                return new Refusal(
                    Reasons.OverriddenByFederatedIngress,
                    $"FederatedIngress of {plan.Home} has a template, which takes the place of this copy; delete this one, or use spec.resourceRef there");
            if (!plan.Places(member))
                return new Refusal(
                    Reasons.NotPlaced, $"spec.placement of the FederatedIngress of {plan.Home} leaves {member} out; add it there to have this copy merged");
        }

        return rules.Context.Mode == FederationMode.Annotated && annotations.Federate is null
            ? new Refusal(
                Reasons.NotOptedIn,
                $"federation.mode is annotated and this copy has not opted in; give it the annotation {PolicyAnnotations.Federate}: \"true\"")
            : null;
    }
}

/// <summary>What decides on every copy alike.</summary>
/// <param name="Before">The traffic policy that counts until now.</param>
internal sealed record MergeRules(FederationContext Context, FederatedPlan? Plan, RankBook Ranks, TrafficPolicy? Before = null);
