using MultiCluster.Model.Resources;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

internal sealed partial class WireWriter
{
    private static P.FederatedIngressResource Write(FederatedIngressResource federated)
    {
        var wire = new P.FederatedIngressResource
        {
            Meta = Write(federated.Meta, federated.DecodeError),
            Template = federated.Template is { } template ? Write(template) : null,
            Reference = federated.Reference is { } reference
                ? new P.FederatedReference { ApiVersion = reference.ApiVersion, Kind = reference.Kind, Name = reference.Name }
                : null,
            Placement = federated.Placement is { } placement ? Write(placement) : null,
            Traffic = federated.Traffic is { } traffic ? Write(traffic) : null,
            Staleness = federated.Staleness is { } staleness ? Write(staleness) : null,
            Refused = federated.Refused is { } refused ? new P.RefusedShape { Field = refused.Field, Text = refused.Text } : null,
        };
        if (federated.ClassName is { } name)
            wire.ClassName = name;
        return wire;
    }

    private static P.FederatedPlacement Write(FederatedPlacement placement)
    {
        var wire = new P.FederatedPlacement();
        wire.ClusterNames.AddRange(placement.ClusterNames);
        AddTo(wire.MatchLabels, placement.MatchLabels);
        return wire;
    }

    private static P.TrafficSpec Write(TrafficSpec spec)
    {
        var wire = new P.TrafficSpec();
        foreach (var cluster in spec.Clusters)
            wire.Clusters.Add(Write(cluster));
        if (spec.TrafficDistribution is { } distribution)
            wire.TrafficDistribution = distribution;
        if (spec.HealthThresholdPercent is { } threshold)
            wire.HealthThresholdPercent = threshold;
        if (spec.MinHealthyEndpoints is { } endpoints)
            wire.MinHealthyEndpoints = endpoints;
        if (spec.FailbackDelay is { } delay)
            wire.FailbackDelay = delay;
        if (spec.MaxConnectionsPerEndpoint is { } connections)
            wire.MaxConnectionsPerEndpoint = connections;
        if (spec.SlowStart is { } start)
            wire.SlowStart = start;
        if (spec.LoadBalancing is { } balancing)
            wire.LoadBalancing = balancing;
        if (spec.SessionAffinity is { } affinity)
            wire.SessionAffinity = affinity;
        return wire;
    }

    private static P.ClusterSpec Write(ClusterSpec cluster)
    {
        var wire = new P.ClusterSpec { Cluster = cluster.Cluster };
        if (cluster.Weight is { } weight)
            wire.Weight = weight;
        if (cluster.Priority is { } priority)
            wire.Priority = priority;
        if (cluster.State is { } state)
            wire.State = state;
        return wire;
    }

    private static P.StalenessSpec Write(StalenessSpec staleness)
    {
        var wire = new P.StalenessSpec();
        if (staleness.Policy is { } policy)
            wire.Policy = policy;
        if (staleness.Ttl is { } ttl)
            wire.Ttl = ttl;
        if (staleness.MinClusters is { } clusters)
            wire.MinClusters = clusters;
        return wire;
    }
}
