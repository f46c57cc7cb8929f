using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Storage;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Support;

/// <summary>The owner of the Ingress web/shop, which aws alone has.</summary>
internal sealed class IngressRig
{
    public static readonly ObjectKey Key = Make.Key("shop");

    private readonly DeterministicSystem _test;
    private readonly IActorRef _entity;
    private long _number;
    private int _asked;

    /// <param name="recovered">As an owner before wrote it down; null: it starts with nothing.</param>
    public IngressRig(DeterministicSystem test, IngressCopy? recovered, IngressMerging? merge = null)
    {
        _test = test;
        var entry = recovered is null ? null : EntryOf(recovered);
        var nobody = test.Probe("nobody").Ref;
        var start = new EntityStart(
            EntityKeys.Of(EntityId.Ingress(Key)), 0, 1, 7, 1, entry, entry, MayPublish: false, StartsOver: false, nobody, nobody, new WriteGate(test.Time));
        var shared = new EntityContext(new CertificateCache(), new ScriptedResolver(), NoStore.Instance, nobody, nobody);
        if (merge is not null)
            shared = shared with { Merge = merge };
        _entity = test.ActorOf(Props.Create(() =>
        {
            Starts++;
            return new IngressEntity(Key, start, shared);
        }));
    }

    /// <summary>Instances made: one, unless it failed.</summary>
    public int Starts { get; private set; }

    /// <summary>What aws has now.</summary>
    public async Task<EntityProtocol.IngressState> ObserveAsync(IngressCopy? copy) =>
        await AskAfterAsync(new DeliveryProtocol.Observed(MemberKeys.Of(Make.Aws), default, ++_number, copy));

    /// <summary>What an owner before had decided of <paramref name="copy"/> is found in the table.</summary>
    public async Task<EntityProtocol.IngressState> RecallAsync(IngressCopy copy) => await AskAfterAsync(new ShardingProtocol.TableHolds(EntryOf(copy)));

    private async Task<EntityProtocol.IngressState> AskAfterAsync(object message)
    {
        var asker = _test.Probe($"asker-{++_asked}");
        _entity.Tell(message);
        _test.Run();
        _entity.Tell(new EntityProtocol.GetIngress(), asker.Ref);
        _test.Run();
        return await asker.ExpectAsync<EntityProtocol.IngressState>();
    }

    private static TableEntry EntryOf(IngressCopy copy) => new(
        EntityKeys.Of(EntityId.Ingress(Key)),
        new TableVersion(3, 1),
        new EntityRecord.Ingress(Key, [copy], IngressFederation.Merge(Key, [copy], DateTimeOffset.UnixEpoch)));
}
