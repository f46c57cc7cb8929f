using MultiCluster.Model.Resources;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    private FederatedIngressResource Read(P.FederatedIngressResource federated) => new(Read(federated.Meta))
    {
        DecodeError = DecodeError(federated.Meta),
        ClassName = federated.HasClassName ? federated.ClassName : null,
        Template = federated.Template is null ? null : Read(federated.Template),
        Reference = federated.Reference is not { } reference ? null : new FederatedReference(reference.ApiVersion, reference.Kind, reference.Name),
        Placement = federated.Placement is not { } placement ? null : new FederatedPlacement(Strings(placement.ClusterNames), Map(placement.MatchLabels)),
        Traffic = federated.Traffic is null ? null : Read(federated.Traffic),
        Staleness = federated.Staleness is null ? null : Read(federated.Staleness),
        Refused = federated.Refused is not { } refused ? null : new RefusedShape(refused.Field, refused.Text),
    };

    private static TrafficSpec Read(P.TrafficSpec spec) => new()
    {
        Clusters = Each(spec.Clusters, Read),
        TrafficDistribution = spec.HasTrafficDistribution ? spec.TrafficDistribution : null,
        HealthThresholdPercent = spec.HasHealthThresholdPercent ? spec.HealthThresholdPercent : null,
        MinHealthyEndpoints = spec.HasMinHealthyEndpoints ? spec.MinHealthyEndpoints : null,
        FailbackDelay = spec.HasFailbackDelay ? spec.FailbackDelay : null,
        MaxConnectionsPerEndpoint = spec.HasMaxConnectionsPerEndpoint ? spec.MaxConnectionsPerEndpoint : null,
        SlowStart = spec.HasSlowStart ? spec.SlowStart : null,
        LoadBalancing = spec.HasLoadBalancing ? spec.LoadBalancing : null,
        SessionAffinity = spec.HasSessionAffinity ? spec.SessionAffinity : null,
    };

    private static ClusterSpec Read(P.ClusterSpec cluster) => new(
        cluster.Cluster,
        cluster.HasWeight ? cluster.Weight : null,
        cluster.HasPriority ? cluster.Priority : null,
        cluster.HasState ? cluster.State : null);

    private static StalenessSpec Read(P.StalenessSpec staleness) => new(
        staleness.HasPolicy ? staleness.Policy : null,
        staleness.HasTtl ? staleness.Ttl : null,
        staleness.HasMinClusters ? staleness.MinClusters : null);
}
