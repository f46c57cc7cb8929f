using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Acme;

/// <summary>Sees to it that the owner of challenges runs on whichever node its shard is: an entity begins with the first message to it.</summary>
internal sealed class AcmeKeeper(IActorRef region) : Actor
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly string Owner = EntityKeys.Of(EntityId.Ingress(AcmeEntity.Name));

    protected override ValueTask PreStartAsync()
    {
        Wake();
        Context.Timers.StartPeriodic(Tick.Wake, Interval, Tick.Wake);
        return default;
    }

    protected override ValueTask PostRestartAsync(Exception cause) => PreStartAsync();

    protected override ValueTask ReceiveAsync(object message)
    {
        if (message is Tick.Wake)
            Wake();
        else if (message is not EntityProtocol.IngressState)
            Unhandled(message);
        return default;
    }

    private void Wake() => region.Tell(new ShardingProtocol.ToEntity(Owner, new EntityProtocol.GetIngress()), Self);

    private enum Tick
    {
        Wake,
    }
}
