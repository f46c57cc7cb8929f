using MultiCluster.Actors;
using MultiCluster.Controller.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>
/// Finds or starts the entity that a message is for. All entities live here for now; shards and hand-off take this place
/// without senders noticing.
/// </summary>
public sealed class EntityRegion(Func<EntityId, Props> entities) : Actor
{
    private readonly Dictionary<EntityId, IActorRef> _running = [];
    private readonly Dictionary<IActorRef, EntityId> _ids = [];
    private readonly Dictionary<EntityId, List<(object Envelope, IActorRef? Sender)>> _stopping = [];
    private readonly Dictionary<MemberName, IActorRef> _watchers = [];

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case EntityProtocol.ToEntity or EntityProtocol.ToRunning:
                Forward(message, Sender);
                break;
            case EntityProtocol.RegisterWatcher(var member):
                _watchers[member] = Sender!;
                break;
            case EntityProtocol.Recover(var entity):
                Sender?.Tell(new EntityProtocol.RecoverFrom([.. _watchers.Keys]), Self);
                foreach (var watcher in _watchers.Values)
                    watcher.Tell(new MemberProtocol.Resend(entity), Self);
                break;
            case EntityProtocol.Passivate(var entity):
                Passivate(entity);
                break;
            case EntityProtocol.Stay(var entity):
                Release(entity);
                break;
            case EntityProtocol.GetEntities:
                Context.Reply(new EntityProtocol.Entities([.. _running.Keys]));
                break;
            case Terminated terminated:
                OnTerminated(terminated.Actor);
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    private void Forward(object envelope, IActorRef? sender)
    {
        var (entity, message, starts) = envelope switch
        {
            EntityProtocol.ToEntity to => (to.Entity, to.Message, true),
            EntityProtocol.ToRunning to => (to.Entity, to.Message, false),
            _ => throw new InvalidOperationException($"{envelope.GetType().Name} is for no entity"),
        };
        if (_stopping.TryGetValue(entity, out var waiting))
            waiting.Add((envelope, sender));
        else if (_running.TryGetValue(entity, out var actor))
            actor.Tell(message, sender);
        else if (starts)
            Start(entity).Tell(message, sender);
        else
            sender?.Tell(new EntityProtocol.NoSuchEntity(entity), Self);
    }

    private IActorRef Start(EntityId entity)
    {
        var actor = Context.ActorOf(entities(entity), Name(entity));
        Context.Watch(actor);
        _running.Add(entity, actor);
        _ids.Add(actor, entity);
        return actor;
    }

    private void Passivate(EntityId entity)
    {
        // A question, not a stop: news that was sent to it before is handled first and may give it something to own again.
        if (_running.TryGetValue(entity, out var actor) && _stopping.TryAdd(entity, []))
            actor.Tell(new EntityProtocol.MayStop(), Self);
    }

    private void OnTerminated(IActorRef actor)
    {
        if (!_ids.Remove(actor, out var entity))
            return;
        if (_running.GetValueOrDefault(entity) == actor)
            _running.Remove(entity);
        Release(entity);
    }

    /// <summary>What waited goes to the entity, or to its successor, in order.</summary>
    private void Release(EntityId entity)
    {
        if (!_stopping.Remove(entity, out var waiting))
            return;
        foreach (var (envelope, sender) in waiting)
            Forward(envelope, sender);
    }

    /// <summary>
    /// Kubernetes names hold no '~'. A key that is no such name (nobody should let one through) is escaped rather than let take
    /// the region, and with it every other entity, down.
    /// </summary>
    private static string Name(EntityId entity) => Uri.EscapeDataString(
        $"{(entity.Kind == EntityKind.Ingress ? "ingress" : "backend")}~{entity.Key.Namespace}~{entity.Key.Name}");
}
