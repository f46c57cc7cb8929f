namespace MultiCluster.Acme.Renewal;

/// <param name="Expiring">Renewed when so much is left of its life; null: a third of it.</param>
public sealed record RenewalPolicy(TimeSpan? Expiring = null)
{
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromHours(8);
}

/// <summary>A certificate's life.</summary>
public readonly record struct Life(DateTimeOffset NotBefore, DateTimeOffset NotAfter);

/// <summary>Orders that failed since the last one that did not.</summary>
/// <param name="RetryAt">What the authority said of the last one, if it did.</param>
public readonly record struct Failures(int Count, DateTimeOffset Last, DateTimeOffset? RetryAt = null)
{
    public Failures And(DateTimeOffset at, DateTimeOffset? retryAt) => new(Math.Min(Count, 1000) + 1, at, retryAt);
}

public enum RenewalReason
{
    /// <summary>There is none, or one for other hosts.</summary>
    Missing,

    /// <summary>It ended, or its life isn't one.</summary>
    Expired,

    /// <summary>Its life nears the end.</summary>
    Expiring,
}

/// <param name="At">When to order; in the past: now.</param>
public readonly record struct RenewalDecision(DateTimeOffset At, RenewalReason Reason)
{
    public bool IsDue(DateTimeOffset now) => At <= now;
}
