namespace MultiCluster.Actors;

/// <summary>Decides about a failed child alone: its siblings run on.</summary>
public sealed record OneForOneStrategy
{
    public const int Unlimited = int.MaxValue;

    private const int LargestBudget = 1_000;

    /// <summary>Ten restarts in a minute, 50 ms to 5 s apart; then the child is stopped and shown as quarantined.</summary>
    public static OneForOneStrategy Default { get; } = new();

    /// <param name="decider">Null restarts on anything.</param>
    /// <param name="maxRestarts">Restarts in <paramref name="window"/> before the child is quarantined, at most 1,000, or <see cref="Unlimited"/>.</param>
    /// <param name="window">Default one minute. Also the time without failure after which the back-off begins anew.</param>
    /// <param name="minBackoff">Before the first restart; doubles up to <paramref name="maxBackoff"/>. Zero restarts at once.</param>
    /// <param name="maxBackoff">Longest delay, before jitter.</param>
    /// <param name="jitter">Part of the delay, 0 to 1, that is added at random so that children don't come back in step.</param>
    /// <exception cref="ArgumentException">Back-off alone takes so long that the budget could never be used up.</exception>
    public OneForOneStrategy(
        Func<Exception, Directive>? decider = null,
        int maxRestarts = 10,
        TimeSpan? window = null,
        TimeSpan? minBackoff = null,
        TimeSpan? maxBackoff = null,
        double jitter = 0.2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxRestarts);
        ArgumentOutOfRangeException.ThrowIfNegative(jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1);
        if (maxRestarts is > LargestBudget and not Unlimited)
            throw new ArgumentOutOfRangeException(nameof(maxRestarts), maxRestarts, $"At most {LargestBudget} or Unlimited.");
        Decider = decider ?? (static _ => Directive.Restart);
        MaxRestarts = maxRestarts;
        Window = window ?? TimeSpan.FromMinutes(1);
        MinBackoff = minBackoff ?? TimeSpan.FromMilliseconds(50);
        MaxBackoff = maxBackoff ?? (MinBackoff > TimeSpan.FromSeconds(5) ? MinBackoff : TimeSpan.FromSeconds(5));
        Jitter = jitter;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Window, TimeSpan.Zero, nameof(window));
        ArgumentOutOfRangeException.ThrowIfLessThan(MinBackoff, TimeSpan.Zero, nameof(minBackoff));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBackoff, MinBackoff, nameof(maxBackoff));
        if (MaxRestarts != Unlimited && LongestBackoff() is var longest && longest >= Window)
        {
            var fault = $"{MaxRestarts} restarts take up to {longest} of back-off and never fall into one window of {Window}: lengthen it or shorten the back-off.";
            throw new ArgumentException(fault, nameof(window));
        }
    }

    public Func<Exception, Directive> Decider { get; }

    public int MaxRestarts { get; }

    public TimeSpan Window { get; }

    public TimeSpan MinBackoff { get; }

    public TimeSpan MaxBackoff { get; }

    public double Jitter { get; }

    /// <summary>The delay before the restart that follows <paramref name="before"/> others, without jitter.</summary>
    internal TimeSpan Backoff(int before)
    {
        var factor = Math.Pow(2, Math.Min(before, 40));
        return MinBackoff >= MaxBackoff / factor ? MaxBackoff : MinBackoff * factor;
    }

    private TimeSpan LongestBackoff()
    {
        var longest = TimeSpan.Zero;
        for (var i = 0; i < MaxRestarts; i++)
            longest += Backoff(i) * (1 + Jitter);
        return longest;
    }
}
