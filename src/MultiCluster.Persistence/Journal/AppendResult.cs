namespace MultiCluster.Persistence.Journal;

/// <summary>What became of one batch.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    public sealed record Appended(long LastSequenceNumber) : AppendResult;

    /// <summary>A newer writer was here: this one must stop writing.</summary>
    public sealed record Fenced(long HighestEpoch) : AppendResult;

    /// <summary>
    /// The batch does not begin where the journal ends. Below: somebody else has written, or the batch differs from what was written under its
    /// numbers. Above: events were lost (a database restored from a backup). Either way a snapshot puts the entity right, at the higher of the
    /// writer's own number and <paramref name="ExpectedSequenceNumber"/> - 1.
    /// </summary>
    public sealed record OutOfSequence(long ExpectedSequenceNumber) : AppendResult;
}
