namespace MultiCluster.Controller.Status;

public enum SinkOutcome
{
    /// <summary>It is as it should be.</summary>
    Done,

    /// <summary>There is no such object any more.</summary>
    Gone,

    /// <summary>A right is missing.</summary>
    Forbidden,
    Failed,
}

/// <summary>What became of a write to an API server.</summary>
/// <param name="Message">For people: what failed and the fix; empty when nothing did.</param>
public readonly record struct SinkResult(SinkOutcome Outcome, string Message)
{
    public static readonly SinkResult Done = new(SinkOutcome.Done, "");
}
