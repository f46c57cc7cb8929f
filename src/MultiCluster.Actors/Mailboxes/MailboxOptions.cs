namespace MultiCluster.Actors;

public sealed record MailboxOptions
{
    public static MailboxOptions Default { get; } = new();

    /// <summary>
    /// Messages waiting, not counting what an actor sends itself through timers, <c>PipeToSelf</c>, death watch and its stash: those are
    /// never dropped for want of room. What a full mailbox refuses is a dead letter. <see cref="int.MaxValue"/> is unbounded.
    /// </summary>
    public int Capacity
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A mailbox holds at least one message.");
    } = 10_000;

    /// <summary>Messages handled in one run before other actors get the thread.</summary>
    public int Throughput
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A run handles at least one message.");
    } = 64;
}
