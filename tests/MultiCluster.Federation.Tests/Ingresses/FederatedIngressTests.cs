using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Tests.Ingresses;

public sealed class FederatedIngressTests
{
    private static readonly IngressResource Weighted = Federate.Shop.With(("cluster-weights", "gcp=9"));

    [Fact]
    public void A_template_is_served_by_every_placed_member_and_plain_copies_give_way()
    {
        var merge = Federate.Merge(Federate.Template().Alone(), Federate.Shop.CopyIn(Make.Gcp));

        var claim = Assert.Single(merge.Fragment!.Routes);
        Assert.Equal("web/federated:80", claim.Backend.ToString());
        Assert.Equal(["aws", "gcp", "lab"], merge.Members());
        Assert.Equal([Make.Aws], merge.Fragment.AcceptedMembers);
        var accepted = merge.Find(ConditionType.Accepted, Make.Gcp)!;
        Assert.Equal((false, Reasons.OverriddenByFederatedIngress), (accepted.Status, accepted.Reason));
        Assert.True(merge.Find(ConditionType.Overridden, Make.Gcp)!.Status);
        Assert.True(merge.Find(ConditionType.ResolvedRefs)!.Status);
        Assert.Equal("aws: FederatedIngress web/shop is served", merge.FederatedConditions[0].Message);
        Assert.Equal(Make.Aws, merge.Home);
    }

    public static TheoryData<string[], string?, string[]> Placements => new()
    {
        { [], null, ["aws", "gcp", "lab"] },
        { ["gcp"], null, ["gcp"] },
        { ["lab", "gcp", "gcp"], null, ["gcp", "lab"] },
        { [], "eu", ["aws", "lab"] },
        { ["gcp", "lab"], "eu", ["lab"] },
        { ["lost", "gcp"], null, ["gcp"] },
    };

    [Theory]
    [MemberData(nameof(Placements))]
    public void XT07_members_are_placed_by_name_and_by_label(string[] names, string? region, string[] expected)
    {
        var labels = region is null ? EquatableMap.Empty : EquatableMap.From([new(MemberTraits.RegionLabel, region)]);
        var placement = new FederatedPlacement(names.ToEquatableArray(), labels);

        var template = Federate.Merge((Federate.Template() with { Placement = placement }).Alone());
        var reference = Federate.Merge(
            (Federate.Reference() with { Placement = placement }).Alone(Federate.Lab) with { Ingress = Federate.Shop, HasIngress = true, Services = [Make.Service("shop")] },
            Federate.Shop.CopyIn(Make.Aws),
            Federate.Shop.CopyIn(Make.Gcp));

        Assert.Equal(expected, template.Members());
        Assert.Equal(expected, reference.Members());
        Assert.Equal(
            ((string[])["aws", "gcp", "lab"]).Except(expected),
            reference.Fragment!.Conditions.Where(static item => item.Condition.Reason == Reasons.NotPlaced).Select(static item => item.Member.Value));
        Assert.Equal(names.Contains("lost"), template.FederatedConditions.Any(static condition => condition.Reason == Reasons.UnknownCluster));
    }

    [Fact]
    public void XT07_a_member_that_changes_its_label_comes_and_goes()
    {
        var eu = Federate.Template() with { Placement = new FederatedPlacement([], EquatableMap.From([new(MemberTraits.RegionLabel, "eu")])) };
        var moved = Federate.Three with { Members = new Dictionary<MemberName, MemberTraits>(Federate.Three.Members) { [Make.Gcp] = Federate.In("eu"), [Make.Aws] = Federate.In("us") } };

        Assert.Equal(["aws", "lab"], Federate.Merge(eu.Alone()).Members());
        Assert.Equal(["gcp", "lab"], Federate.Merge(moved, eu.Alone()).Members());
    }

    [Fact]
    public void A_placement_of_no_member_serves_nothing_and_says_so()
    {
        var merge = Federate.Merge(Federate.Template("lost").Alone(), Federate.Shop.CopyIn(Make.Gcp));

        Assert.Empty(merge.Fragment!.Routes);
        Assert.Equal((false, Reasons.NotPlaced), (merge.FederatedConditions[0].Status, merge.FederatedConditions[0].Reason));
        Assert.Contains("there are aws, gcp, lab", merge.FederatedConditions[0].Message, StringComparison.Ordinal);
    }

    public static TheoryData<FederatedIngressResource, string> Invalid => new()
    {
        { Federate.Template() with { Reference = Federate.Reference().Reference }, "spec has both template and resourceRef; remove one of them" },
        { Federate.Template() with { Template = null }, "spec has neither template nor resourceRef; write one of them" },
        { Federate.Template() with { DecodeError = "spec: expected an object" }, "can't be read: \"spec: expected an object\"" },
        { Federate.Reference() with { Reference = new FederatedReference("networking.k8s.io/v1", "Ingress", "other") }, "spec.resourceRef.name is \"other\"; write \"shop\"" },
        { Federate.Reference() with { Reference = new FederatedReference("v1", "Ingress", "shop") }, "spec.resourceRef.apiVersion is \"v1\"; write networking.k8s.io/v1" },
        { Federate.Reference() with { Reference = new FederatedReference("networking.k8s.io/v1", "Service", "shop") }, "spec.resourceRef.kind is \"Service\"; write Ingress" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_one_counts_for_nothing_and_the_plain_copies_go_on(FederatedIngressResource federated, string expected)
    {
        var alone = Federate.Merge((federated with { Traffic = new TrafficSpec { SlowStart = "9s" } }).Alone(), Weighted.CopyIn(Make.Gcp));
        var beside = Federate.Merge(Weighted.CopyIn(Make.Aws) with { Federated = federated }, Weighted.CopyIn(Make.Gcp));

        Assert.Equal(["gcp"], alone.Members());
        Assert.Equal(["aws", "gcp"], beside.Members());
        foreach (var merge in (Federation.Ingresses.IngressMerge[])[alone, beside])
        {
            Assert.Equal([new ClusterTraffic(Make.Gcp, 9)], merge.Fragment!.Traffic!.Clusters);
            var condition = Assert.Single(merge.FederatedConditions);
            Assert.Equal((ConditionType.Accepted, false, Reasons.InvalidObject), (condition.Type, condition.Status, condition.Reason));
            Assert.Contains(expected, condition.Message, StringComparison.Ordinal);
            Assert.Null(merge.Find(ConditionType.Overridden, Make.Gcp));
        }

        Assert.False(alone.Find(ConditionType.Accepted)!.Status);
        Assert.True(beside.Find(ConditionType.Accepted)!.Status);
        Assert.Contains($"FederatedIngress web/shop: ", beside.Find(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_policy_takes_the_place_of_annotations_also_where_it_has_none()
    {
        var spec = new TrafficSpec { Clusters = [new ClusterSpec("aws", 80, 0, null), new ClusterSpec("lost", 1, 0, null)] };

        var merge = Federate.Merge((Federate.Reference() with { Traffic = spec }).Alone(Federate.Lab), Weighted.CopyIn(Make.Aws), Federate.Shop.CopyIn(Make.Gcp));
        var silent = Federate.Merge(Federate.Reference().Alone(Federate.Lab), Weighted.CopyIn(Make.Aws));

        Assert.Equal([new ClusterTraffic(Make.Aws, 80)], merge.Fragment!.Traffic!.Clusters);
        Assert.Null(silent.Fragment!.Traffic);
        Assert.Equal(Reasons.UnknownCluster, merge.FederatedConditions[1].Reason);
        var overridden = merge.Find(ConditionType.Overridden, Make.Aws)!;
        Assert.Contains("takes the place of annotations multicluster-ingress.github.io/cluster-weights", overridden.Message, StringComparison.Ordinal);
        Assert.Null(merge.Find(ConditionType.Overridden, Make.Gcp));
        Assert.Equal(merge.FederatedConditions, merge.Fragment.Conditions.Where(static item => item.Member == Federate.Lab).Select(static item => item.Condition));
    }

    [Fact]
    public void A_template_of_another_class_counts_for_nothing()
    {
        var merge = Federate.Merge(Federate.Template().Alone() with { Class = ClassVerdict.Missing }, Weighted.CopyIn(Make.Gcp));

        Assert.Equal(["gcp"], merge.Members());
        Assert.Equal(Reasons.ClassNotFound, merge.FederatedConditions[0].Reason);
        Assert.Equal([new ClusterTraffic(Make.Gcp, 9)], merge.Fragment!.Traffic!.Clusters);
    }
}
