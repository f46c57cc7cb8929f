using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Resources;

/// <summary>
/// multicluster-ingress.github.io/v1alpha1 FederatedIngress, as written: values that need more than a JSON type to be right are text
/// here, and checked where a policy is made of them.
/// </summary>
public sealed record FederatedIngressResource(ObjectMeta Meta) : Resource(Meta)
{
    public override ResourceKind Kind => ResourceKind.FederatedIngress;

    public string? ClassName { get; init; }

    /// <summary>
    /// spec.template with the key, uid, generation and age of the FederatedIngress and the labels and annotations of the template; null when there
    /// is none.
    /// </summary>
    public IngressResource? Template { get; init; }

    public FederatedReference? Reference { get; init; }

    /// <summary>Null: every member.</summary>
    public FederatedPlacement? Placement { get; init; }

    public TrafficSpec? Traffic { get; init; }

    public StalenessSpec? Staleness { get; init; }

    /// <summary>What is wrong with the shape of what is written now; all but <see cref="Resource.Meta"/> is then from before. Null when nothing is.</summary>
    public RefusedShape? Refused { get; init; }
}

/// <param name="Text">Continues the field: what is the matter, and the fix.</param>
public sealed record RefusedShape(string Field, string Text);

/// <summary>spec.resourceRef: the Ingress of each member that is meant.</summary>
public sealed record FederatedReference(string ApiVersion, string Kind, string Name);

/// <summary>spec.placement: members that are named, or whose labels match; with both, members of which both hold.</summary>
public sealed record FederatedPlacement(EquatableArray<string> ClusterNames, EquatableMap MatchLabels);

/// <summary>spec.trafficPolicy, or what annotations say in its place. Null: not said.</summary>
public sealed record TrafficSpec
{
    public EquatableArray<ClusterSpec> Clusters { get; init; } = [];

    /// <summary>None, PreferSameZone or PreferSameRegion.</summary>
    public string? TrafficDistribution { get; init; }

    public int? HealthThresholdPercent { get; init; }

    public int? MinHealthyEndpoints { get; init; }

    /// <summary>A duration such as 60s.</summary>
    public string? FailbackDelay { get; init; }

    public int? MaxConnectionsPerEndpoint { get; init; }

    /// <summary>A duration such as 30s.</summary>
    public string? SlowStart { get; init; }

    /// <summary>RoundRobin or LeastConnections.</summary>
    public string? LoadBalancing { get; init; }

    /// <summary>None or Cookie.</summary>
    public string? SessionAffinity { get; init; }
}

/// <param name="State">Active, Drain or Disabled.</param>
public sealed record ClusterSpec(string Cluster, int? Weight, int? Priority, string? State);

/// <param name="Policy">Retain or Expire.</param>
/// <param name="Ttl">A duration; 0s: never.</param>
/// <param name="MinClusters">As many members stay, however stale.</param>
public sealed record StalenessSpec(string? Policy, string? Ttl, int? MinClusters);
