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
    private readonly Dictionary<EntityId, List<(object Message, IActorRef? Sender)>> _stopping = [];
    private readonly Dictionary<MemberName, IActorRef> _watchers = [];

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case EntityProtocol.ToEntity(var entity, var forwarded):
                Forward(entity, forwarded, Sender);
                break;
            case EntityProtocol.ToRunning(var entity, var forwarded):
                if (_running.ContainsKey(entity) || _stopping.ContainsKey(entity))
                    Forward(entity, forwarded, Sender);
                else
                    Sender?.Tell(new EntityProtocol.NoSuchEntity(entity), Self);
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
            case Terminated terminated:
                OnTerminated(terminated.Actor);
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    private void Forward(EntityId entity, object message, IActorRef? sender)
    {
        if (_stopping.TryGetValue(entity, out var waiting))
        {
            waiting.Add((message, sender));
            return;
        }

        if (!_running.TryGetValue(entity, out var actor))
            actor = Start(entity);
        actor.Tell(message, sender);
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
        if (!_running.Remove(entity, out var actor))
            return;
        _stopping.Add(entity, []);
        // A pill, not a stop: what is already in its mailbox is handled first, so nothing is lost on the way.
        actor.Tell(PoisonPill.Instance, Self);
    }

    private void OnTerminated(IActorRef actor)
    {
        if (!_ids.Remove(actor, out var entity))
            return;
        if (_running.GetValueOrDefault(entity) == actor)
            _running.Remove(entity);
        if (!_stopping.Remove(entity, out var waiting))
            return;
        foreach (var (message, sender) in waiting)
            Forward(entity, message, sender);
    }

    /// <summary>Actor names take no slash; Kubernetes names hold no '~'.</summary>
    private static string Name(EntityId entity) =>
        $"{(entity.Kind == EntityKind.Ingress ? "ingress" : "backend")}~{entity.Key.Namespace}~{entity.Key.Name}";
}
