using System.Globalization;

namespace MultiCluster.Federation.Policies;

/// <summary>What a policy says, whatever it is written in.</summary>
internal enum PolicyField
{
    Cluster,
    Weight,
    Priority,
    State,
    Distribution,
    HealthThreshold,
    MinHealthyEndpoints,
    FailbackDelay,
    MaxConnections,
    SlowStart,
    Balance,
    Affinity,
    StalePolicy,
    StaleTtl,
    MinClusters,
}

/// <summary>Where a field is written, for people.</summary>
/// <param name="index">Of the cluster's entry, for fields of clusters.</param>
internal delegate string PolicyFieldName(PolicyField field, int index);

internal static class FederatedIngressFields
{
    private const string Traffic = "spec.trafficPolicy";

    public static string Name(PolicyField field, int index) => field switch
    {
        PolicyField.Cluster => Entry(index, "cluster"),
        PolicyField.Weight => Entry(index, "weight"),
        PolicyField.Priority => Entry(index, "priority"),
        PolicyField.State => Entry(index, "state"),
        PolicyField.Distribution => $"{Traffic}.trafficDistribution",
        PolicyField.HealthThreshold => $"{Traffic}.failover.healthThresholdPercent",
        PolicyField.MinHealthyEndpoints => $"{Traffic}.failover.minHealthyEndpoints",
        PolicyField.FailbackDelay => $"{Traffic}.failover.failbackDelay",
        PolicyField.MaxConnections => $"{Traffic}.spillover.maxConnectionsPerEndpoint",
        PolicyField.SlowStart => $"{Traffic}.slowStart",
        PolicyField.Balance => $"{Traffic}.loadBalancing",
        PolicyField.Affinity => $"{Traffic}.sessionAffinity",
        PolicyField.StalePolicy => "spec.staleness.policy",
        PolicyField.StaleTtl => "spec.staleness.ttl",
        PolicyField.MinClusters => "spec.staleness.minClusters",
        _ => throw new InvalidOperationException($"Unknown field {field}."),
    };

    private static string Entry(int index, string field) => string.Create(CultureInfo.InvariantCulture, $"{Traffic}.clusters[{index}].{field}");
}
