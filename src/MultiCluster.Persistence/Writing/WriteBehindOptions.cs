namespace MultiCluster.Persistence.Writing;

public sealed record WriteBehindOptions
{
    /// <summary>How long an event waits for others to be committed with.</summary>
    public TimeSpan EventDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a snapshot waits to be replaced by a newer one of its entity.</summary>
    public TimeSpan SnapshotDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Beyond it, events of the entity are dropped until its next snapshot.</summary>
    public int MaxEventsPerEntity { get; init; } = 256;

    /// <summary>Of all entities together.</summary>
    public int MaxEvents { get; init; } = 50_000;

    /// <summary>Payloads of queued events. Snapshots are rendered only when they are written.</summary>
    public long MaxEventBytes { get; init; } = 64L << 20;

    /// <summary>Of one commit.</summary>
    public int GroupEvents { get; init; } = 1_000;

    /// <summary>Of one commit.</summary>
    public int GroupSnapshots { get; init; } = 250;

    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan BackoffCap { get; init; } = TimeSpan.FromSeconds(10);
}
