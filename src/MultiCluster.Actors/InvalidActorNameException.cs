namespace MultiCluster.Actors;

public sealed class InvalidActorNameException(ActorPath parent, string name, string fault)
    : InvalidOperationException($"{parent} can't have a child named '{name}': {fault}.");
