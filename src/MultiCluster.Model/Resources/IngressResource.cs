using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Resources;

/// <summary>networking.k8s.io/v1 Ingress.</summary>
public sealed record IngressResource(ObjectMeta Meta) : Resource(Meta)
{
    public override ResourceKind Kind => ResourceKind.Ingress;

    public string? ClassName { get; init; }

    public IngressBackend? DefaultBackend { get; init; }

    public EquatableArray<IngressRule> Rules { get; init; } = [];

    public EquatableArray<IngressTls> Tls { get; init; } = [];

    /// <summary>Addresses in status.loadBalancer.ingress (ip or hostname), to tell whether status needs a write.</summary>
    public EquatableArray<string> StatusAddresses { get; init; } = [];
}

/// <param name="Host">Null or empty: every host.</param>
public sealed record IngressRule(string? Host, EquatableArray<IngressPath> Paths);

/// <param name="Path">Null is "/" for Prefix and ImplementationSpecific.</param>
public sealed record IngressPath(string? Path, string? PathType, IngressBackend? Backend);

/// <param name="Resource">kind/name of a resource backend; null for a Service.</param>
public sealed record IngressBackend(string? ServiceName, string? PortName, int? PortNumber, string? Resource = null);

public sealed record IngressTls(EquatableArray<string> Hosts, string? SecretName);
