using System.Text;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Kubernetes.Discovery;
using MultiCluster.Kubernetes.Status;
using MultiCluster.Kubernetes.Tests.Client;
using MultiCluster.Kubernetes.Yaml;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Deploy;

public sealed class DeployTests
{
    public static TheoryData<string> Files => [.. DeployFiles.All];

    public static TheoryData<string> Kinds => [.. Schemas().Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_is_read_and_its_own_kinds_fit_the_schema(string file)
    {
        foreach (var item in DeployFiles.Read(file))
        {
            Assert.All(new[] { "apiVersion", "kind" }, field => Assert.NotEqual("", DeployFiles.Text(item, field)));
            Assert.NotEqual("", DeployFiles.Text(item, "metadata", "name"));
            if (Schemas().TryGetValue(DeployFiles.Text(item, "kind"), out var schema))
                Assert.Empty(SchemaValidator.Validate(item, schema));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_object_of_ours_decodes_without_a_fault(string file)
    {
        var ours = DeployFiles.Read(file).Select(static item => (Kind: DeployFiles.Text(item, "kind"), Json: item.ToJsonString()));
        foreach (var (kind, json) in ours.Where(static item => Schemas().ContainsKey(item.Kind)))
        {
            var decoded = new ResourceDecoder().Decode(Enum.Parse<ResourceKind>(kind), Encoding.UTF8.GetBytes(json));
            Assert.Null(decoded.Error);
            Assert.Null(decoded.Resource!.DecodeError);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Schemas_are_ones_that_a_server_takes(string kind) => Assert.Empty(SchemaValidator.Lint(Schemas()[kind]));

    [Fact]
    public void Definitions_name_what_the_client_asks_for()
    {
        foreach (var (definition, path) in DeployFiles.Read("crds/crds.yaml").Zip(new[] { ResourcePath.FederatedIngresses, ResourcePath.MemberClusters }))
        {
            Assert.Equal(path.QualifiedName, DeployFiles.Text(definition, "metadata", "name"));
            Assert.Equal((path.Group, path.Plural, path.Kind), (
                DeployFiles.Text(definition, "spec", "group"), DeployFiles.Text(definition, "spec", "names", "plural"), DeployFiles.Text(definition, "spec", "names", "kind")));
            Assert.Equal(path.Namespaced ? "Namespaced" : "Cluster", DeployFiles.Text(definition, "spec", "scope"));
            var version = Assert.Single(definition["spec"]!["versions"]!.AsArray())!;
            Assert.Equal(path.Version, DeployFiles.Text(version, "name"));
            Assert.NotNull(version["subresources"]!["status"]);
        }

        // kubectl expands a category before it looks for a resource: "kubectl delete ingress --all" would delete members.
        Assert.All(DeployFiles.Read("crds/crds.yaml"), static crd => Assert.Equal("multicluster", crd["spec"]!["names"]!["categories"]!.AsArray().Single()!.GetValue<string>()));
        Assert.Equal("fing", DeployFiles.Read("crds/crds.yaml")[0]["spec"]!["names"]!["shortNames"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("spec: {resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: a}, trafficPolicy: {clusters: [{cluster: a, weight: 1000001}]}}", "weight: 1000001 is out of range")]
    [InlineData("spec: {resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: a}, trafficPolicy: {clusters: [{cluster: a}, {cluster: a}]}}", "clusters[1]: duplicate \"a\"")]
    [InlineData("spec: {resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: a}, trafficPolicy: {clusters: [{weight: 1}]}}", "clusters[0]: cluster is missing")]
    [InlineData("spec: {resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: a}, trafficPolicy: {clusters: [{cluster: A}]}}", "does not match")]
    [InlineData("spec: {resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: a}, trafficPolicy: {slowStart: 30 s}}", "slowStart: \"30 s\" does not match")]
    [InlineData("spec: {resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: a}, trafficPolicy: {mode: Weighted}}", "mode: unknown field")]
    [InlineData("spec: {resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: a}, placement: {clusterSelector: {matchExpressions: []}}}", "matchExpressions: unknown field")]
    [InlineData("spec: {resourceRef: {apiVersion: v1, kind: Service, name: a}}", "kind: Service is none of")]
    [InlineData("spec: {template: {spec: {rules: [{http: {paths: [{path: /, backend: {service: {name: a}}}]}}]}}}", "paths[0]: pathType is missing")]
    public void The_schema_refuses_what_the_model_does_not_mean(string spec, string error)
    {
        var text = $"apiVersion: multicluster-ingress.github.io/v1alpha1\nkind: FederatedIngress\nmetadata: {{name: a}}\n{spec}\n";
        var item = JsonNode.Parse(ManifestText.Parse(Encoding.UTF8.GetBytes(text)).Documents[0].Json.Span);
        Assert.Contains(SchemaValidator.Validate(item, Schemas()["FederatedIngress"]), found => found.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_in_CEL_say_what_a_schema_can_t()
    {
        var rules = Rules(Schemas()["FederatedIngress"]).Concat(Rules(Schemas()["MemberCluster"])).ToList();
        Assert.Contains("has(self.template) != has(self.resourceRef)", rules);
        Assert.Contains("!has(self.spec.resourceRef) || self.spec.resourceRef.name == self.metadata.name", rules);
        Assert.Contains(rules, static rule => rule.Contains("exists_one", StringComparison.Ordinal));
        Assert.Contains(rules, static rule => rule.StartsWith("self.metadata.name.matches(", StringComparison.Ordinal));
    }

    [Fact]
    public void Words_of_the_schema_are_those_of_the_model()
    {
        var policy = Schemas()["FederatedIngress"]["properties"]!["spec"]!["properties"]!["trafficPolicy"]!["properties"]!;
        Assert.Equal(Enum.GetNames<MemberState>(), Words(policy["clusters"]!["items"]!["properties"]!["state"]));
        Assert.Equal(Enum.GetNames<TrafficDistribution>(), Words(policy["trafficDistribution"]));
        Assert.Equal(Enum.GetNames<LoadBalancing>(), Words(policy["loadBalancing"]));
        var weight = policy["clusters"]!["items"]!["properties"]!["weight"]!;
        Assert.Equal((ClusterTraffic.MaxWeight, ClusterTraffic.DefaultWeight), (weight["maximum"]!.GetValue<int>(), weight["default"]!.GetValue<int>()));
        Assert.Equal(ClusterTraffic.MaxPriority, policy["clusters"]!["items"]!["properties"]!["priority"]!["maximum"]!.GetValue<int>());
        Assert.Equal(TrafficPolicy.DefaultHealthThreshold, policy["failover"]!["properties"]!["healthThresholdPercent"]!["default"]!.GetValue<int>());
        var member = Schemas()["MemberCluster"]["properties"]!["spec"]!["properties"]!;
        Assert.Equal(Enum.GetNames<EndpointMode>(), Words(member["endpointMode"]));
        Assert.Equal(EndpointAccess.Default.Mode.ToString(), member["endpointMode"]!["default"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_is_written_as_status_fits_the_schema()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Apply(TestFiles.Read(Path.Combine(DeployFiles.Folder, "examples/split-80-20.yaml")));
        cluster.Apply(TestFiles.Read(Path.Combine(DeployFiles.Folder, "examples/members.yaml")));
        using var client = new KubernetesClient(ClusterFixture.Load(cluster.KubeConfigPath), TimeProvider.System);
        var condition = new StatusCondition("Accepted", null, "Accepted", "");
        var traffic = new ClusterStatus(new MemberName("aws"), 2, 1, 80)
        {
            Region = "eu", LastObserved = TimeProvider.System.GetUtcNow(), Stale = TimeSpan.FromMinutes(2), Conditions = [condition],
        };
        var key = new ObjectKey("web", "shop");
        await new FederatedIngressStatusWriter(client, TimeProvider.System).WriteAsync(key, new(1, [condition], ["192.0.2.1", "lb.example"], [traffic]), default);
        await new MemberClusterStatusWriter(client, TimeProvider.System).WriteAsync("aws", new(1, [condition], TimeProvider.System.GetUtcNow()), default);
        Assert.Empty(SchemaValidator.Validate(cluster.Get(ResourcePath.FederatedIngresses, key), Schemas()["FederatedIngress"]));
        var member = cluster.Get(ResourcePath.MemberClusters, new ObjectKey("", "aws"))!;
        Assert.NotNull(member["status"]!["lastSync"]);
        Assert.Empty(SchemaValidator.Validate(member, Schemas()["MemberCluster"]));
    }

    [Fact]
    public void Roles_grant_what_is_read_and_nothing_more()
    {
        var granted = Granted("rbac/roles/rbac-roles.yaml");
        foreach (var kind in WatchedKinds.With(nodes: true, federatedIngresses: false, grants: true, pods: true))
            Assert.Superset(new HashSet<string> { $"list {ResourcePath.Of(kind).QualifiedName}", $"watch {ResourcePath.Of(kind).QualifiedName}" }, granted);
        Assert.Equal(
            [
                "create events.events.k8s.io", "create secrets", "get events.events.k8s.io", "get secrets", "patch events.events.k8s.io",
                "patch ingresses/status.networking.k8s.io", "patch secrets",
            ],
            granted.Where(static right => !right.StartsWith("list ", StringComparison.Ordinal) && !right.StartsWith("watch ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        // Who lets certificates be written, or pods be read, says so himself.
        Assert.DoesNotContain(
            DeployFiles.Read("rbac/member/rbac-member.yaml").Where(static item => DeployFiles.Text(item, "kind") is "ClusterRoleBinding" or "RoleBinding"),
            static binding => DeployFiles.Text(binding, "roleRef", "name") is "multicluster-member-certificates" or "multicluster-member-pods");
        var home = Granted("rbac/home/rbac-home.yaml");
        Assert.Contains("watch memberclusters.multicluster-ingress.github.io", home);
        Assert.Contains("patch federatedingresses/status.multicluster-ingress.github.io", home);
        Assert.DoesNotContain(home.Concat(granted), static right => right.Contains('*', StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_examples_name_two_members()
    {
        await using var fixture = await Discovery.DiscoveryFixture.StartAsync(static home => home.Apply(
            TestFiles.Read(Path.Combine(DeployFiles.Folder, "examples/members.yaml")).Replace("certificate-authority-data: REPLACE_ME", "insecure-skip-tls-verify: true", StringComparison.Ordinal)));
        Assert.Equal("aws gcp", fixture.Names);
        Assert.Equal(new EndpointAccess(EndpointMode.LoadBalancer, new EndpointTransport(Tls: true, VerifyTls: true)), fixture.Members["aws"].Access);
        Assert.Equal(["web", "shop"], fixture.Members["gcp"].Namespaces);
    }

    private static Dictionary<string, JsonObject> Schemas() => DeployFiles.Read("crds/crds.yaml").ToDictionary(
        static definition => DeployFiles.Text(definition, "spec", "names", "kind"),
        static definition => definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject(),
        StringComparer.Ordinal);

    private static HashSet<string> Granted(string file) =>
    [
        .. from role in DeployFiles.Read(file)
        where DeployFiles.Text(role, "kind") is "ClusterRole" or "Role"
        from right in Manifests.Granted(role)
        select right,
    ];

    private static IEnumerable<string> Words(JsonNode? schema) => schema!["enum"]!.AsArray().Select(static word => word!.GetValue<string>());

    private static IEnumerable<string> Rules(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(static field => field.Key == "x-kubernetes-validations"
            ? field.Value!.AsArray().Select(static rule => rule!["rule"]!.GetValue<string>())
            : Rules(field.Value)),
        JsonArray items => items.SelectMany(Rules),
        _ => [],
    };
}
