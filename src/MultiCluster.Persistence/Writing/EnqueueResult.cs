namespace MultiCluster.Persistence.Writing;

public enum EnqueueResult
{
    Queued,

    /// <summary>Dropped, and so is everything else of this entity until a snapshot stands for what was dropped.</summary>
    SnapshotNeeded,

    /// <summary>Dropped: somebody with a newer epoch writes this entity.</summary>
    Fenced,
}

/// <param name="Completed">All that was queued before is written, or will never be (fenced, dropped).</param>
/// <param name="Remaining">Entities that still have something queued from before.</param>
public sealed record FlushResult(bool Completed, int Remaining);
