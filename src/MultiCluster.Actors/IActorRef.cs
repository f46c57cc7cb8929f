namespace MultiCluster.Actors;

/// <summary>The address of an actor: safe to share between threads, to keep in messages and to use after the actor is gone.</summary>
public interface IActorRef
{
    ActorPath Path { get; }

    /// <summary>Never blocks and never throws for the state of the target: what can't be delivered is a dead letter.</summary>
    void Tell(object message, IActorRef? sender = null);
}
