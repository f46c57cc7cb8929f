using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Settings;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Proxies;

/// <summary>Which annotations, and what else of objects, take a reload of a HAProxy that has no place to spare: those of the table, and no other.</summary>
public sealed class ObjectReloadTests
{
    private static readonly DateTimeOffset Now = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private const string Port = "haproxy-ingress.github.io/tcp-service-port";

    private static readonly Lazy<EquatableArray<DataSecretResource>> Secrets = new(MakeSecrets);

    /// <summary>What each key does to the table, and what is wrong with it here.</summary>
    private static readonly Lazy<(List<(string Name, RoutingDelta Before, RoutingDelta Change)> Changes, List<string> Wrong)> All = new(Try);

    /// <summary>Of those that differ, one for each kind: 3.2 can do what 3.0 can.</summary>
    public static TheoryData<int, int> Versions => new() { { 2, 6 }, { 3, 0 }, { 3, 4 } };

    [Theory]
    [MemberData(nameof(Versions))]
    public void Exactly_the_annotations_of_the_table_take_a_reload(int major, int minor)
    {
        using var proxy = new ProxyFixture(
            new HAProxyVersion(major, minor, 0, $"{major}.{minor}.0"),
            new ProgramOptions { Binds = [new BindOptions("127.0.0.1:8080", Tls: false), new BindOptions("127.0.0.1:8443", Tls: true)], PoolSize = 1, PolicyPoolSize = 0 });
        var found = All.Value.Changes.Where(item => ReasonOf(proxy, item.Before, item.Change) is not null).Select(static item => item.Name).Order(StringComparer.Ordinal).ToList();
        var told = Reloads.OfObjects.Where(entry => entry.Versions.Has(major, minor)).Select(static entry => entry.Name).ToList();
        Assert.True(
            found.SequenceEqual(told),
            $"reloads.tsv lacks\n{string.Join('\n', found.Except(told))}\nand has in vain\n{string.Join('\n', told.Except(found))}");
    }

    [Fact]
    public void Each_annotation_is_tried_with_a_value_that_counts() => Assert.True(All.Value.Wrong.Count == 0, string.Join("\n", All.Value.Wrong));

    [Fact]
    public void Versions_that_are_not_tried_can_do_what_one_of_them_can() => Assert.Equal(ProxyFeatures.Of(new ProxyVersion(3, 0)), ProxyFeatures.Of(new ProxyVersion(3, 2)));

    private static (List<(string Name, RoutingDelta Before, RoutingDelta Change)> Changes, List<string> Wrong) Try()
    {
        var (changes, wrong) = (new List<(string Name, RoutingDelta Before, RoutingDelta Change)>(), new List<string>());
        var tables = new Dictionary<EquatableMap, RoutingDelta>();
        foreach (var (family, entry) in Keys())
        {
            var name = family.Prefix + entry.Key;
            if (AnnotationSamples.Of(family, entry) is not var (value, beside))
            {
                wrong.Add($"{name} has no sample");
                continue;
            }

            var all = EquatableMap.From([.. beside, new(name, value)]);
            var isOfIngress = entry.Places.HasFlag(AnnotationPlaces.Ingress);
            var world = new World(EquatableMap.From(beside));
            var change = world.Change(isOfIngress ? all : EquatableMap.From(beside), isOfIngress ? EquatableMap.Empty : all);
            wrong.AddRange(world.Problems.Where(text => text.Contains($"{name} ", StringComparison.Ordinal)));
            if (!tables.TryGetValue(EquatableMap.From(beside), out var before))
                tables.Add(EquatableMap.From(beside), before = world.Before);
            changes.Add((name, before, change));
        }

        // What objects say without an annotation: a further Service, and TLS of connections to a port.
        changes.Add(Other("spec.rules", EquatableMap.Empty, static ingress => ingress with { Rules = Make.Ingress("b", "b.example", "other").Rules }));
        changes.Add(Other("spec.tls", EquatableMap.From([new(Port, "7000")]), static ingress => ingress with { Tls = [new IngressTls([], "tls")] }));
        return ([.. changes.OrderBy(static item => item.Before.Version).ThenBy(item => tables.Values.ToList().IndexOf(item.Before))], wrong);
    }

    private static (string Name, RoutingDelta Before, RoutingDelta Change) Other(string field, EquatableMap annotations, Func<IngressResource, IngressResource> change)
    {
        var world = new World(annotations);
        return (field, world.Before, world.Change(annotations, EquatableMap.Empty, change));
    }

    private static IEnumerable<(AnnotationFamily Family, AnnotationEntry Entry)> Keys() =>
        from family in AnnotationIndex.Families.Items
        // Whose an Ingress is, and who gets its certificate, is no matter of proxies.
        where family.Name != "kubernetes"
        from entry in family.Entries.Items
        where (entry.Places & (AnnotationPlaces.Ingress | AnnotationPlaces.Service)) != AnnotationPlaces.None && entry.Policy != "ingress-class"
        where entry.Status is AnnotationStatus.Supported or AnnotationStatus.Differs
        select (family, entry);

    private static ReloadReason? ReasonOf(ProxyFixture proxy, RoutingDelta before, RoutingDelta change)
    {
        var state = proxy.Filled(before);
        state.Take(change);
        return proxy.RunUntilSettled(state);
    }

    /// <summary>Two Ingresses whose hosts lead to one Service: the second has annotations, and the Service may.</summary>
    private sealed class World
    {
        private readonly RoutingTable _table = new();
        private long _version;

        public World(EquatableMap ofIngress)
        {
            Change(ofIngress, EquatableMap.Empty);
            Before = _table.Snapshot();
        }

        public RoutingDelta Before { get; }

        /// <summary>Of the last change.</summary>
        public List<string> Problems { get; } = [];

        public RoutingDelta Change(EquatableMap ofIngress, EquatableMap ofService, Func<IngressResource, IngressResource>? also = null)
        {
            Problems.Clear();
            var service = Make.Service("s") with { Meta = Make.Meta("s") with { Annotations = ofService } };
            var slice = Make.Slice("s", "10.0.0.1", "10.0.0.2");
            slice = slice with { Endpoints = slice.Endpoints.Items.Select(static (endpoint, i) => endpoint with { PodLabels = EquatableMap.From([new("v", i == 0 ? "1" : "2")]) }).ToEquatableArray() };
            var context = FederationContext.Default with { Defaults = IngressDefaults.None with { HasFirewall = true, LimitsBandwidth = true, CheckNetworks = ["10.0.0.0/8"] } };
            var updates = new List<FragmentUpdate>();
            var version = new FragmentVersion(1, ++_version);
            foreach (var ingress in new[] { Make.Ingress("a", "a.example", "s"), (also ?? (static ingress => ingress))(Annotated(Make.Ingress("b", "b.example", "s", day: 2), ofIngress)) })
            {
                var copy = new IngressCopy(Make.Aws, ingress, ClassVerdict.Ours, [], [service]) { AnnotationSecrets = Secrets.Value, PodLabels = ["v"] };
                var fragment = IngressFederation.Merge(ingress.Key, [copy], Now, context, []).Fragment!;
                Problems.AddRange(fragment.Conditions.Items.Where(static item => item.Condition.Type == ConditionType.PartiallyInvalid).SelectMany(static item => item.Condition.Details));
                updates.Add(new FragmentUpdate(EntityId.Ingress(ingress.Key), version, fragment));
            }

            foreach (var each in new[] { service, Make.Service("other") })
            {
                var backend = BackendFederation.Merge(each.Key, [new ServiceCopy(Make.Aws, each, [slice])], ExternalNameResolution.Empty);
                updates.Add(new FragmentUpdate(EntityId.Backend(each.Key), version, backend));
            }

            return _table.Apply(updates.ToArray(), Now).Delta;
        }
    }

    /// <summary>Connections to a port are not told apart by hosts.</summary>
    private static IngressResource Annotated(IngressResource ingress, EquatableMap annotations)
    {
        var annotated = ingress with { Meta = ingress.Meta with { Annotations = annotations } };
        return annotations.Find(Port) is null
            ? annotated with { Tls = [new IngressTls(["b.example"], "tls")] }
            : annotated with { Rules = [], DefaultBackend = ingress.Rules[0].Paths[0].Backend };
    }

    private static EquatableArray<DataSecretResource> MakeSecrets()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
        var (pem, keyPem) = (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        const string hash = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=";
        return
        [
            Secret("auth", ("auth", "me:" + hash)), Secret("keys", ("key", new string('k', 40))), Secret("pki", ("ca.crt", pem), ("tls.crt", pem), ("tls.key", keyPem)), Secret("users", ("me", hash)),
        ];
    }

    private static DataSecretResource Secret(string name, params (string Key, string Value)[] data) =>
        new(new ObjectMeta(Make.Key(name))) { Data = data.Select(static item => new SecretEntry(item.Key, Model.Security.Secret.FromText(item.Value))).ToEquatableArray() };
}
