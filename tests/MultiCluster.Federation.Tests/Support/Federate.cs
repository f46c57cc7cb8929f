using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Policies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Tests.Support;

/// <summary>A federation of aws (home, eu), gcp (us) and lab (eu).</summary>
internal static class Federate
{
    public static readonly MemberName Lab = new("lab");

    public static readonly FederationContext Three = new()
    {
        Members = new Dictionary<MemberName, MemberTraits> { [Make.Aws] = In("eu"), [Make.Gcp] = In("us"), [Lab] = In("eu") },
    };

    public static readonly IngressResource Shop = Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop")));

    public static MemberTraits In(string region) =>
        new(MemberState.Active) { Labels = EquatableMap.From([new(MemberTraits.RegionLabel, region)]) };

    public static FederationContext Stale(TimeSpan age, string reason, params MemberName[] members) =>
        Three with { Stale = members.ToDictionary(static member => member, _ => new StaleMember(reason, age)) };

    public static IngressResource With(this IngressResource ingress, params (string Name, string Value)[] annotations) => ingress with
    {
        Meta = ingress.Meta with
        {
            Annotations = EquatableMap.From(annotations.Select(static item => KeyValuePair.Create(
                item.Name.Contains('/', StringComparison.Ordinal) ? item.Name : PolicyAnnotations.Prefix + item.Name, item.Value))),
        },
    };

    public static IngressMerge Merge(FederationContext context, params IngressCopy[] copies) =>
        IngressFederation.Merge(Make.Shop, copies, Make.Now, context, []);

    public static IngressMerge Merge(params IngressCopy[] copies) => Merge(Three, copies);

    public static Condition? Find(this IngressMerge merge, ConditionType type, MemberName? member = null) => merge.Fragment!.ConditionOf(type, member);

    public static string[] Members(this IngressMerge merge) => [.. Assert.Single(merge.Fragment!.Routes).Members.Select(static member => member.Value)];

    public static FederatedIngressResource Template(params string[] clusters) => new(Make.Meta(Make.Shop))
    {
        Template = Make.Ingress(Make.Rule("shop.example", Make.Path("/", "federated"))),
        Placement = clusters.Length == 0 ? null : new FederatedPlacement(clusters.ToEquatableArray(), EquatableMap.Empty),
    };

    public static FederatedIngressResource Reference(params string[] clusters) => Template(clusters) with
    {
        Template = null,
        Reference = new FederatedReference("networking.k8s.io/v1", "Ingress", "shop"),
    };

    /// <summary>As a member view makes it: with the template, without the member's own Ingress.</summary>
    public static IngressCopy Alone(this FederatedIngressResource federated, MemberName? home = null) =>
        new(home ?? Make.Aws, federated is { Template: { } template, Reference: null } ? template : new IngressResource(new ObjectMeta(Make.Shop)), ClassVerdict.Ours, [], [])
        {
            Federated = federated,
            HasIngress = false,
        };
}
