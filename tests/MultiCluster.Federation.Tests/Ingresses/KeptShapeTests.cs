using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Tests.Ingresses;

/// <summary>A FederatedIngress that was right and becomes wrong in shape, as a manifest folder lets it.</summary>
public sealed class KeptShapeTests
{
    private static readonly TrafficSpec Weights = new() { Clusters = [new ClusterSpec("gcp", 7, null, null)] };

    [Theory]
    [MemberData(nameof(FederatedIngressTests.Invalid), MemberType = typeof(FederatedIngressTests))]
    public void What_was_there_stays_and_the_condition_says_what_to_mend(FederatedIngressResource wrong, string expected)
    {
        foreach (var good in (FederatedIngressResource[])[Federate.Template("gcp") with { Traffic = Weights }, Federate.Reference("gcp") with { Traffic = Weights }])
        {
            var plain = Federate.Shop.CopyIn(Make.Gcp);
            var before = Federate.Merge(good.Alone(), plain);
            var copy = FederatedShape.Keep(AsRead(wrong), good.Alone());
            var after = Federate.Merge(copy, plain);

            Assert.Equal(before.Fragment!.Routes, after.Fragment!.Routes);
            Assert.Equal(before.Fragment.Traffic, after.Fragment.Traffic);
            Assert.Equal([new ClusterTraffic(Make.Gcp, 7)], after.Fragment.Traffic!.Clusters);
            Assert.Equal(before.FederatedConditions[0], after.FederatedConditions[0]);
            var condition = Assert.Single(after.FederatedConditions, static item => item.Type == ConditionType.PartiallyInvalid);
            Assert.Equal((true, Reasons.InvalidObject), (condition.Status, condition.Reason));
            Assert.StartsWith("aws: FederatedIngress web/shop: ", condition.Message, StringComparison.Ordinal);
            Assert.Contains(expected, condition.Message, StringComparison.Ordinal);
            Assert.Contains("what was written before counts", condition.Message, StringComparison.Ordinal);

            // The next wrong one is told of in place of the first, and what is right again counts at once.
            var another = FederatedShape.Keep(AsRead(Federate.Template() with { Template = null }), copy);
            Assert.Equal(good with { Refused = another.Federated!.Refused }, another.Federated);
            Assert.StartsWith("has neither", another.Federated.Refused!.Text, StringComparison.Ordinal);
            Assert.Equal(good.Alone(), FederatedShape.Keep(good.Alone(), another));
        }
    }

    [Fact]
    public void What_was_never_right_or_is_gone_is_not_kept()
    {
        var wrong = AsRead(Federate.Template() with { Template = null });
        var own = Federate.Shop.CopyIn(Make.Aws);

        Assert.Same(wrong, FederatedShape.Keep(wrong, null));
        Assert.Same(wrong, FederatedShape.Keep(wrong, own));
        Assert.Same(wrong, FederatedShape.Keep(wrong, wrong));
        Assert.Same(own, FederatedShape.Keep(own, Federate.Template().Alone()));
    }

    /// <summary>Deleted and made anew while nobody watched, it is another object, of which nothing was ever right.</summary>
    [Fact]
    public void What_another_object_of_the_name_said_is_not_kept()
    {
        var good = Federate.Reference("gcp") with { Traffic = Weights };
        var before = (good with { Meta = good.Meta with { Uid = "one" } }).Alone();
        var bad = Federate.Template() with { Template = null };
        Assert.NotNull(FederatedShape.Keep(AsRead(bad with { Meta = bad.Meta with { Uid = "one" } }), before).Federated!.Refused);

        var another = AsRead(bad with { Meta = bad.Meta with { Uid = "two" } });
        Assert.Same(another, FederatedShape.Keep(another, before));
    }

    /// <summary>As a view gives it that has not seen the one before.</summary>
    private static IngressCopy AsRead(FederatedIngressResource wrong) => new(Make.Aws, new IngressResource(new ObjectMeta(Make.Shop)), ClassVerdict.Foreign, [], [])
    {
        Federated = wrong,
        HasIngress = false,
    };
}
