using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Members;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit.Policies;

namespace MultiCluster.Controller.Tests.Wire;

/// <summary>Of this part everything is made when it is asked for, since the order in which fields of two files are initialised is not told.</summary>
internal static partial class ModelGen
{
    public static Gen<MemberTraits> Traits =>
        from state in State from labels in Map from stale in Flag from removed in Flag from origin in Text from reason in Text
        from settings in Map
        select new MemberTraits(state) { Labels = labels, IsStale = stale, IsRemoved = removed, Origin = origin, StaleReason = reason, Settings = settings };

    public static Gen<Fragment.Member> MemberFragment => from name in Member from traits in Traits select new Fragment.Member(name, traits);

    public static Gen<MemberWord> Word =>
        from member in Member from labels in Map from state in State from stale in Flag from reason in Text from held in Array(Text) from origin in Text
        from footprint in Footprint from hasSettings in Flag from settings in Map
        select new MemberWord(member, labels, state, stale, reason, held) { Origin = origin, Footprint = footprint, Settings = hasSettings ? settings : null };

    public static Gen<EquatableArray<KindCount>> Footprint =>
        Array(from kind in Gen.Elements(Enum.GetValues<ResourceKind>()) from count in Number from oldest in Text select new KindCount(kind, Math.Abs((long)count), oldest));

    public static Gen<RecordedRank> RecordedRank => from member in Member from created in Optional(Instant) select new RecordedRank(member, created);

    public static Gen<MemberState> State => Gen.Elements(Enum.GetValues<MemberState>());

    /// <summary>Or none.</summary>
    public static Gen<TrafficPolicy?> Policy =>
        from there in Flag
        from clusters in Array(
            from member in Member from weight in Number from priority in Number from state in State select new ClusterTraffic(member, weight, priority, state))
        from distribution in Gen.Elements(Enum.GetValues<TrafficDistribution>())
        from threshold in Number
        from endpoints in Number
        from connections in Number
        from start in Duration
        from delay in Duration
        from balance in Gen.Elements(Enum.GetValues<LoadBalancing>())
        from affinity in Flag
        select there ? new TrafficPolicy
        {
            Clusters = clusters,
            Distribution = distribution,
            HealthThresholdPercent = threshold,
            MinHealthyEndpoints = endpoints,
            MaxConnectionsPerEndpoint = connections,
            SlowStart = start,
            FailbackDelay = delay,
            Balance = balance,
            SessionAffinity = affinity,
        }
        : null;

    /// <summary>Or none.</summary>
    public static Gen<RouteCondition?> RouteCondition => from there in Flag from seed in Gen.Choose(0, int.MaxValue) select there ? AnyPolicy.Of<RouteCondition>(seed) : null;

    public static Gen<RoutePolicy?> RoutePolicy => from there in Flag from seed in Gen.Choose(0, int.MaxValue) select there ? AnyPolicy.Of(seed) : null;

    private static Gen<TimeSpan> Duration => Gen.OneOf(
        Gen.Elements(TimeSpan.Zero, TimeSpan.FromMilliseconds(long.MaxValue / TimeSpan.TicksPerMillisecond)),
        Number.Select(static milliseconds => TimeSpan.FromMilliseconds(milliseconds)));

    private static Gen<EndpointTransport> Transport => from tls in Flag from verify in Flag from proxy in Flag select new EndpointTransport(tls, verify, proxy);

    private static Gen<EndpointAccess> Access =>
        from mode in Gen.Elements(Enum.GetValues<EndpointMode>()) from transport in Transport from service in Flag
        select new EndpointAccess(mode, transport) { HasServiceAddresses = service };

    private static Gen<NodeResource> Node =>
        from meta in Meta from error in Maybe from takes in Flag from addresses in Array(Text)
        select new NodeResource(meta) { DecodeError = error, TakesTraffic = takes, Addresses = addresses };

    private static Gen<TrafficSpec?> Spec =>
        from there in Flag
        from clusters in Array(
            from cluster in Text from weight in Optional(Number) from priority in Optional(Number) from state in Maybe
            select new ClusterSpec(cluster, weight, priority, state))
        from distribution in Maybe
        from threshold in Optional(Number)
        from endpoints in Optional(Number)
        from delay in Maybe
        from connections in Optional(Number)
        from start in Maybe
        from balancing in Maybe
        from affinity in Maybe
        select there ? new TrafficSpec
        {
            Clusters = clusters,
            TrafficDistribution = distribution,
            HealthThresholdPercent = threshold,
            MinHealthyEndpoints = endpoints,
            FailbackDelay = delay,
            MaxConnectionsPerEndpoint = connections,
            SlowStart = start,
            LoadBalancing = balancing,
            SessionAffinity = affinity,
        }
        : null;

    /// <summary>Or none.</summary>
    private static Gen<FederatedIngressResource?> FederatedIngress(Gen<IngressResource> ingress) =>
        from there in Flag
        from meta in Meta
        from error in Maybe
        from name in Maybe
        from template in ingress.OrNull()
        from reference in (from version in Text from kind in Text from name in Text select new FederatedReference(version, kind, name)).OrNull()
        from placement in (from names in Array(Text) from labels in Map select new FederatedPlacement(names, labels)).OrNull()
        from traffic in Spec
        from staleness in (from policy in Maybe from ttl in Maybe from clusters in Optional(Number) select new StalenessSpec(policy, ttl, clusters)).OrNull()
        from refused in (from field in Text from text in Text select new RefusedShape(field, text)).OrNull()
        select there ? new FederatedIngressResource(meta)
        {
            DecodeError = error,
            ClassName = name,
            Template = template,
            Reference = reference,
            Placement = placement,
            Traffic = traffic,
            Staleness = staleness,
            Refused = refused,
        }
        : null;

    public static Gen<EquatableArray<T>> Array<T>(Gen<T> item)
        where T : IEquatable<T> => Gen.Choose(0, 3).SelectMany(count => item.ListOf(count)).Select(static items => items.ToEquatableArray());

    public static Gen<T?> Optional<T>(Gen<T> value)
        where T : struct => Gen.OneOf(Gen.Constant((T?)null), value.Select(static item => (T?)item));
}
