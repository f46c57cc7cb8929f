namespace MultiCluster.Cluster.Delivery;

public sealed record DeliveryOptions
{
    public static DeliveryOptions Default { get; } = new();

    /// <summary>Most items in one message; the rest waits, newer news of a key replacing older.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>How long to wait for a message to be taken before it is sent again; doubles up to <see cref="LongestResend"/>.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestResend { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long to wait until what follows from an item is published before it is delivered again. An owner that waits for other sources
    /// may take its time, so this is for lost answers.
    /// </summary>
    public TimeSpan SettleAfter { get; init; } = TimeSpan.FromSeconds(15);

    internal bool NoResendAfterOwnerChange { get; init; }
}
