namespace MultiCluster.Kubernetes.Client;

/// <summary>Times of a reflector; the defaults suit a real API server.</summary>
public sealed record ReflectorOptions
{
    /// <summary>Shortest wait after a failure.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait after a failure, unless the server's Retry-After asks for more.</summary>
    public TimeSpan BackoffCap { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The server is asked to end a watch after this time, up to twice as long, so that watches don't end together.</summary>
    public TimeSpan WatchLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A watch without a byte for so long is given up; API servers send a bookmark about once a minute.</summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How often a kind is looked for whose CustomResourceDefinition is not installed.</summary>
    public TimeSpan MissingTypeRetry { get; init; } = TimeSpan.FromMinutes(1);
}
