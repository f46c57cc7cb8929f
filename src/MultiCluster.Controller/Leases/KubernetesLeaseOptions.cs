namespace MultiCluster.Controller.Leases;

/// <summary>Which namespace of which cluster keeps the leases.</summary>
public sealed record KubernetesLeaseOptions
{
    /// <summary>Names objects and selects them: a DNS-1123 label.</summary>
    public required string ClusterName { get; init; }

    /// <summary>Path of a kubeconfig file; null for the service account of the pod that this runs in.</summary>
    public string? KubeConfig { get; init; }

    /// <summary>Null for the file's current-context.</summary>
    public string? Context { get; init; }

    /// <summary>It must exist. Null for the context's or the pod's own.</summary>
    public string? Namespace { get; init; }

    /// <summary>Of the nodes' leases; only shown in spec.leaseDurationSeconds.</summary>
    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Every call answers or throws within this.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Requests of one call that are under way at the same time.</summary>
    public int MaxParallelWrites { get; init; } = 8;
}

/// <summary>A store, or a message that names what is wrong and the fix.</summary>
public readonly record struct KubernetesLeaseStoreResult(KubernetesLeaseStore? Store, string? Error);
