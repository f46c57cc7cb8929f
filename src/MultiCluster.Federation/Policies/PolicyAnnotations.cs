namespace MultiCluster.Federation.Policies;

/// <summary>Names of the annotations that an Ingress steers its federation with.</summary>
public static class PolicyAnnotations
{
    public const string Prefix = "multicluster-ingress.github.io/";

    /// <summary>"true" or "false"; of each copy for itself.</summary>
    public const string Federate = Prefix + "federate";

    public const string ClusterWeights = Prefix + "cluster-weights";
    public const string ClusterPriorities = Prefix + "cluster-priorities";

    /// <summary>Priority 0 for this cluster and 1 for all that <see cref="ClusterPriorities"/> does not name.</summary>
    public const string PrimaryCluster = Prefix + "primary-cluster";

    public const string ClusterState = Prefix + "cluster-state";
    public const string TrafficDistribution = Prefix + "traffic-distribution";
    public const string FailoverThreshold = Prefix + "failover-threshold";
    public const string MinHealthyEndpoints = Prefix + "min-healthy-endpoints";
    public const string FailbackDelay = Prefix + "failback-delay";
    public const string MaxConnectionsPerEndpoint = Prefix + "max-connections-per-endpoint";
    public const string SlowStart = Prefix + "slow-start";
    public const string LoadBalancing = Prefix + "load-balancing";
    public const string SessionAffinity = Prefix + "session-affinity";
    public const string Staleness = Prefix + "staleness";
    public const string StaleTtl = Prefix + "stale-ttl";
    public const string MinClusters = Prefix + "min-clusters";

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<string> All => AnnotationCatalogue.Names;
}
