using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Acme;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>What the keys of shards stand for here: federated objects, and the watchers that deliver their copies.</summary>
public sealed class EntityFactory(EntityContext shared, MemberRegistry members, Func<MemberRegistration, EntityStart, Props> watcher) : IEntityFactory
{
    private static readonly MailboxOptions Unbounded = new() { Capacity = int.MaxValue };

    public ImmutableArray<string> Sources => members.Sources;

    public ImmutableArray<string> RemovedSources => members.RemovedSources;

    public Props Create(EntityStart start)
    {
        if (MemberKeys.Parse(start.Key) is { } member)
            return (members.Find(member) is { } known ? watcher(known, start) : Props.Create(static () => new UnknownEntity())).WithMailbox(Unbounded);
        return EntityKeys.Parse(start.Key) switch
        {
            { Kind: EntityKind.Ingress } challenges when challenges.Key == AcmeEntity.Name && shared.Acme is { } acme => Props.Create(() => new AcmeEntity(start, shared, acme)),
            { Kind: EntityKind.Ingress } ingress => Props.Create(() => new IngressEntity(ingress.Key, start, shared)),
            { Kind: EntityKind.Member } cluster => Props.Create(() => new MemberEntity(new MemberName(cluster.Key.Name), start, shared)),
            { Kind: EntityKind.Backend } backend => Props.Create(() => new BackendEntity(backend.Key, start, shared)),
            _ => Props.Create(static () => new UnknownEntity()),
        };
    }

    /// <summary>Something that this version, or this node's configuration, knows nothing of: what is for it is a dead letter.</summary>
    private sealed class UnknownEntity : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            Unhandled(message);
            return default;
        }
    }
}
