using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Client;

/// <summary>Nodes and FederatedIngresses, which are read only on request, and a CustomResourceDefinition that is not there (XT-42).</summary>
public sealed class OptionalKindsTests
{
    private static readonly IReadOnlyList<ResourceKind> All = WatchedKinds.With(nodes: true, federatedIngresses: true, pods: true);

    private static readonly ReflectorOptions Fast = new()
    {
        BackoffBase = TimeSpan.FromMilliseconds(5),
        BackoffCap = TimeSpan.FromMilliseconds(50),
        MissingTypeRetry = TimeSpan.FromMilliseconds(50),
    };

    public static string Federated(string name) => $$$"""
        apiVersion: multicluster-ingress.github.io/v1alpha1
        kind: FederatedIngress
        metadata: {name: {{{name}}}, namespace: web}
        spec: {resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: {{{name}}}}}
        """;

    [Fact]
    public async Task They_are_read_only_where_they_are_asked_for()
    {
        await using var fixture = await ClusterFixture.StartAsync();
        foreach (var kind in WatchedKinds.Always)
            await fixture.ConnectedOnceAsync(kind);
        Assert.DoesNotContain(fixture.Cluster.Requests, static r => r.Contains("/nodes", StringComparison.Ordinal) || r.Contains("federated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nodes_and_federated_ingresses_are_listed_and_watched()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(Federated("a")), kinds: All);
        Assert.Single((await fixture.Sink.ListedAsync(ResourceKind.FederatedIngress)).Items);
        await fixture.ConnectedOnceAsync(ResourceKind.Node);
        fixture.Cluster.Apply("{apiVersion: v1, kind: Node, metadata: {name: n1}}");
        Assert.False((await fixture.Sink.UpsertedAsync<NodeResource>("n1")).TakesTraffic);
        fixture.Cluster.PatchStatus(ResourcePath.Nodes, new ObjectKey("", "n1"), """{"conditions":[{"type":"Ready","status":"True"}]}""");
        await fixture.Sink.UpsertedAsync<NodeResource>("n1", static node => node.TakesTraffic);
    }

    [Fact]
    public async Task Of_pods_the_metadata_alone_is_asked_for()
    {
        const string Pod = "{apiVersion: v1, kind: Pod, metadata: {name: NAME, namespace: web, labels: {group: blue}, annotations: {a: b}}, spec: {containers: []}}";
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(Pod.Replace("NAME", "p1", StringComparison.Ordinal)), kinds: WatchedKinds.With(nodes: false, federatedIngresses: false, pods: true));
        var listed = Assert.Single((await fixture.Sink.ListedAsync(ResourceKind.Pod)).Items);
        await fixture.ConnectedOnceAsync(ResourceKind.Pod);
        fixture.Cluster.Apply(Pod.Replace("NAME", "p2", StringComparison.Ordinal));
        var seen = await fixture.Sink.UpsertedAsync<PodResource>("p2");
        Assert.All([listed, seen], static pod => Assert.Equal(("web", "blue", 0), (pod.Key.Namespace, pod.Meta.Labels.Find("group"), pod.Meta.Annotations.Count)));
        Assert.Equal(
            ["application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"],
            fixture.Cluster.Accepted.Where(static item => item.StartsWith("/api/v1/pods ", StringComparison.Ordinal)).Select(static item => item[13..].Replace("; ", ";", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_type_that_was_never_there_is_empty_and_is_looked_for_again()
    {
        await using var fixture = await ClusterFixture.StartAsync(new FakeClusterOptions { HasCustomResources = false }, kinds: All, reflector: Fast);
        Assert.Empty((await fixture.Sink.ListedAsync(ResourceKind.FederatedIngress)).Items);
        await fixture.Sink.ConnectedAsync(ResourceKind.FederatedIngress);
        Assert.Equal(
            $"CRD federatedingresses.multicluster-ingress.github.io is not installed in {fixture.Cluster.Address}: kubectl apply -k deploy/kubernetes/crds",
            Assert.Single(fixture.Member.Problems).Message);
        fixture.Cluster.InstallCustomResources();
        fixture.Cluster.Apply(Federated("a"));
        await fixture.EventuallyAsync(ResourceKind.FederatedIngress, static known => known.Count == 1, "the FederatedIngress");
        Assert.Empty(fixture.Member.Problems);
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Disconnected);
    }

    [Fact]
    public async Task A_type_that_vanishes_is_a_disconnect_that_changes_nothing()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(Federated("a")), kinds: All, reflector: Fast);
        await fixture.Sink.ConnectedAsync(ResourceKind.FederatedIngress);
        fixture.Cluster.UninstallCustomResources();
        await fixture.Sink.NextAsync<MemberEvent.Disconnected>(
            "Disconnected(FederatedIngress, 404)", static e => e.Kind == ResourceKind.FederatedIngress && e.Reason.StartsWith("404", StringComparison.Ordinal));
        Assert.Single(fixture.Sink.Known(ResourceKind.FederatedIngress));
        fixture.Cluster.InstallCustomResources();
        await fixture.Sink.ConnectedAsync(ResourceKind.FederatedIngress);
        Assert.Single(fixture.Sink.Known(ResourceKind.FederatedIngress));
    }

    [Fact]
    public async Task A_type_that_vanishes_before_it_is_listed_again_is_a_disconnect_too()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(Federated("a")), kinds: All, reflector: Fast);
        await fixture.Sink.ConnectedAsync(ResourceKind.FederatedIngress);
        fixture.Cluster.Faults.Fail(ResourcePath.FederatedIngresses, 404, times: 1, verb: FaultVerb.List);
        fixture.Cluster.SendErrorEvent(ResourcePath.FederatedIngresses, 410);
        await fixture.Sink.DisconnectedAsync(ResourceKind.FederatedIngress);
        await fixture.Sink.ConnectedAsync(ResourceKind.FederatedIngress);
        Assert.All(
            fixture.Sink.Events.OfType<MemberEvent.Listed>().Where(static e => e.Kind == ResourceKind.FederatedIngress), static e => Assert.Single(e.Items));
    }

    [Fact]
    public async Task A_built_in_type_that_is_not_found_is_never_an_empty_list()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Faults.Fail(ResourcePath.Services, 404, times: 2));
        await fixture.Sink.DisconnectedAsync(ResourceKind.Service);
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Listed { Kind: ResourceKind.Service });
        await fixture.Sink.ListedAsync(ResourceKind.Service);
    }

    [Theory]
    [InlineData("list", ResourceKind.Ingress, "grant list and watch on ingresses.networking.k8s.io")]
    [InlineData("watch", ResourceKind.Ingress, "grant list and watch on ingresses.networking.k8s.io")]
    [InlineData("list", ResourceKind.IngressClass, "grant list and watch on ingressclasses.networking.k8s.io")]
    [InlineData("list", ResourceKind.Service, "grant list and watch on services")]
    [InlineData("list", ResourceKind.EndpointSlice, "grant list and watch on endpointslices.discovery.k8s.io")]
    [InlineData("watch", ResourceKind.Secret, "grant list and watch on secrets")]
    [InlineData("list", ResourceKind.Node, "grant list and watch on nodes")]
    [InlineData("watch", ResourceKind.Pod, "grant list and watch on pods")]
    [InlineData("list", ResourceKind.FederatedIngress, "grant list and watch on federatedingresses.multicluster-ingress.github.io")]
    public async Task A_right_that_is_missing_is_named_and_costs_that_kind_only(string verb, ResourceKind kind, string fix)
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: c => c.Access.Deny(verb, ResourcePath.Of(kind)), kinds: All, reflector: Fast);
        Assert.EndsWith(fix, (await fixture.Sink.DisconnectedAsync(kind)).Reason, StringComparison.Ordinal);
        await fixture.ConnectedOnceAsync(kind == ResourceKind.Service ? ResourceKind.Ingress : ResourceKind.Service);
        fixture.Cluster.Access.AllowAll();
        await fixture.ConnectedOnceAsync(kind);
    }

    [Fact]
    public async Task An_etcd_that_was_restored_empty_is_passed_on_for_the_consumer_to_judge()
    {
        await using var fixture = await ClusterFixture.StartAsync(prepare: static c => c.Apply(ClusterFixture.Services(3)), reflector: Fast);
        await fixture.WatchingAsync();
        fixture.Cluster.RestoreEmpty();
        await fixture.Sink.DisconnectedAsync(ResourceKind.Service);
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        fixture.Cluster.SendBookmarks();
        Assert.Empty((await fixture.Sink.ListedAsync(ResourceKind.Service)).Items);
        Assert.DoesNotContain(fixture.Sink.Events, static e => e is MemberEvent.Deleted);
    }
}
