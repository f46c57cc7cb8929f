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
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Entities;

/// <summary>A bug that one Ingress brings out, here its label, costs that Ingress its changes and nobody anything else.</summary>
public sealed class LastDecisionTests
{
    private const string Label = "brings-out-a-bug";

    private static readonly ObjectKey Key = Make.Key("shop");
    private static readonly IngressResource Good = Make.Ingress("shop", "shop.example", "shop");
    private static readonly IngressResource Bad = Labelled(Make.Ingress("shop", "other.example", "shop"));

    [Fact]
    public async Task What_was_decided_before_stays_until_the_object_can_be_judged()
    {
        await using var test = new DeterministicSystem();
        var (entity, _) = Start(test, null);
        var before = await TellAsync(test, entity, 1, Good);

        var kept = await TellAsync(test, entity, 2, Bad);
        Assert.Equal(before.Fragment!.Routes, kept.Fragment!.Routes);
        var said = Assert.Single(kept.Conditions, static item => item.Condition.Type == ConditionType.PartiallyInvalid).Condition;
        Assert.Equal(Reasons.InternalError, said.Reason);
        Assert.StartsWith("aws: Ingress web/shop can't be judged as it is now, so that it is served as before", said.Message, StringComparison.Ordinal);
        Assert.Equal(kept.Fragment.Routes, (await TellAsync(test, entity, 3, Bad)).Fragment!.Routes);

        var mended = await TellAsync(test, entity, 4, Make.Ingress("shop", "other.example", "shop"));
        Assert.Equal("other.example", Assert.Single(mended.Fragment!.Routes).Key.Host);
        Assert.DoesNotContain(mended.Conditions, static item => item.Condition.Reason == Reasons.InternalError);
        Assert.Null((await TellAsync(test, entity, 5, null)).Fragment);
    }

    [Fact]
    public async Task It_stays_over_a_start_as_well()
    {
        await using var test = new DeterministicSystem();
        var (entity, _) = Start(test, Make.Copy(Make.Aws, Good));
        Assert.Equal("shop.example", Assert.Single((await TellAsync(test, entity, 1, Bad)).Fragment!.Routes).Key.Host);
    }

    [Fact]
    public async Task An_Ingress_that_never_was_judged_is_not_served_and_its_owner_does_not_fail()
    {
        await using var test = new DeterministicSystem();
        var (entity, restarts) = Start(test, null);
        var state = await TellAsync(test, entity, 1, Bad);
        Assert.Empty(state.Fragment!.Routes);
        var said = Assert.Single(state.Conditions).Condition;
        Assert.Equal((ConditionType.Accepted, false, Reasons.InternalError), (said.Type, said.Status, said.Reason));
        Assert.Equal(0, restarts());
    }

    private static IngressResource Labelled(IngressResource ingress) =>
        ingress with { Meta = ingress.Meta with { Annotations = EquatableMap.From(new Dictionary<string, string> { [Label] = "" }) } };

    private static async Task<EntityProtocol.IngressState> TellAsync(DeterministicSystem test, IActorRef entity, long number, IngressResource? ingress)
    {
        var asker = test.Probe($"asker-{number}");
        entity.Tell(new DeliveryProtocol.Observed(MemberKeys.Of(Make.Aws), default, number, ingress is null ? null : Make.Copy(Make.Aws, ingress)));
        test.Run();
        entity.Tell(new EntityProtocol.GetIngress(), asker.Ref);
        test.Run();
        return await asker.ExpectAsync<EntityProtocol.IngressState>();
    }

    private static (IActorRef Entity, Func<int> Restarts) Start(DeterministicSystem test, IngressCopy? copy)
    {
        var restarts = 0;
        var fragment = copy is null ? null : IngressFederation.Merge(Key, [copy], DateTimeOffset.UnixEpoch);
        var key = EntityKeys.Of(EntityId.Ingress(Key));
        var recovered = new TableEntry(key, new TableVersion(3, 1), copy is null ? null : new EntityRecord.Ingress(Key, [copy], fragment));
        var nobody = test.Probe("nobody").Ref;
        var start = new EntityStart(key, 0, 1, 7, 1, recovered, recovered, MayPublish: false, StartsOver: false, nobody, nobody, new WriteGate(test.Time));
        var shared = new EntityContext(new CertificateCache(), new ScriptedResolver(), NoStore.Instance, nobody, nobody)
        {
            Merge = (name, copies, now, context, ranks, certificates, before) =>
                copies.Any(static item => item.Ingress.Meta.Annotations.ContainsKey(Label))
                    ? throw new InvalidOperationException("a bug")
                    : IngressFederation.Merge(name, copies, now, context, ranks, certificates, before),
        };
        var entity = test.ActorOf(Props.Create(() =>
        {
            restarts++;
            return new IngressEntity(Key, start, shared);
        }));
        return (entity, () => restarts - 1);
    }
}
