namespace MultiCluster.Actors;

public enum ActorState
{
    Starting,
    Running,

    /// <summary>Suspended, waiting for its supervisor's verdict.</summary>
    Failed,

    /// <summary>Between two incarnations: children stopping, or waiting for the back-off to pass.</summary>
    Restarting,

    Stopping,
    Stopped,

    /// <summary>Stopped by supervision; shown under its parent until its name is used again.</summary>
    Quarantined,
}

/// <summary>One actor in a snapshot of the tree.</summary>
/// <param name="MailboxDepth">Messages waiting.</param>
/// <param name="Restarts">Since it was created.</param>
/// <param name="Fault">Why it is quarantined, else null.</param>
public sealed record ActorNode(
    ActorPath Path,
    string Type,
    ActorState State,
    int MailboxDepth,
    int Restarts,
    string? Fault,
    IReadOnlyList<ActorNode> Children)
{
    /// <summary>This one and all below it, parents first.</summary>
    public IEnumerable<ActorNode> Flatten()
    {
        yield return this;
        foreach (var child in Children)
        {
            foreach (var node in child.Flatten())
                yield return node;
        }
    }
}
