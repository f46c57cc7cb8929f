using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Storage;
using MultiCluster.Controller.Tests.Status;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Entities;

/// <summary>What the owner of an ingress has the status writer know.</summary>
public sealed class IngressStatusTests
{
    /// <summary>What an owner before knew of the others may be old: addresses that are right by now would be taken off.</summary>
    [Fact]
    public async Task A_new_owner_speaks_only_of_members_that_it_has_heard()
    {
        await using var test = new DeterministicSystem();
        var status = test.Probe("status");
        var (entity, permit) = Start(test, status);
        entity.Tell(new DeliveryProtocol.Observed(MemberKeys.Of(Make.Aws), default, 1, Make.Copy(Make.Aws, Make.Ingress("shop", "shop.example", "shop"))));
        test.Run();
        var changed = await status.ExpectAsync<StatusProtocol.CopiesChanged>();
        Assert.Equal(Make.Aws, Assert.Single(changed.Copies).Member);
        Assert.Equal(permit, changed.Permit);
    }

    [Fact]
    public async Task An_owner_that_stops_leaves_its_wants_to_the_next()
    {
        await using var test = new DeterministicSystem();
        var status = test.Probe("status");
        var (entity, permit) = Start(test, status);
        test.Run();
        entity.Tell(PoisonPill.Instance);
        test.Run();
        Assert.Equal(new StatusProtocol.Released(Make.Key("shop"), permit), await status.ExpectAsync<StatusProtocol.Released>());
    }

    /// <summary>Whom it asks for conflicts may answer before it has read what it took over.</summary>
    [Fact]
    public async Task A_new_owner_tells_of_no_verdict_before_it_has_one()
    {
        await using var test = new DeterministicSystem();
        var events = test.Probe("events");
        var nobody = test.Probe("reporters").Ref;
        var (entity, _) = Start(test, test.Probe("status"), new Reporters(nobody, events.Ref, nobody), "other");
        entity.Tell(new EntityProtocol.ConflictsChanged([new Condition(ConditionType.Conflict, true, Reasons.PathConflict, "another ingress has it")]));
        test.Run();
        entity.Tell(new DeliveryProtocol.Observed(MemberKeys.Of(Make.Aws), default, 1, Make.Copy(Make.Aws, Make.Ingress("shop", "shop.example", "shop"))));
        test.Run();
        Assert.NotNull((await events.ExpectAsync<StatusProtocol.Judged>()).Verdict);
    }

    /// <summary>It has been taken over with copies of two members.</summary>
    private static (IActorRef Entity, WritePermit Permit) Start(DeterministicSystem test, TestProbe status, Reporters? reporters = null, string serviceOfGcp = "shop")
    {
        var key = Make.Key("shop");
        var ingress = Make.Ingress("shop", "shop.example", "shop");
        IngressCopy[] copies = [Make.Copy(Make.Aws, ingress), Make.Copy(Make.Gcp, Make.Ingress("shop", "shop.example", serviceOfGcp))];
        var record = new EntityRecord.Ingress(key, [.. copies], StatusMake.Verdict(copies).Fragment);
        var recovered = new TableEntry(EntityKeys.Of(record.Entity), new TableVersion(3, 1), record);
        var nobody = test.Probe("nobody").Ref;
        var start = new EntityStart(recovered.Key, 0, 1, 7, 1, recovered, recovered, MayPublish: false, StartsOver: false, nobody, nobody, new WriteGate(test.Time));
        var shared = new EntityContext(new CertificateCache(), new ScriptedResolver(), NoStore.Instance, nobody, status.Ref) { Reporters = reporters };
        return (test.ActorOf(Props.Create(() => new IngressEntity(key, start, shared))), new WritePermit(start.Gate, 0, 7));
    }
}
