using MultiCluster.Model.Traffic;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

internal sealed partial class WireWriter
{
    private static P.MemberState Write(MemberState state) => (P.MemberState)((int)state + 1);

    private static P.TrafficPolicy Write(TrafficPolicy policy)
    {
        var wire = new P.TrafficPolicy
        {
            Distribution = (P.TrafficDistribution)((int)policy.Distribution + 1),
            HealthThresholdPercent = policy.HealthThresholdPercent,
            MinHealthyEndpoints = policy.MinHealthyEndpoints,
            MaxConnectionsPerEndpoint = policy.MaxConnectionsPerEndpoint,
            SlowStart = Milliseconds(policy.SlowStart),
            FailbackDelay = Milliseconds(policy.FailbackDelay),
            Balance = (P.LoadBalancing)((int)policy.Balance + 1),
            SessionAffinity = policy.SessionAffinity,
        };
        foreach (var cluster in policy.Clusters)
        {
            wire.Clusters.Add(new P.ClusterTraffic
            {
                Member = cluster.Member.Value, Weight = cluster.Weight, Priority = cluster.Priority, State = Write(cluster.State),
            });
        }

        return wire;
    }

    private static P.MemberTraits Write(MemberTraits traits)
    {
        var wire = new P.MemberTraits { State = Write(traits.State), Stale = traits.IsStale, Removed = traits.IsRemoved, Origin = traits.Origin, StaleReason = traits.StaleReason };
        AddTo(wire.Labels, traits.Labels);
        AddTo(wire.Settings, traits.Settings);
        return wire;
    }

    private static P.EndpointAccess Write(EndpointAccess access) =>
        new() { Mode = (P.EndpointMode)((int)access.Mode + 1), Transport = Write(access.Transport), ServiceAddresses = access.HasServiceAddresses };

    /// <returns>Null for clear text.</returns>
    private static P.EndpointTransport? Write(EndpointTransport transport) => transport == default
        ? null
        : new P.EndpointTransport { Tls = transport.Tls, VerifyTls = transport.VerifyTls, ProxyProtocol = transport.ProxyProtocol };

    /// <summary>What is finer is cut off: no policy means it.</summary>
    private static long Milliseconds(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMillisecond;
}
