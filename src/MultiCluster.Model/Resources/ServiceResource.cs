using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Resources;

/// <summary>core/v1 Service.</summary>
public sealed record ServiceResource(ObjectMeta Meta) : Resource(Meta)
{
    public override ResourceKind Kind => ResourceKind.Service;

    /// <summary>ClusterIP (also headless), NodePort, LoadBalancer or ExternalName.</summary>
    public string Type { get; init; } = "ClusterIP";

    public string? ExternalName { get; init; }

    public EquatableArray<ServicePort> Ports { get; init; } = [];

    /// <summary>spec.clusterIPs, or spec.clusterIP: its own addresses within the cluster, as written; "None" of a headless one is none.</summary>
    public EquatableArray<string> ClusterAddresses { get; init; } = [];

    /// <summary>status.loadBalancer.ingress: IP addresses or host names, as written.</summary>
    public EquatableArray<string> LoadBalancerAddresses { get; init; } = [];

    /// <summary>spec.externalTrafficPolicy is Local: a node without an endpoint answers no request on its NodePort.</summary>
    public bool IsExternalTrafficLocal { get; init; }

    public bool IsExternalName => string.Equals(Type, "ExternalName", StringComparison.Ordinal);
}

/// <param name="Name">Empty when the Service has one unnamed port.</param>
/// <param name="TargetPort">Number or name as written; null when it equals <paramref name="Number"/>.</param>
public sealed record ServicePort(string Name, int Number, string Protocol, string? TargetPort, string? AppProtocol)
{
    /// <summary>Null when the Service has none.</summary>
    public int? NodePort { get; init; }
}
