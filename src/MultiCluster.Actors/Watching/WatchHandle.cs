namespace MultiCluster.Actors;

/// <summary>
/// One watch of one watcher. The target keeps it until it stops or that watch is given up; its identity tells it from an earlier watch of
/// the same pair.
/// </summary>
internal abstract class WatchHandle
{
    /// <summary>Called once at most, on the target's thread, or on the watcher's if the target is gone already.</summary>
    public abstract void TargetTerminated(IActorRef target, Exception? cause);
}

/// <summary>A reference whose end can be observed.</summary>
internal interface IWatchable : IActorRef
{
    ActorSystem System { get; }

    void AddWatch(WatchHandle handle);

    void RemoveWatch(WatchHandle handle);
}
