namespace MultiCluster.Kubernetes.Client;

/// <summary>How soon a connection counts as dead; the pings are HTTP/2's, while requests wait.</summary>
public sealed record ConnectionTiming
{
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence before a ping; at least a second.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>At least a second.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
