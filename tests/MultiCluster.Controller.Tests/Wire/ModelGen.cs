using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;

namespace MultiCluster.Controller.Tests.Wire;

/// <summary>Arbitrary values of the model, hostile text and all that Kubernetes would never send included.</summary>
internal static partial class ModelGen
{
    public static readonly Gen<string> Text = Gen.Frequency(
        (4, Gen.Elements("", "web", "shop", "aws", "a.example", "*.b.example", "/cart", "http", "10.0.0.1")),
        (1, Gen.Elements("\0", "\u0080", "ü\u2028\ufffd", "\U0001F600", new string('x', 300), "a\r\nb: c")),
        (1, Gen.Choose(0x20, 0xd7ff).ListOf().Select(static runes => string.Concat(runes.Select(static rune => (char)rune)))));

    public static readonly Gen<string?> Maybe = Gen.Frequency((1, Gen.Constant<string?>(null)), (3, Text.Select(static text => (string?)text)));

    public static readonly Gen<int> Number = Gen.OneOf(Gen.Elements(0, 1, 80, 65535, -1, int.MaxValue, int.MinValue), Gen.Choose(0, 70000));

    public static readonly Gen<long> Count = Gen.OneOf(Gen.Elements(0L, 1, -1, long.MaxValue, long.MinValue), Number.Select(static n => (long)n));

    public static readonly Gen<bool> Flag = Gen.Elements(true, false);

    public static readonly Gen<DateTimeOffset> Instant = Gen.OneOf(
        Gen.Elements(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch),
        Number.Select(static seconds => DateTimeOffset.UnixEpoch.AddTicks(seconds * 10_000_001L).ToOffset(TimeSpan.FromHours(2))));

    public static readonly Gen<MemberName> Member = Text.Select(static text => new MemberName(text));

    public static readonly Gen<ObjectKey> Key = from space in Text from name in Text select new ObjectKey(space, name);

    public static readonly Gen<Secret> Pem = Gen.Frequency(
        (1, Gen.Constant(new Secret(ReadOnlyMemory<byte>.Empty))),
        (2, Gen.Elements("one", "two", "three").Select(Secret.FromText)),
        (1, Gen.Choose(0, 255).ListOf().Select(static bytes => new Secret(bytes.Select(static b => (byte)b).ToArray()))));

    public static readonly Gen<EquatableMap> Map = (from key in Text from value in Text select new KeyValuePair<string, string>(key, value))
        .ListOf().Select(static items => EquatableMap.From((IEnumerable<KeyValuePair<string, string>>)items));

    public static readonly Gen<ObjectMeta> Meta =
        from key in Key
        from uid in Text
        from version in Text
        from generation in Count
        from created in Optional(Instant)
        from labels in Map
        from annotations in Map
        select new ObjectMeta(key)
        {
            Uid = uid, ResourceVersion = version, Generation = generation, CreationTimestamp = created, Labels = labels, Annotations = annotations,
        };

    private static readonly Gen<IngressBackend?> IngressBackend =
        from there in Flag
        from service in Maybe
        from port in Maybe
        from number in Optional(Number)
        from resource in Maybe
        select there ? new IngressBackend(service, port, number, resource) : null;

    private static readonly Gen<IngressPath> IngressPath =
        from path in Maybe from type in Maybe from backend in IngressBackend select new IngressPath(path, type, backend);

    private static readonly Gen<IngressResource> Ingress =
        from meta in Meta
        from error in Maybe
        from name in Maybe
        from backend in IngressBackend
        from rules in Array(from host in Maybe from paths in Array(IngressPath) select new IngressRule(host, paths))
        from tls in Array(from hosts in Array(Text) from secret in Maybe select new IngressTls(hosts, secret))
        from addresses in Array(Text)
        select new IngressResource(meta)
        {
            DecodeError = error, ClassName = name, DefaultBackend = backend, Rules = rules, Tls = tls, StatusAddresses = addresses,
        };

    private static readonly Gen<TlsSecretResource> TlsSecret =
        from meta in Meta
        from error in Maybe
        from certificate in Pem
        from key in Pem
        from further in Array(from name in Text from other in Pem from own in Pem select new TlsPair(name, other, own))
        select new TlsSecretResource(meta) { DecodeError = error, CertificatePem = certificate, PrivateKeyPem = key, Further = further };

    private static readonly Gen<DataSecretResource> DataSecret =
        from meta in Meta
        from error in Maybe
        from type in Text
        from data in Array(from key in Text from value in Pem select new SecretEntry(key, value))
        select new DataSecretResource(meta) { DecodeError = error, Type = type, Data = data };

    private static readonly Gen<ServicePort> ServicePort =
        from name in Text from number in Number from protocol in Text from target in Maybe from app in Maybe from node in Optional(Number)
        select new ServicePort(name, number, protocol, target, app) { NodePort = node };

    private static readonly Gen<ServiceResource> Service =
        from meta in Meta from error in Maybe from type in Text from external in Maybe from ports in Array(ServicePort)
        from addresses in Array(Text) from own in Array(Text) from local in Flag
        select new ServiceResource(meta)
        {
            DecodeError = error, Type = type, ExternalName = external, Ports = ports, ClusterAddresses = own, LoadBalancerAddresses = addresses, IsExternalTrafficLocal = local,
        };

    private static readonly Gen<Endpoint> Endpoint =
        from addresses in Array(Text)
        from ready in Flag
        from serving in Flag
        from terminating in Flag
        from pod in Maybe
        from node in Maybe
        from zone in Maybe
        from labels in Map
        select new Endpoint(addresses, ready, serving, terminating) { PodName = pod, PodLabels = labels, NodeName = node, Zone = zone };

    private static readonly Gen<EndpointSliceResource> Slice =
        from meta in Meta
        from error in Maybe
        from type in Text
        from ports in Array(from name in Text from number in Optional(Number) from protocol in Text from app in Maybe select new EndpointPort(name, number, protocol, app))
        from endpoints in Array(Endpoint)
        select new EndpointSliceResource(meta) { DecodeError = error, AddressType = type, Ports = ports, Endpoints = endpoints };

    private static readonly Gen<ClassParameters?> Parameters = (
        from name in Text
        from settings in Map
        from read in Flag
        from missing in Maybe
        from problems in Array(Text)
        select new ClassParameters(name, settings, read, missing, problems)).OrNull();

    public static readonly Gen<IngressCopy> IngressCopy =
        from member in Member
        from ingress in Ingress
        from verdict in Gen.Elements(Enum.GetValues<ClassVerdict>())
        from secrets in Array(TlsSecret)
        from services in Array(Service)
        from federated in FederatedIngress(Ingress)
        from there in Flag
        from known in Flag
        from annotated in Array(DataSecret)
        from isDefault in Flag
        from hides in Flag
        from parameters in Parameters
        from granted in Array(Key)
        from labels in Array(Text)
        select new IngressCopy(member, ingress, verdict, secrets, services)
        {
            Federated = federated, HasIngress = there, KnowsSecrets = known, AnnotationSecrets = annotated, IsDefaultCertificate = isDefault, HidesIngress = hides, Parameters = parameters, Granted = granted, PodLabels = labels,
        };

    public static readonly Gen<ServiceCopy> ServiceCopy =
        from member in Member
        from there in Flag
        from service in Service
        from slices in Array(Slice)
        from access in Access
        from nodes in Array(Node)
        select new ServiceCopy(member, there ? service : null, slices) { Access = access, Nodes = nodes };

    public static readonly Gen<Condition> Condition =
        from type in Gen.Elements(Enum.GetValues<ConditionType>()) from status in Flag from reason in Text from message in Text
        from details in Array(Text)
        select new Condition(type, status, reason, message) { Details = details };

    public static readonly Gen<CopyCondition> CopyCondition = from member in Member from condition in Condition select new CopyCondition(member, condition);

    public static readonly Gen<Rank> Rank = from created in Optional(Instant) from member in Member from ingress in Key select new Rank(created, member, ingress);

    public static readonly Gen<RouteKey> RouteKey =
        from host in Text from path in Text from match in Gen.Elements(Enum.GetValues<PathMatch>()) select new RouteKey(host, path, match);

    private static readonly Gen<PortRef> PortRef = from name in Maybe from number in Number select new PortRef(name, number);

    public static readonly Gen<RouteClaim> RouteClaim =
        from key in RouteKey from service in Key from port in PortRef from members in Array(Member) from rank in Rank from policy in RoutePolicy
        from isExpression in Flag from pattern in Text from order in Number from isFurther in Flag from when in RouteCondition
        select new RouteClaim(key, new BackendRef(service, port), members, rank)
        {
            Policy = policy, Expression = isExpression ? new PathExpression(pattern, order) : null, IsFurtherName = isFurther, When = when,
        };

    private static readonly Gen<Certificate> SingleCertificate =
        from fingerprint in Text from pem in Pem from before in Instant from after in Instant from names in Array(Text)
        select new Certificate(fingerprint, pem, before, after, names);

    private static readonly Gen<Certificate> Certificate =
        from certificate in SingleCertificate from others in Array(SingleCertificate) select certificate with { Others = others };

    private static readonly Gen<TlsClaim> TlsClaim =
        from host in Text from certificate in Certificate from secret in Text from rank in Rank select new TlsClaim(host, certificate, secret, rank);

    public static readonly Gen<Fragment.Ingress> IngressFragment =
        from key in Key
        from routes in Array(RouteClaim)
        from certificates in Array(TlsClaim)
        from accepted in Array(Member)
        from conditions in Array(CopyCondition)
        from traffic in Policy
        select new Fragment.Ingress(key, routes, certificates, accepted, conditions) { Traffic = traffic };

    private static readonly Gen<BackendEndpoint> BackendEndpoint =
        from address in Text from port in Number from pod in Text from node in Text from zone in Text from labels in Map
        select new BackendEndpoint(address, port, pod, node, zone) { Labels = labels };

    private static readonly Gen<BackendPort> BackendPort =
        from name in Text from number in Number from protocol in Text from endpoints in Array(BackendEndpoint)
        from unready in Array(from zone in Text from count in Number select new UnreadyEndpoints(zone, count))
        from service in Array(BackendEndpoint)
        select new BackendPort(name, number, protocol, endpoints) { Unready = unready, OfService = service };

    public static readonly Gen<MemberBackend> MemberBackend =
        from member in Member from ports in Array(BackendPort) from transport in Transport select new MemberBackend(member, ports) { Transport = transport };

    public static readonly Gen<Fragment.Backend> BackendFragment =
        from service in Key from members in Array(MemberBackend) from conditions in Array(CopyCondition)
        select new Fragment.Backend(service, members) { Conditions = conditions };

    public static readonly Gen<Fragment> Fragment = Gen.OneOf(
        IngressFragment.Select(static fragment => (Fragment)fragment),
        BackendFragment.Select(static fragment => (Fragment)fragment),
        MemberFragment.Select(static fragment => (Fragment)fragment));

    public static readonly Gen<EntityId> Entity = Gen.OneOf(
        from kind in Gen.Elements(EntityKind.Ingress, EntityKind.Backend) from key in Key select new EntityId(kind, key), Member.Select(EntityId.Member));

    public static readonly Gen<FragmentVersion> Version = from epoch in Count from number in Count select new FragmentVersion(epoch, number);

    public static readonly Gen<FragmentUpdate> Update =
        from entity in Entity from version in Version from there in Flag from fragment in Fragment
        select new FragmentUpdate(entity, version, there ? fragment : null);
}
