using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.Deploy;

namespace MultiCluster.Kubernetes.Tests.Deploy;

/// <summary>What "kubectl apply -k" would apply, without a server.</summary>
public sealed class KustomizeTests
{
    /// <summary>Directories of deploy/kubernetes.</summary>
    public static TheoryData<string> Rendered => [.. Kustomize.Overlays.Select(static name => $"overlays/{name}"), "monitoring"];

    [Theory]
    [MemberData(nameof(Rendered))]
    public async Task Every_object_fits_the_schema_of_its_kind(string directory)
    {
        var items = await Kustomize.RenderAsync(directory);
        Assert.NotEmpty(items);
        Assert.Equal(items.Count, items.Select(static item => (Manifests.Kind(item), Manifests.Name(item))).Distinct().Count());
        Assert.All(items, static item => Assert.Null(ApiSchema.Problem(item)));
    }

    [Theory]
    [InlineData("StatefulSet", "serviceNam", "\"multicluster\"")]
    [InlineData("StatefulSet", "replicas", "\"three\"")]
    [InlineData("Certificate", "secret", "\"authority\"")]
    [InlineData("Certificate", "isCA", "1")]
    public async Task A_field_that_is_unknown_or_of_another_type_is_found(string kind, string field, string value)
    {
        var item = (await Kustomize.OverlayAsync("home")).OfKind(kind).First();
        item["spec"]![field] = JsonNode.Parse(value);
        Assert.Contains(field, ApiSchema.Problem(item), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("home", "Deployment multicluster-proxy", "StatefulSet multicluster-controller", "LoadBalancer")]
    [InlineData("aws", "Deployment multicluster-proxy", "StatefulSet multicluster-controller", "LoadBalancer")]
    [InlineData("gcp", "Deployment multicluster-proxy", "StatefulSet multicluster-controller", "LoadBalancer")]
    [InlineData("bare-metal", "DaemonSet multicluster-proxy", "StatefulSet multicluster-controller", "ClusterIP")]
    [InlineData("single-cluster", "Deployment multicluster-proxy", null, "LoadBalancer")]
    [InlineData("member", null, null, null)]
    public async Task An_overlay_runs_what_it_is_for(string overlay, string? proxy, string? controller, string? service)
    {
        var items = await Kustomize.OverlayAsync(overlay);
        Assert.Equal(
            new[] { proxy, controller }.OfType<string>().Order(StringComparer.Ordinal),
            items.Workloads().Select(static item => $"{Manifests.Kind(item)} {Manifests.Name(item)}").Order(StringComparer.Ordinal));
        Assert.Equal(service ?? "", items.OfKind("Service").Where(static item => Manifests.Name(item) == "multicluster-proxy").Select(static item => DeployFiles.Text(item, "spec", "type")).FirstOrDefault(""));
        Assert.Equal(controller is null ? 0 : 2, items.OfKind("CustomResourceDefinition").Count());
        Assert.Equal("multicluster-ingress.github.io/controller", DeployFiles.Text(Assert.Single(items.OfKind("IngressClass")), "spec", "controller"));
    }

    [Fact]
    public async Task A_member_grants_what_is_read_and_reported_there_and_no_more() => Assert.Equal(
        [
            .. Watches(WatchedKinds.With(nodes: true, federatedIngresses: false, grants: true)), .. Reports,
        ],
        Manifests.RightsOf(await Kustomize.OverlayAsync("member"), "multicluster-reader"), SetComparer);

    [Fact]
    public async Task A_single_cluster_grants_what_a_member_does_without_nodes() => Assert.Equal(
        [
            .. Watches(WatchedKinds.With(nodes: false, federatedIngresses: false, grants: true)), .. Reports,
        ],
        Manifests.RightsOf(await Kustomize.OverlayAsync("single-cluster"), "multicluster-controller"), SetComparer);

    [Theory]
    [InlineData("home")]
    [InlineData("aws")]
    [InlineData("gcp")]
    [InlineData("bare-metal")]
    public async Task The_home_cluster_grants_policies_members_and_leases_besides(string overlay) => Assert.Equal(
        [
            .. Watches(WatchedKinds.With(nodes: false, federatedIngresses: true, grants: true)), .. Reports,
            .. Verbs(ResourcePath.MemberClusters, "", "list", "watch", "get"), .. Verbs(ResourcePath.FederatedIngresses, "", "get"),
            .. Verbs(ResourcePath.MemberClusters, "/status", "patch"), .. Verbs(ResourcePath.FederatedIngresses, "/status", "patch"),
            .. Verbs(ResourcePath.Secrets, "", "list", "watch").Select(static right => right + " in multicluster"),
            .. Verbs(ResourcePath.Leases, "", "list", "get", "create", "update", "delete").Select(static right => right + " in multicluster"),
        ],
        Manifests.RightsOf(await Kustomize.OverlayAsync(overlay), "multicluster-controller"), SetComparer);

    private static readonly Func<IEnumerable<string>, IEnumerable<string>, bool> SetComparer = static (wanted, granted) =>
    {
        var (left, right) = (wanted.ToHashSet(StringComparer.Ordinal), granted.ToHashSet(StringComparer.Ordinal));
        Assert.Empty(left.Except(right, StringComparer.Ordinal));
        Assert.Empty(right.Except(left, StringComparer.Ordinal));
        return true;
    };

    private static IEnumerable<string> Reports =>
        [.. Verbs(ResourcePath.Ingresses, "/status", "patch"), .. Verbs(ResourcePath.Events, "", "create", "get", "patch")];

    private static IEnumerable<string> Watches(IEnumerable<ResourceKind> kinds) => kinds.SelectMany(static kind => Verbs(ResourcePath.Of(kind), "", "list", "watch"));

    private static IEnumerable<string> Verbs(ResourcePath path, string subresource, params string[] verbs) =>
        verbs.Select(verb => $"{verb} {path.Plural}{subresource}{(path.Group.Length == 0 ? "" : "." + path.Group)}");
}
