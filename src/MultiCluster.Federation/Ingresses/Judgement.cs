using MultiCluster.Federation.Tls;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Ingresses;

/// <summary>The copies of one Ingress, judged: what a fragment is made of, and what is wrong in each.</summary>
/// <param name="Copies">In order of rank.</param>
internal sealed record Judgement(
    List<JudgedCopy> Copies, MergeRules Rules, CopyUnion Union, IngressPolicies Policies, Steering Steering, CopyConditions Conditions)
{
    /// <param name="present">Of members that are not removed, sorted by member; at least one.</param>
    public static Judgement Of(
        ObjectKey key,
        IngressCopy[] present,
        DateTimeOffset now,
        FederationContext context,
        EquatableArray<RecordedRank> ranks,
        CertificateCache? certificates,
        TrafficPolicy? before)
    {
        var plan = FederatedPlan.Of(present, context);
        var owning = Array.FindAll(present, copy => copy.HasIngress || plan?.IsTemplate(copy) == true);
        var rules = new MergeRules(context, plan, new RankBook(ranks, owning, context), before);
        var judged = present.Select(copy => JudgedCopy.Judge(key, copy, rules, now, certificates)).OrderBy(static copy => copy.Rank).ToList();
        var union = CopyUnion.Of(judged, now);
        var policies = IngressPolicies.Of(key, judged, union, context.Defaults);
        var steering = Steering.Of(judged, union, rules, now);
        var conditions = new CopyConditions(key, rules, union, steering, policies, judged.Exists(static copy => copy.Routes is not null));
        return new Judgement(judged, rules, union, policies, steering, conditions);
    }
}
