using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>What the keys of shards stand for here: federated objects, and the watchers that deliver their copies.</summary>
/// <param name="watchers">By member; the same on every node, wherever a watcher runs.</param>
public sealed class EntityFactory(EntityContext shared, ImmutableDictionary<MemberName, Func<EntityStart, Props>> watchers) : IEntityFactory
{
    private static readonly MailboxOptions Unbounded = new() { Capacity = int.MaxValue };

    public ImmutableArray<string> Sources { get; } = [.. watchers.Keys.Order().Select(MemberKeys.Of)];

    public Props Create(EntityStart start)
    {
        if (MemberKeys.Parse(start.Key) is { } member)
            return (watchers.TryGetValue(member, out var watcher) ? watcher(start) : Props.Create(static () => new UnknownEntity())).WithMailbox(Unbounded);
        return EntityKeys.Parse(start.Key) switch
        {
            { Kind: EntityKind.Ingress } ingress => Props.Create(() => new IngressEntity(ingress.Key, start, shared)),
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
