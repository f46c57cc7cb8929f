using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Entities;

/// <summary>After a start the home member's reader has only seen what is wrong; the owner's record has what was right.</summary>
public sealed class KeptShapeTests
{
    private static readonly ObjectKey Key = Make.Key("shop");
    private static readonly IngressResource Template = Make.Ingress("shop", "shop.example", "shop");
    private static readonly FederatedIngressResource Good = new(Template.Meta) { Template = Template };
    private static readonly FederatedIngressResource Wrong = Good with { Reference = new FederatedReference("networking.k8s.io/v1", "Ingress", "shop") };

    [Fact]
    public async Task A_template_that_went_wrong_stays_over_a_start_until_it_is_right_or_gone()
    {
        await using var test = new DeterministicSystem();
        var entity = new IngressRig(test, Make.Copy(Make.Aws, Template) with { Federated = Good, HasIngress = false });

        var kept = await entity.ObserveAsync(Blank(Wrong));
        Assert.Single(kept.Fragment!.Routes);
        var problem = Assert.Single(kept.Conditions, static item => item.Condition.Type == ConditionType.PartiallyInvalid).Condition;
        Assert.StartsWith("aws: FederatedIngress web/shop: spec has both template and resourceRef; remove one of them", problem.Message, StringComparison.Ordinal);

        var mended = await entity.ObserveAsync(Make.Copy(Make.Aws, Template) with { Federated = Good, HasIngress = false });
        Assert.DoesNotContain(mended.Conditions, static item => item.Condition.Type == ConditionType.PartiallyInvalid);
        Assert.Null((await entity.ObserveAsync(null)).Fragment);
        Assert.Empty((await entity.ObserveAsync(Blank(Wrong))).Fragment!.Routes);
    }

    private static IngressCopy Blank(FederatedIngressResource federated) =>
        new(Make.Aws, new IngressResource(new ObjectMeta(Key)), ClassVerdict.Foreign, [], []) { Federated = federated, HasIngress = false };
}
