using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Resources;

/// <summary>discovery.k8s.io/v1 EndpointSlice.</summary>
public sealed record EndpointSliceResource(ObjectMeta Meta) : Resource(Meta)
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    public override ResourceKind Kind => ResourceKind.EndpointSlice;

    /// <summary>IPv4, IPv6 or FQDN.</summary>
    public string AddressType { get; init; } = "IPv4";

    public EquatableArray<EndpointPort> Ports { get; init; } = [];

    public EquatableArray<Endpoint> Endpoints { get; init; } = [];

    /// <summary>Null when the label is missing: the slice then belongs to no Service.</summary>
    public string? ServiceName => Meta.Labels.Find(ServiceNameLabel);
}

/// <param name="Name">Name of the Service's port that this port serves; empty for an unnamed one.</param>
/// <param name="Number">Null means every port (discovery/v1), which no proxy can use.</param>
public sealed record EndpointPort(string Name, int? Number, string Protocol, string? AppProtocol);

/// <summary>Conditions are resolved to discovery/v1's defaults: ready unknown = true, serving unknown = ready, terminating unknown = false.</summary>
public sealed record Endpoint(EquatableArray<string> Addresses, bool Ready, bool Serving, bool Terminating)
{
    /// <summary>Name of targetRef when it is a Pod.</summary>
    public string? PodName { get; init; }

    /// <summary>No part of the slice: of the pod, those that are read.</summary>
    public EquatableMap PodLabels { get; init; } = EquatableMap.Empty;

    public string? NodeName { get; init; }

    public string? Zone { get; init; }
}
