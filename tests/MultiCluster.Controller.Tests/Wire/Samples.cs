using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;

namespace MultiCluster.Controller.Tests.Wire;

/// <summary>Messages of every type with every field set at least once: what the golden files show.</summary>
internal static partial class Samples
{
    private static readonly DateTimeOffset Day = new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly ObjectMeta Meta = new(Make.Key("shop"))
    {
        Uid = "0b7f",
        ResourceVersion = "4711",
        Generation = 3,
        CreationTimestamp = Day,
        Labels = EquatableMap.From([new("app", "shop")]),
        Annotations = EquatableMap.From([new("note", "ü")]),
    };

    private static readonly IngressResource Ingress = new(Meta)
    {
        DecodeError = "spec.rules is a string",
        ClassName = "multicluster",
        DefaultBackend = new IngressBackend(null, null, null, "StorageBucket/static"),
        Rules = [new IngressRule("shop.example", [new IngressPath("/cart", "Prefix", new IngressBackend("cart", "http", 80))])],
        Tls = [new IngressTls(["shop.example"], "shop-tls")],
        StatusAddresses = ["192.0.2.1"],
    };

    private static readonly TlsSecretResource TlsSecret = new(new ObjectMeta(Make.Key("shop-tls")))
    {
        CertificatePem = Secret.FromText("(certificate)"),
        PrivateKeyPem = Secret.FromText("(key)"),
    };

    public static readonly DataSecretResource Users = new(new ObjectMeta(Make.Key("users")))
    {
        DecodeError = "data.more: expected base64 text, found other text",
        Type = "Opaque",
        Data = [new SecretEntry("auth", Secret.FromText("(users)")), new SecretEntry("none", Secret.FromText(""))],
    };

    private static readonly ServiceResource Service = new(new ObjectMeta(Make.Key("cart")))
    {
        Type = "ExternalName",
        ExternalName = "cart.example",
        Ports = [new ServicePort("http", 80, "TCP", "web", "h2c")],
    };

    private static readonly EndpointSliceResource Slice = new(new ObjectMeta(Make.Key("cart-1")))
    {
        AddressType = "IPv6",
        Ports = [new EndpointPort("http", 8080, "TCP", "h2c")],
        Endpoints = [new Endpoint(["2001:db8::1"], true, true, true) { PodName = "cart-0", NodeName = "n1", Zone = "z1" }],
    };

    private static readonly Rank Rank = new(Day, Make.Aws, Make.Key("shop"));

    private static readonly RouteClaim Claim = new(
        new RouteKey("shop.example", "/cart", PathMatch.Prefix), new BackendRef(Make.Key("cart"), PortRef.Named("http")), [Make.Aws, Make.Gcp], Rank);

    public static readonly RouteClaim GuardedClaim = Claim with
    {
        Policy = new RoutePolicy
        {
            Closed = true,
            Sources = new SourceRules(true, ["10.0.0.0/8"], ["10.1.0.0/16"], "x-real-ip"),
            BasicAuthentication = new BasicAuthentication("shop", [new UserPassword("ann", "$6$salt$hash")]),
            Token = new TokenCheck("HS256", ["c2VjcmV0"], "me", ["shop"], "x-token"),
            RateLimits = [new RateLimit(RateLimitKind.Requests, 10, TimeSpan.FromSeconds(1), 429, ["192.0.2.0/24"])],
            RequestHeaders = [new HeaderChange(HeaderAction.Add, "x-a", "b")],
            Rewrites = [new PathRewrite("^/a(.*)$", "/b\\1")],
            Timeouts = new RouteTimeouts { Server = TimeSpan.FromSeconds(3) },
        },
    };

    private static readonly TlsClaim Tls = new(
        "shop.example",
        new Certificate("c0ffee", Secret.FromText("(certificate and key)"), Day, Day.AddDays(90), ["shop.example"]),
        "shop-tls",
        Rank);

    private static readonly Condition Conflict = new(ConditionType.Conflict, true, Reasons.PathConflict, "shop.example/cart is another's");

    private static readonly MemberBackend Backend = new(Make.Aws, [new BackendPort("http", 80, "h2c", [new BackendEndpoint("10.0.0.1", 8080, "cart-0", "n1", "z1")])]);

    private static readonly Fragment.Ingress IngressFragment = new(Make.Key("shop"), [Claim], [Tls], [Make.Aws], [new CopyCondition(Make.Gcp, Conflict)]);

    private static readonly Fragment.Backend BackendFragment = new(Make.Key("cart"), [Backend]) { Conditions = [new CopyCondition(Make.Aws, Conflict)] };

    private static readonly IngressCopy IngressCopy = new(Make.Aws, Ingress, ClassVerdict.Contradictory, [TlsSecret], [Service]);

    private static readonly ServiceCopy ServiceCopy = new(Make.Aws, Service, [Slice]);

    public static readonly EntityRecord Record = new EntityRecord.Ingress(Make.Key("shop"), [IngressCopy], IngressFragment);

    public static readonly Cause Cause = new(CauseKind.Observed, ObjectReference.Of(Make.Aws, Ingress), "seen");

    private static readonly ShardDigest Digest = new(0xfeedfacecafebeef, new FragmentVersion(7, 1));

    /// <summary>By file name.</summary>
    public static IReadOnlyDictionary<string, object> All { get; } = new SortedDictionary<string, object>(Federated(), StringComparer.Ordinal)
    {
        ["ingress-copy"] = IngressCopy,
        ["service-copy"] = ServiceCopy,
        ["fragment-ingress"] = IngressFragment,
        ["fragment-ingress-guarded"] = IngressFragment with { Routes = [GuardedClaim] },
        ["fragment-backend"] = BackendFragment,
        ["fragment-update"] = new FragmentUpdate(EntityId.Backend(Make.Key("cart")), new FragmentVersion(7, 12), BackendFragment),
        ["fragment-update-tombstone"] = new FragmentUpdate(EntityId.Ingress(Make.Key("shop")), new FragmentVersion(7, 13), null),
        ["entity-record-ingress"] = Record,
        ["entity-record-backend"] = new EntityRecord.Backend(
            Make.Key("cart"), [ServiceCopy], [new ResolvedName("cart.example", ["10.0.0.9"])], BackendFragment),
        ["conflicts-changed"] = new EntityProtocol.ConflictsChanged([Conflict]),
        ["get-ingress"] = new EntityProtocol.GetIngress(),
        ["ingress-state"] = new EntityProtocol.IngressState(Make.Key("shop"), IngressFragment, [new CopyCondition(Make.Aws, Conflict)]),
        ["member-synced"] = new MemberProtocol.MemberSynced(Make.Aws),
        ["get-member-status"] = new MemberProtocol.GetStatus(),
        ["member-status"] = new MemberProtocol.MemberStatus(
            Make.Aws, "https://aws.example", true, [new StaleKind(ResourceKind.Secret, "forbidden")], ["slow"], 1, 2, 3, Day),
        ["decision-route-added-guarded"] = new Decision.RouteAdded(Cause, GuardedClaim with { Policy = GuardedClaim.Policy!.Redacted() }),
        ["decision-route-added"] = new Decision.RouteAdded(Cause, Claim),
        ["decision-route-removed"] = new Decision.RouteRemoved(Cause, Claim.Key),
        ["decision-backend-changed"] = new Decision.BackendChanged(Cause, Make.Aws, Backend),
        ["decision-certificate-changed"] = new Decision.CertificateChanged(Cause, "shop.example", CertificateFacts.Of(Tls)),
        ["decision-conditions-changed"] = new Decision.ConditionsChanged(Cause, [Make.Aws], [new CopyCondition(Make.Aws, Conflict)]),
        ["decision-conflict-raised"] = new Decision.ConflictRaised(Cause, Conflict),
        ["decision-conflict-cleared"] = new Decision.ConflictCleared(Cause, Reasons.PathConflict),
        ["decision-entity-gone"] = new Decision.EntityGone(new Cause(CauseKind.Deleted, null)),
        ["get-shard"] = new ShardingProtocol.GetShard(12),
        ["shard-status"] = new ShardingProtocol.ShardStatus(12, 7, true, ["ingress/web/shop", "member/aws"], ["member/gcp"]),
        ["session-hello"] = new AgentMessage.Hello("prod", "edge-1", "5f", 9, [Digest]),
        ["session-ack"] = new AgentMessage.Ack(3, 17, [4]),
        ["session-nack"] = new AgentMessage.Nack(3, 16, "key and entity differ", [EntityId.Ingress(Make.Key("shop"))]),
        ["session-applied"] = new AgentMessage.Applied(17),
        ["session-welcome"] = new ControllerMessage.Welcome("prod", "node-1", "77", 9, 64, IsOnly: true),
        ["session-refusal"] = new ControllerMessage.Refusal("another cluster"),
        ["session-rows"] = new ControllerMessage.Rows(
            3,
            17,
            RowsKind.Snapshot,
            [new FragmentUpdate(EntityId.Ingress(Make.Key("shop")), new FragmentVersion(7, 12), IngressFragment)],
            new Readiness([Make.Gcp], GaveUpWaiting: true),
            new SnapshotEnd(1, [4], [new FragmentVersion(7, 1)]),
            [Digest]),
    };
}
