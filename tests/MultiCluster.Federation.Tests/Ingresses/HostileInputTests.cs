using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Ingresses;

/// <summary>Any string field of any object may hold anything: nothing throws, and nothing of it gets into routing unchecked.</summary>
public sealed class HostileInputTests
{
    private static readonly (string Certificate, string Key) Pair = Certificates.Ecdsa(["shop.example"]);

    private static readonly string[] Hostile =
    [
        "", " ", "\n", "\r\n", "\t", "\0", "a\nb", ";", "a;b", "\"", "'", "\\", "%", "%[", "%[x]", "%zz", "%0a", "%00", "%2f", "%2e%2e", "..", "/../", "//",
        "/a b", "/a;b", "/a\"b", "/%[lua.x]", "/\u0001", "/é", "*", "*.", "*.*", ".", "-", "a..b", "\u212A", "\uD800", "\uFFFF", "é", "日本", "\u202E",
        "0", "-1", "65536", "99999999999999999999", "::", "0x7f", "null", "add server x/y", "<<\npayload\n", "#", "?", "@", "$(x)", "${x}", "`x`",
        new string('a', 10_000), "/" + new string('a', 10_000), "/" + new string('%', 3_000), string.Join('.', Enumerable.Repeat("a", 5_000)),
    ];

    /// <summary>Mostly good, so that what is behind a check is reached as well.</summary>
    private static Gen<string> Text(params string[] good) => Gen.Frequency(
        (3, Gen.Elements(good)),
        (2, Gen.Elements(Hostile)),
        (1, ArbMap.Default.GeneratorFor<string?>().Select(static text => text ?? "")));

    private static Gen<string?> Maybe(params string[] good) =>
        Gen.Frequency((5, Text(good).Select(static text => (string?)text)), (1, Gen.Constant<string?>(null)));

    private static readonly Gen<int?> Number = Gen.Elements<int?>(80, 80, 80, null, 0, -1, 65536, int.MaxValue, int.MinValue);

    private static readonly Gen<IngressBackend?> Backend =
        from service in Maybe("shop")
        from port in Maybe("http", "")
        from number in Number
        from resource in Gen.Frequency((5, Gen.Constant<string?>(null)), (1, Maybe("Bucket/x")))
        from missing in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        select missing ? null : new IngressBackend(service, port, number, resource);

    private static readonly Gen<IngressRule> Rule =
        from host in Maybe("shop.example", "*.shop.example")
        from paths in (from path in Maybe("/", "/a")
                       from type in Maybe("Prefix", "Exact", "ImplementationSpecific")
                       from backend in Backend
                       select new IngressPath(path, type, backend)).ListOf()
        select new IngressRule(host, paths.ToEquatableArray());

    private static readonly Gen<ObjectMeta> Meta =
        from ns in Text("web")
        from name in Text("shop")
        from annotation in Maybe("ours")
        from secret in Maybe("users", "web/users")
        from label in Maybe("shop")
        select new ObjectMeta(new ObjectKey(ns, name))
        {
            Annotations = annotation is null || secret is null
                ? EquatableMap.Empty
                : EquatableMap.From([new(ClassOptions.LegacyAnnotation, annotation), new("haproxy-ingress.github.io/auth-secret", secret)]),
            Labels = label is null ? EquatableMap.Empty : EquatableMap.From([new(EndpointSliceResource.ServiceNameLabel, label)]),
        };

    private static readonly Gen<string?> DecodeError = Gen.Frequency((9, Gen.Constant<string?>(null)), (1, Maybe("x")));

    private static readonly Gen<Resource> Ingress =
        from meta in Meta
        from className in Maybe("ours")
        from rules in Rule.ListOf()
        from defaultBackend in Backend
        from tls in (from hosts in Text("shop.example").ListOf()
                     from secret in Maybe("tls")
                     select new IngressTls(hosts.ToEquatableArray(), secret)).ListOf()
        from error in DecodeError
        select (Resource)new IngressResource(meta)
        {
            ClassName = className,
            Rules = rules.ToEquatableArray(),
            DefaultBackend = defaultBackend,
            Tls = tls.ToEquatableArray(),
            DecodeError = error,
        };

    private static readonly Gen<Resource> Service =
        from meta in Meta
        from type in Text("ClusterIP", "ExternalName")
        from external in Maybe("db.example")
        from ports in (from name in Text("http", "")
                       from number in Number
                       from protocol in Text("TCP")
                       from target in Maybe("8080")
                       from app in Maybe("http")
                       select new ServicePort(name, number ?? 0, protocol, target, app)).ListOf()
        from error in DecodeError
        select (Resource)new ServiceResource(meta) { Type = type, ExternalName = external, Ports = ports.ToEquatableArray(), DecodeError = error };

    private static readonly Gen<Resource> Slice =
        from meta in Meta
        from type in Text("IPv4", "IPv6")
        from ports in (from name in Text("http", "")
                       from number in Number
                       from protocol in Text("TCP")
                       select new EndpointPort(name, number, protocol, null)).ListOf()
        from endpoints in (from addresses in Text("10.0.0.1", "fd00::1").ListOf()
                           from pod in Maybe("pod-1")
                           from node in Maybe("node-1")
                           from zone in Maybe("eu-west-1a")
                           from ready in Gen.Elements(true, false)
                           select new Endpoint(addresses.ToEquatableArray(), ready, true, !ready) { PodName = pod, NodeName = node, Zone = zone }).ListOf()
        from error in DecodeError
        select (Resource)new EndpointSliceResource(meta) { AddressType = type, Ports = ports.ToEquatableArray(), Endpoints = endpoints.ToEquatableArray(), DecodeError = error };

    private static readonly Gen<Resource> Secret =
        from meta in Meta
        from certificate in Text(Pair.Certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")
        from key in Text(Pair.Key)
        from error in DecodeError
        select (Resource)(Certificates.Stored("tls", (certificate, key)) with { Meta = meta with { Key = Make.Key("tls") }, DecodeError = error });

    private static readonly Gen<Resource> Users =
        from key in Text("auth")
        from value in Text("ann:$6$x$y")
        from type in Text("Opaque", TlsSecretResource.SecretType)
        from error in DecodeError
        select (Resource)(Make.Secret("users", (key, value)) with { Type = type, DecodeError = error });

    private static readonly Gen<Resource> AnyResource = Gen.Frequency((3, Ingress), (2, Service), (2, Slice), (1, Secret), (1, Users));

    [Fact]
    public void Nothing_throws_and_only_checked_text_gets_through() => Prop.ForAll(AnyResource.NonEmptyListOf().ToArbitrary(), static resources =>
    {
        var view = new MemberView(Make.Aws, new ClassOptions(WatchWithoutClass: true));
        view.Apply(new MemberEvent.Upserted(new IngressClassResource(new ObjectMeta(new ObjectKey("", "ours"))) { Controller = ClassOptions.DefaultControllerName }));
        var table = new RoutingTable();
        foreach (var resource in resources)
        {
            foreach (var change in view.Apply(new MemberEvent.Upserted(resource)))
                Route(table, change);
        }

        AssertChecked(table.Snapshot());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_request_gets_an_answer() => Prop.ForAll(Text("shop.example").ToArbitrary(), Text("/").ToArbitrary(), static (host, path) =>
    {
        var table = new RoutingTable();
        table.Apply(new FragmentUpdate(EntityId.Ingress(Make.Shop), new FragmentVersion(1, 1), Make.MergeOne(Make.Ingress(Make.Rule(null, Make.Path("/", "a"))))), Make.Now);

        var explained = table.Explain(host, path);

        Assert.NotEqual(explained.Refusal is null, explained.Match is null);
        if (explained.Refusal is { } refusal)
            AssertPrintable(refusal);
    }).QuickCheckThrowOnFailure();

    private static long _version;

    private static void Route(RoutingTable table, CopyChange change)
    {
        var version = new FragmentVersion(1, Interlocked.Increment(ref _version));
        if (change is CopyChange.IngressChanged { Copy: { } ingress })
        {
            var fragment = IngressFederation.Merge(change.Key, [ingress], Make.Now)!;
            AssertConditions(fragment.Conditions);
            table.Apply(new FragmentUpdate(EntityId.Ingress(change.Key), version, fragment), Make.Now);
        }
        else if (change is CopyChange.ServiceChanged { Copy: { } service })
        {
            var resolution = new ExternalNameResolution(new Dictionary<string, EquatableArray<string>> { ["db.example"] = [.. Hostile, "192.0.2.1"] });
            var fragment = BackendFederation.Merge(change.Key, [service], resolution);
            AssertConditions(fragment?.Conditions ?? []);
            table.Apply(new FragmentUpdate(EntityId.Backend(change.Key), version, fragment), Make.Now);
        }
    }

    private static void AssertConditions(EquatableArray<CopyCondition> conditions)
    {
        foreach (var (_, condition) in conditions)
        {
            AssertPrintable(condition.Message);
            Assert.InRange(condition.Message.Length, 1, 4096);
        }
    }

    private static void AssertPrintable(string text) => Assert.DoesNotContain(text, static c => c is < ' ' or > '~');

    private static void AssertChecked(RoutingDelta snapshot)
    {
        foreach (var (key, route) in snapshot.Routes)
        {
            Assert.True(key.Host.Length == 0 || DnsNames.IsSubdomain(key.IsWildcardHost ? key.Host[2..] : key.Host), key.Host);
            Assert.True(key.Path.Length == 0 || key.Path[0] == '/');
            Assert.DoesNotContain(key.Path, static c => char.IsControl(c) || char.IsWhiteSpace(c));
            Assert.True(DnsNames.IsLabel(route!.Backend.Ref.Service.Namespace) && DnsNames.IsLabel(route.Backend.Ref.Service.Name));
            Assert.True(route.Backend.Ref.Port.Name is { } name ? DnsNames.IsLabel(name) : route.Backend.Ref.Port.Number is >= 1 and <= 65535);
        }

        foreach (var endpoint in snapshot.Backends.SelectMany(static item => item.Value!.Members).SelectMany(static member => member.Ports).SelectMany(static port => port.Endpoints))
        {
            Assert.True(System.Net.IPAddress.TryParse(endpoint.Address, out var address) && address.ToString() == endpoint.Address, endpoint.Address);
            Assert.True(endpoint.Pod.Length == 0 || DnsNames.IsSubdomain(endpoint.Pod));
        }

        foreach (var (host, certificate) in snapshot.Certificates)
            Assert.True(certificate is not null && DnsNames.IsSubdomain(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host), host);
    }
}
