using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>spec.trafficPolicy of a FederatedIngress.</summary>
internal static class TrafficSpecDecoder
{
    public static TrafficSpec? Read(ref FieldReader reader)
    {
        if (reader.IsNull() || !reader.EnterObject())
            return null;
        var spec = new TrafficSpec();
        while (reader.NextField())
        {
            if (reader.Is("clusters"u8))
                spec = spec with { Clusters = ReadClusters(ref reader) };
            else if (reader.Is("trafficDistribution"u8))
                spec = spec with { TrafficDistribution = reader.SharedText() };
            else if (reader.Is("failover"u8))
                spec = ReadFailover(ref reader, spec);
            else if (reader.Is("spillover"u8))
                spec = ReadSpillover(ref reader, spec);
            else if (reader.Is("slowStart"u8))
                spec = spec with { SlowStart = reader.SharedText() };
            else if (reader.Is("loadBalancing"u8))
                spec = spec with { LoadBalancing = reader.SharedText() };
            else if (reader.Is("sessionAffinity"u8))
                spec = spec with { SessionAffinity = reader.SharedText() };
            else
                reader.Skip();
        }

        return spec;
    }

    private static TrafficSpec ReadFailover(ref FieldReader reader, TrafficSpec spec)
    {
        if (!reader.EnterObject())
            return spec;
        while (reader.NextField())
        {
            if (reader.Is("healthThresholdPercent"u8))
                spec = spec with { HealthThresholdPercent = reader.SmallInteger() };
            else if (reader.Is("minHealthyEndpoints"u8))
                spec = spec with { MinHealthyEndpoints = reader.SmallInteger() };
            else if (reader.Is("failbackDelay"u8))
                spec = spec with { FailbackDelay = reader.SharedText() };
            else
                reader.Skip();
        }

        return spec;
    }

    private static TrafficSpec ReadSpillover(ref FieldReader reader, TrafficSpec spec)
    {
        if (!reader.EnterObject())
            return spec;
        while (reader.NextField())
        {
            if (reader.Is("maxConnectionsPerEndpoint"u8))
                spec = spec with { MaxConnectionsPerEndpoint = reader.SmallInteger() };
            else
                reader.Skip();
        }

        return spec;
    }

    private static EquatableArray<ClusterSpec> ReadClusters(ref FieldReader reader)
    {
        var clusters = default(ItemBuffer<ClusterSpec>);
        if (!reader.EnterArray())
            return [];
        while (reader.NextItem())
            clusters.Add(ReadCluster(ref reader));
        return clusters.ToEquatableArray();
    }

    private static ClusterSpec ReadCluster(ref FieldReader reader)
    {
        string? cluster = null, state = null;
        int? weight = null, priority = null;
        if (reader.EnterObject())
        {
            while (reader.NextField())
            {
                if (reader.Is("cluster"u8))
                    cluster = reader.SharedText();
                else if (reader.Is("weight"u8))
                    weight = reader.SmallInteger();
                else if (reader.Is("priority"u8))
                    priority = reader.SmallInteger();
                else if (reader.Is("state"u8))
                    state = reader.SharedText();
                else
                    reader.Skip();
            }
        }

        return new ClusterSpec(cluster ?? "", weight, priority, state);
    }
}
