namespace MultiCluster.Actors;

/// <summary>Comes once per <see cref="ActorContext.Watch"/>, after everything the watched actor had sent to the watcher.</summary>
/// <param name="Actor">Its name is free again.</param>
/// <param name="Cause">What made supervision stop it, or null if it was told to stop.</param>
public sealed record Terminated(IActorRef Actor, Exception? Cause);
