using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    private TrafficPolicy Read(P.TrafficPolicy policy) => new()
    {
        Clusters = Each(policy.Clusters, Read),
        Distribution = Enumerator<TrafficDistribution>((int)policy.Distribution),
        HealthThresholdPercent = policy.HealthThresholdPercent,
        MinHealthyEndpoints = policy.MinHealthyEndpoints,
        MaxConnectionsPerEndpoint = policy.MaxConnectionsPerEndpoint,
        SlowStart = Duration(policy.SlowStart),
        FailbackDelay = Duration(policy.FailbackDelay),
        Balance = Enumerator<LoadBalancing>((int)policy.Balance),
        SessionAffinity = policy.SessionAffinity,
    };

    private ClusterTraffic Read(P.ClusterTraffic cluster) =>
        new(new MemberName(cluster.Member), cluster.Weight, cluster.Priority, Enumerator<MemberState>((int)cluster.State));

    private MemberTraits Read(P.MemberTraits? traits) => traits is null
        ? Fail("a member's traits are missing", MemberTraits.Default)
        : new MemberTraits(Enumerator<MemberState>((int)traits.State)) { Labels = Map(traits.Labels), IsStale = traits.Stale, IsRemoved = traits.Removed, Origin = traits.Origin, StaleReason = traits.StaleReason, Settings = Map(traits.Settings) };

    private EndpointAccess Read(P.EndpointAccess access) => new(Enumerator<EndpointMode>((int)access.Mode), Read(access.Transport)) { HasServiceAddresses = access.ServiceAddresses };

    private static EndpointTransport Read(P.EndpointTransport? transport) =>
        transport is null ? default : new(transport.Tls, transport.VerifyTls, transport.ProxyProtocol);

    private TimeSpan Duration(long milliseconds)
    {
        const long Longest = long.MaxValue / TimeSpan.TicksPerMillisecond;
        return milliseconds is >= -Longest and <= Longest
            ? TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond)
            : Fail($"{milliseconds} ms are no duration", TimeSpan.Zero);
    }
}
