using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>
/// Versions of what this node publishes. One count for all entities, so that an entity that is gone and comes back goes on
/// above its tombstone. The epoch is the node's start until shards carry their own.
/// </summary>
public sealed class FragmentClock(TimeProvider time)
{
    private readonly long _epoch = time.GetUtcNow().ToUnixTimeMilliseconds();
    private long _version;

    public FragmentVersion Next() => new(_epoch, Interlocked.Increment(ref _version));
}
