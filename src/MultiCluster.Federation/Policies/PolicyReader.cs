using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Policies;

/// <summary>
/// Makes checked policies of what users write. Total: a bad value costs itself only, keeps its default, and is told.
/// </summary>
public static class PolicyReader
{
    public const int MaxEndpoints = 10_000;
    public const int MaxConnections = 1_000_000;
    public const int MaxMinClusters = 1000;

    /// <param name="spec">Of a FederatedIngress.</param>
    /// <param name="members">Null: nobody knows which there are, so that every name goes.</param>
    public static PolicyReading Read(TrafficSpec spec, IReadOnlyCollection<MemberName>? members) => Read(spec, members, FederatedIngressFields.Name);

    public static StalenessReading Read(StalenessSpec spec) => Read(spec, FederatedIngressFields.Name);

    internal static PolicyReading Read(TrafficSpec spec, IReadOnlyCollection<MemberName>? members, PolicyFieldName name)
    {
        var values = new ValueReader(name);
        var clusters = ClusterReader.Read(spec.Clusters, members, values);
        var policy = new TrafficPolicy
        {
            Clusters = clusters,
            Distribution = values.Word(PolicyField.Distribution, spec.TrafficDistribution, TrafficDistribution.None),
            HealthThresholdPercent = values.Number(
                PolicyField.HealthThreshold, spec.HealthThresholdPercent, 1, 100, TrafficPolicy.DefaultHealthThreshold),
            MinHealthyEndpoints = values.Number(PolicyField.MinHealthyEndpoints, spec.MinHealthyEndpoints, 1, MaxEndpoints, 1),
            MaxConnectionsPerEndpoint = values.Number(PolicyField.MaxConnections, spec.MaxConnectionsPerEndpoint, 0, MaxConnections, 0),
            SlowStart = values.Duration(PolicyField.SlowStart, spec.SlowStart),
            FailbackDelay = values.Duration(PolicyField.FailbackDelay, spec.FailbackDelay),
            Balance = values.Word(PolicyField.Balance, spec.LoadBalancing, LoadBalancing.RoundRobin),
            SessionAffinity = values.Word(PolicyField.Affinity, spec.SessionAffinity, Affinity.None) == Affinity.Cookie,
        };
        return new PolicyReading(policy, values.Problems.ToEquatableArray());
    }

    internal static StalenessReading Read(StalenessSpec spec, PolicyFieldName name)
    {
        var values = new ValueReader(name);
        var policy = values.Word(PolicyField.StalePolicy, spec.Policy, StaleMembers.Retain);
        var ttl = values.Duration(PolicyField.StaleTtl, spec.Ttl);
        var minClusters = values.Number(
            PolicyField.MinClusters, spec.MinClusters, 1, MaxMinClusters, StalenessPolicy.DefaultMinClusters);
        if (policy == StaleMembers.Expire && ttl == TimeSpan.Zero)
            values.Refuse(PolicyField.StaleTtl, "is 0s or not set, so that policy Expire never expires anything; write one such as 1h");
        else if (policy == StaleMembers.Retain && ttl > TimeSpan.Zero)
            values.Refuse(PolicyField.StaleTtl, $"is {Shown.Quoted(spec.Ttl!)}, which counts with policy Expire only; name that policy or remove it");
        return new StalenessReading(
            new StalenessPolicy(policy == StaleMembers.Expire ? ttl : TimeSpan.Zero, minClusters), values.Problems.ToEquatableArray());
    }

    private enum Affinity
    {
        None,
        Cookie,
    }

    private enum StaleMembers
    {
        Retain,
        Expire,
    }
}
