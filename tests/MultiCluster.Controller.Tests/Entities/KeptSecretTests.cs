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
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Entities;

/// <summary>After a start whoever reads a member may have lost the right to read its Secrets; the owner's record has them.</summary>
public sealed class KeptSecretTests
{
    private static readonly ObjectKey Key = Make.Key("shop");
    private static readonly IngressResource Plain = Make.Ingress("shop", "shop.example", "shop");

    private static readonly IngressResource Guarded = Plain with
    {
        Meta = Plain.Meta with { Annotations = EquatableMap.From([new("haproxy-ingress.github.io/auth-secret", "users")]) },
    };

    [Fact]
    public async Task A_Secret_that_an_annotation_names_stays_over_a_start_until_it_is_known_to_be_gone()
    {
        var users = new DataSecretResource(new ObjectMeta(Make.Key("users"))) { Type = "Opaque", Data = [new SecretEntry("auth", Secret.FromText("ann:x"))] };
        await using var test = new DeterministicSystem();
        var entity = Start(test, Make.Copy(Make.Aws, Guarded) with { AnnotationSecrets = [users] });

        var blind = Make.Copy(Make.Aws, Guarded) with { KnowsSecrets = false };
        Assert.DoesNotContain("Secret", Unresolved(await TellAsync(test, entity, 1, blind)), StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", Unresolved(await TellAsync(test, entity, 2, blind)), StringComparison.Ordinal);
        Assert.Contains("names Secret web/users, which aws does not have", Unresolved(await TellAsync(test, entity, 3, blind with { KnowsSecrets = true })), StringComparison.Ordinal);
        // What was gone does not come back.
        Assert.Contains("names Secret web/users, and Secrets of aws can't be read", Unresolved(await TellAsync(test, entity, 4, blind)), StringComparison.Ordinal);
    }

    private static string Unresolved(EntityProtocol.IngressState state) =>
        Assert.Single(state.Conditions, static item => item.Condition.Type == ConditionType.ResolvedRefs).Condition.Message;

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
