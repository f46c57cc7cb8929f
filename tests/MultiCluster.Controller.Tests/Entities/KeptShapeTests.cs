using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Storage;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
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
        var entity = Start(test, Make.Copy(Make.Aws, Template) with { Federated = Good, HasIngress = false });

        var kept = await TellAsync(test, entity, 1, Blank(Wrong));
        Assert.Single(kept.Fragment!.Routes);
        var problem = Assert.Single(kept.Conditions, static item => item.Condition.Type == ConditionType.PartiallyInvalid).Condition;
        Assert.StartsWith("aws: FederatedIngress web/shop: spec has both template and resourceRef; remove one of them", problem.Message, StringComparison.Ordinal);

        var mended = await TellAsync(test, entity, 2, Make.Copy(Make.Aws, Template) with { Federated = Good, HasIngress = false });
        Assert.DoesNotContain(mended.Conditions, static item => item.Condition.Type == ConditionType.PartiallyInvalid);
        Assert.Null((await TellAsync(test, entity, 3, null)).Fragment);
        Assert.Empty((await TellAsync(test, entity, 4, Blank(Wrong))).Fragment!.Routes);
    }

    private static IngressCopy Blank(FederatedIngressResource federated) =>
        new(Make.Aws, new IngressResource(new ObjectMeta(Key)), ClassVerdict.Foreign, [], []) { Federated = federated, HasIngress = false };

    private static async Task<EntityProtocol.IngressState> TellAsync(DeterministicSystem test, IActorRef entity, long number, IngressCopy? copy)
    {
        var asker = test.Probe($"asker-{number}");
        entity.Tell(new DeliveryProtocol.Observed(MemberKeys.Of(Make.Aws), default, number, copy));
        test.Run();
        entity.Tell(new EntityProtocol.GetIngress(), asker.Ref);
        test.Run();
        return await asker.ExpectAsync<EntityProtocol.IngressState>();
    }

    private static IActorRef Start(DeterministicSystem test, IngressCopy copy)
    {
        var fragment = IngressFederation.Merge(Key, [copy], DateTimeOffset.UnixEpoch);
        var recovered = new TableEntry(EntityKeys.Of(EntityId.Ingress(Key)), new TableVersion(3, 1), new EntityRecord.Ingress(Key, [copy], fragment));
        var nobody = test.Probe("nobody").Ref;
        var start = new EntityStart(recovered.Key, 0, 1, 7, 1, recovered, recovered, MayPublish: false, StartsOver: false, nobody, nobody, new WriteGate(test.Time));
        return test.ActorOf(Props.Create(() => new IngressEntity(Key, start, new EntityContext(new CertificateCache(), new ScriptedResolver(), NoStore.Instance, nobody, nobody))));
    }
}
