namespace MultiCluster.Kubernetes.Rotation;

/// <summary>Times of a change of credentials.</summary>
public sealed record RotationOptions
{
    /// <summary>How often files and expiries are looked at.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How soon a credential that was not good is tried again.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For all requests by which a new credential is tried.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
