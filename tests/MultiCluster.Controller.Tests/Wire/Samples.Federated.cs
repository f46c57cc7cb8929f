using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Tests.Wire;

/// <summary>
/// What came with FederatedIngress and members' traits. Samples of their own, so that the files of those of before show that without them the bytes
/// are what they were.
/// </summary>
internal static partial class Samples
{
    private static Dictionary<string, object> Federated()
    {
        var traffic = Traffic();
        var access = new EndpointAccess(EndpointMode.NodePort, new EndpointTransport(Tls: true, VerifyTls: true, ProxyProtocol: true));
        var service = ServiceCopy with { Service = NodePortService(), Access = access, Nodes = [Node()] };
        var ingress = IngressFragment with
        {
            Traffic = traffic,
            Conditions =
            [
                new CopyCondition(Make.Aws, new Condition(ConditionType.Overridden, true, Reasons.OverriddenByFederatedIngress, "web/shop")),
                new CopyCondition(Make.Gcp, new Condition(ConditionType.Stale, true, Reasons.Unreachable, "no answer")),
            ],
        };
        var backend = BackendFragment with { Members = [Backend with { Transport = access.Transport }] };
        var traits = new MemberTraits(MemberState.Drain) { Labels = Region, IsStale = true, IsRemoved = true, Origin = "c0ffee", StaleReason = Reasons.Unreachable };
        var member = new Fragment.Member(Make.Aws, traits);
        var word = new MemberWord(Make.Aws, Region, MemberState.Disabled, true, "no answer", ["12 of 20 Endpoints"]) { Origin = "c0ffee" };
        EquatableArray<KindCount> footprint = [new(ResourceKind.Ingress, 120), new(ResourceKind.Service, 0), new(ResourceKind.EndpointSlice, 3_000_000_000)];
        var cause = new Cause(CauseKind.Operator, new ObjectReference(Make.Aws, ResourceKind.FederatedIngress, Make.Key("shop"), "0b7f", "4711"), "ann");
        return new(StringComparer.Ordinal)
        {
            ["ingress-copy-federated"] = IngressCopy with { Federated = FederatedIngress(), HasIngress = false },
            ["ingress-copy-without-secrets"] = IngressCopy with { KnowsSecrets = false },
            ["ingress-copy-annotation-secrets"] = IngressCopy with { AnnotationSecrets = [Users] },
            ["ingress-copy-granted"] = IngressCopy with { Granted = [Make.Key("users")] },
            ["ingress-copy-parameters"] = IngressCopy with { Parameters = new ClassParameters("ours", Settings, false, "names nothing; name it", ["ConfigMap a/b, x: is unknown; remove it"]) },
            ["ingress-copy-refused"] = IngressCopy with { Federated = FederatedIngress() with { Refused = new RefusedShape("spec", "has both; remove one") } },
            ["service-copy-node-port"] = service,
            ["member-word"] = word,
            ["member-word-footprint"] = word with { Footprint = footprint },
            ["member-word-oldest"] = word with { Footprint = [new(ResourceKind.Ingress, 120, "0b7f")] },
            ["member-word-settings"] = word with { Settings = Settings },
            ["fragment-member-settings"] = new Fragment.Member(Make.Aws, traits with { Settings = Settings }),
            ["fragment-ingress-traffic"] = ingress,
            ["fragment-backend-transport"] = backend,
            ["fragment-backend-unready"] = BackendFragment with
            {
                Members = [Backend with { Ports = [Backend.Ports[0] with { Unready = [new UnreadyEndpoints("", 1), new UnreadyEndpoints("z1", 12)] }] }],
            },
            ["fragment-member"] = member,
            ["fragment-update-member"] = new FragmentUpdate(EntityId.Member(Make.Aws), new FragmentVersion(7, 14), member),
            ["entity-record-ingress-ranks"] = new EntityRecord.Ingress(Make.Key("shop"), [], ingress)
            {
                Ranks = [new RecordedRank(Make.Aws, Day), new RecordedRank(Make.Gcp, null)],
            },
            ["entity-record-member"] = new EntityRecord.Member(Make.Aws, [word], new MemberOrders(MemberState.Drain, IsRemoved: true) { IsLeaving = true, Origin = "c0ffee" }, member),
            ["get-proxy-loads"] = new NodeProtocol.GetProxyLoads(),
            ["proxy-loads"] = new NodeProtocol.ProxyLoads([new ProxyLoad("edge", [new MemberLoad(Make.Aws, 12), new MemberLoad(Make.Gcp, 0)]), new ProxyLoad("empty", []), new ProxyLoad("silent", null)]),
            ["session-loads"] = new AgentMessage.Loads([new MemberLoad(Make.Aws, 12), new MemberLoad(Make.Gcp, 0)]),
            ["set-member-state"] = new MemberProtocol.SetState(MemberState.Drain),
            ["remove-member"] = new MemberProtocol.Remove("c0ffee", TimeSpan.FromSeconds(30)),
            ["approve-member"] = new MemberProtocol.Approve(),
            ["get-member-traits"] = new MemberProtocol.GetTraits(),
            ["member-registration-changed"] = MemberProtocol.RegistrationChanged.Instance,
            ["member-traits"] = new MemberProtocol.Traits(Make.Aws, traits, new MemberOrders(MemberState.Drain, IsRemoved: false)),
            ["member-traits-footprint"] = new MemberProtocol.Traits(Make.Aws, traits, MemberOrders.None) { Footprint = footprint },
            ["member-approved"] = new MemberProtocol.Approved(Make.Aws, ["12 of 20 Endpoints"]),
            ["decision-traffic-changed"] = new Decision.TrafficChanged(cause, traffic),
            ["decision-member-changed"] = new Decision.MemberChanged(cause, Make.Aws, traits),
        };
    }

    private static EquatableMap Settings => EquatableMap.From([new("haproxy.org/timeout-client", "5s")]);

    private static EquatableMap Region => EquatableMap.From([new(MemberTraits.RegionLabel, "eu-west-1")]);

    private static TrafficPolicy Traffic() => new()
    {
        Clusters = [new ClusterTraffic(Make.Aws, 80, 0), new ClusterTraffic(Make.Gcp, 20, 1, MemberState.Drain)],
        Distribution = TrafficDistribution.PreferSameRegion,
        HealthThresholdPercent = 50,
        MinHealthyEndpoints = 2,
        MaxConnectionsPerEndpoint = 200,
        SlowStart = TimeSpan.FromSeconds(30),
        FailbackDelay = TimeSpan.FromMilliseconds(1500),
        Balance = LoadBalancing.LeastConnections,
        SessionAffinity = true,
    };

    private static ServiceResource NodePortService() => Service with
    {
        Type = "LoadBalancer",
        ExternalName = null,
        Ports = [new ServicePort("http", 80, "TCP", "web", "h2c") { NodePort = 30080 }],
        LoadBalancerAddresses = ["192.0.2.7", "lb.example"],
        IsExternalTrafficLocal = true,
    };

    private static NodeResource Node() => new(new ObjectMeta(new("", "n1")))
    {
        DecodeError = "status is a list", TakesTraffic = true, Addresses = ["10.1.0.1", "192.0.2.8"],
    };

    private static FederatedIngressResource FederatedIngress() => new(Meta)
    {
        DecodeError = "spec.placement is a list",
        ClassName = "multicluster",
        Template = Ingress,
        Reference = new FederatedReference("networking.k8s.io/v1", "Ingress", "shop"),
        Placement = new FederatedPlacement(["aws", "gcp"], Region),
        Traffic = new TrafficSpec
        {
            Clusters = [new ClusterSpec("aws", 80, 0, "Active"), new ClusterSpec("gcp", null, null, null)],
            TrafficDistribution = "PreferSameZone",
            HealthThresholdPercent = 70,
            MinHealthyEndpoints = 1,
            FailbackDelay = "60s",
            MaxConnectionsPerEndpoint = 200,
            SlowStart = "30s",
            LoadBalancing = "RoundRobin",
            SessionAffinity = "Cookie",
        },
        Staleness = new StalenessSpec("Expire", "10m", 1),
    };
}
