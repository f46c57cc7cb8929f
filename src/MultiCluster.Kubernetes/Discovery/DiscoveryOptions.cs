using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Rotation;

namespace MultiCluster.Kubernetes.Discovery;

/// <summary>Where members are looked for.</summary>
public sealed record DiscoveryOptions
{
    /// <summary>As multicluster-runtime has it; any value.</summary>
    public const string SecretLabel = "sigs.k8s.io/multicluster-runtime-kubeconfig";

    public const string IstioLabel = "istio/multiCluster=true";

    /// <summary>Of the Secrets with these labels; null for all namespaces. Grant rights on Secrets in one only.</summary>
    public string? SecretNamespace { get; init; }

    public bool LabelledSecrets { get; init; } = true;

    public bool IstioSecrets { get; init; } = true;

    public bool MemberClusters { get; init; } = true;

    /// <summary>What their kubeconfigs may do here.</summary>
    public KubeConfigTrust Trust { get; init; } = KubeConfigTrust.DataOnly;

    public RotationOptions Rotation { get; init; } = new();

    public ReflectorOptions Reflectors { get; init; } = new();
}
