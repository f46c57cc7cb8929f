using System.Collections.Immutable;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Status;

/// <summary>A FederatedIngress of member home with a template for aws and gcp, judged as in production.</summary>
internal static class StatusMake
{
    public static readonly MemberName Home = new("home");
    public static readonly EquatableArray<string> Addresses = ["192.0.2.1"];

    public static ObjectKey Shop { get; } = Make.Key("shop");

    public static FederatedIngressResource Federated(long generation = 3, string uid = "u1", params ClusterSpec[] clusters)
    {
        var meta = Make.Meta("shop") with { Uid = uid, Generation = generation };
        return new FederatedIngressResource(meta)
        {
            Template = Make.Ingress("shop", "shop.example", "web") with { Meta = meta },
            Placement = new FederatedPlacement(["aws", "gcp"], EquatableMap.Empty),
            Traffic = clusters.Length == 0 ? null : new TrafficSpec { Clusters = clusters.ToEquatableArray() },
        };
    }

    public static IngressVerdict Verdict(FederatedIngressResource federated, params IngressCopy[] copies) =>
        Verdict([new IngressCopy(Home, federated.Template ?? Make.Ingress("shop", "", "web"), ClassVerdict.Ours, [], []) { Federated = federated, HasIngress = false }, .. copies]);

    public static IngressVerdict Verdict(params IngressCopy[] copies) => IngressVerdict.Of(
        IngressFederation.Merge(Shop, copies, DateTimeOffset.UnixEpoch, FederationContext.Default with { Members = Members() }, []),
        [],
        [.. copies.OrderBy(static copy => copy.Member)],
        static _ => true)!;

    public static ImmutableSortedDictionary<MemberName, MemberTraits> Members(params (MemberName Member, MemberTraits Traits)[] others)
    {
        var members = new[] { Make.Aws, Make.Gcp, Home }.ToImmutableSortedDictionary(static name => name, static _ => MemberTraits.Default);
        return others.Aggregate(members, static (all, item) => all.SetItem(item.Member, item.Traits));
    }

    /// <summary>What the routing table and proxy p1 hold is the verdict's.</summary>
    /// <param name="pods">Of Service web in each member.</param>
    public static SurveyAnswer Answer(
        IngressVerdict verdict, ImmutableSortedDictionary<MemberName, MemberTraits>? members = null, params (MemberName Member, int Ready, int Unready)[] pods)
    {
        var copies = pods.Select(static item => Make.Copy(item.Member, "web") with { Slices = [Slice(item.Ready, item.Unready)] }).OrderBy(static copy => copy.Member).ToEquatableArray();
        var fragment = BackendFederation.Merge(Make.Key("web"), copies, ExternalNameResolution.Empty);
        return new SurveyAnswer(
            ImmutableDictionary<ObjectKey, Fragment.Ingress>.Empty.Add(Shop, verdict.Fragment),
            ImmutableDictionary<ObjectKey, ServiceFacts>.Empty.Add(Make.Key("web"), new ServiceFacts(copies, fragment)),
            members ?? Members(),
            [new ProxyFacts("p1", Runs: true, Told: 5, Applied: 5, [])]);
    }

    public static WritePermit Owned(DeterministicSystem test, long epoch = 7)
    {
        var gate = new WriteGate(test.Time);
        gate.Own([(3, epoch)]);
        gate.OpenUntil(long.MaxValue);
        return new WritePermit(gate, 3, epoch);
    }

    private static EndpointSliceResource Slice(int ready, int unready) => Make.Slice("web") with
    {
        Endpoints = Enumerable.Range(1, ready + unready)
            .Select(i => new Endpoint([$"10.0.0.{i}"], i <= ready, i <= ready, Terminating: false) { PodName = $"web-{i}" })
            .ToEquatableArray(),
    };
}
