namespace MultiCluster.Persistence.Writing;

/// <summary>What an operator wants to know of the writes that are on their way.</summary>
/// <param name="OldestAge">Of what waits longest; zero if nothing waits.</param>
/// <param name="FailingSince">Of the database; null while it takes writes.</param>
/// <param name="LastError">The last one there was, also when it is over.</param>
/// <param name="DroppedEvents">Missing in the history; the state is in the snapshot that took their place.</param>
/// <param name="AwaitingSnapshot">Entities that dropped events and owe a snapshot.</param>
/// <param name="Fenced">Entities that may not write any more since somebody else does.</param>
public sealed record WriteBehindState(
    bool Suspended,
    int QueuedEvents,
    int QueuedSnapshots,
    TimeSpan OldestAge,
    DateTimeOffset? FailingSince,
    string? LastError,
    long WrittenEvents,
    long WrittenSnapshots,
    long DroppedEvents,
    int AwaitingSnapshot,
    int Fenced);
