namespace MultiCluster.Actors;

public sealed class AskTimeoutException(ActorPath target, string asked, TimeSpan timeout)
    : TimeoutException($"{target} did not answer {asked} within {timeout}.")
{
    public ActorPath Target { get; } = target;
}

/// <summary>The message of an ask can't be answered any more: its target is gone or did not take it. Known at once, not a time-out.</summary>
public sealed class UndeliverableException(ActorPath target, DeadLetterReason reason, Exception? cause)
    : Exception($"{target} did not answer and will not: {reason}.", cause)
{
    public ActorPath Target { get; } = target;

    public DeadLetterReason Reason { get; } = reason;
}
