using System.Text;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Yaml;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>A member behind an API server, ours or a real one, with what the configuration says of it; it remembers what to clear away.</summary>
internal sealed class FederatedMember(string name, ITestCluster cluster, string settings = "") : IMemberDriver
{
    private static readonly ResourcePath FederatedIngresses =
        new("multicluster-ingress.github.io", "v1alpha1", "federatedingresses", "FederatedIngress", Namespaced: true);

    private readonly HashSet<(ResourcePath Resource, ObjectKey Key)> _applied = [];

    public string Name => name;

    /// <summary>The API server that faults are done to.</summary>
    public FakeCluster Cluster => (FakeCluster)cluster;

    /// <summary>Lines of its block in the configuration, beside where it is read from.</summary>
    public string Settings { get; set; } = settings;

    /// <summary>Null for that of the cluster.</summary>
    public string? KubeConfigPath { get; init; }

    public string Configuration => $$"""
        {{name}} {
            kubeconfig = "{{KubeConfigPath ?? cluster.KubeConfigPath}}"
            {{Settings}}
          }
        """;

    /// <summary>Kinds in the order in which they can go without a request meeting half of them.</summary>
    private static IEnumerable<ResourcePath> Kinds =>
        [FederatedIngresses, ResourcePath.Ingresses, ResourcePath.Secrets, ResourcePath.EndpointSlices, ResourcePath.Services, ResourcePath.IngressClasses, ResourcePath.Nodes, ResourcePath.ConfigMaps, ResourcePath.ReferenceGrants, ResourcePath.Pods];

    public static async Task<FederatedMember> StartAsync(string name, string settings = "", FakeClusterOptions? options = null) =>
        new(name, await FakeCluster.StartAsync((options ?? new FakeClusterOptions()) with { Name = name }), settings);

    public async Task ApplyAsync(string manifests)
    {
        foreach (var document in manifests.Split("---\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var (node, resource, key) = Read(document);
            await cluster.ApplyAsync(document);
            // What is applied has no say in the status of an object that is there.
            if (node["status"] is { } status)
                await cluster.PatchStatusAsync(resource, key, status.ToJsonString());
            _applied.Add((resource, key));
        }
    }

    /// <param name="manifest">Of one object.</param>
    public Task DeleteAsync(string manifest)
    {
        var (_, resource, key) = Read(manifest);
        return DeleteAsync(resource, key.Namespace, key.Name);
    }

    public async Task DeleteAsync(ResourcePath resource, string ns, string name)
    {
        Assert.True(await cluster.DeleteAsync(resource, new ObjectKey(ns, name)), $"no {resource.Kind} {ns}/{name} to delete");
        _applied.Remove((resource, new ObjectKey(ns, name)));
    }

    /// <summary>One object after the other, as the namespace controller does it.</summary>
    public async Task DeleteNamespaceAsync(string ns)
    {
        foreach (var (resource, key) in Enumerable.Reverse(InOrder(_applied.Where(item => item.Key.Namespace == ns))))
            await DeleteAsync(resource, key.Namespace, key.Name);
    }

    /// <summary>All that tests have put into namespaces.</summary>
    public async Task ClearAsync()
    {
        foreach (var (resource, key) in InOrder(_applied.Where(static item => item.Key.Namespace.Length > 0)))
        {
            await cluster.DeleteAsync(resource, key);
            _applied.Remove((resource, key));
        }
    }

    public Task<JsonNode?> GetAsync(ResourcePath resource, string ns, string name) => cluster.GetAsync(resource, new ObjectKey(ns, name));

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private static (JsonNode Node, ResourcePath Resource, ObjectKey Key) Read(string document)
    {
        var parsed = ManifestText.Parse(Encoding.UTF8.GetBytes(document));
        Assert.True(parsed.Error is null, $"the test's own manifest is malformed, line {parsed.ErrorLine}: {parsed.Error}\n{document}");
        var node = JsonNode.Parse(parsed.Documents.Single().Json.Span)!;
        return (node, Kinds.Single(kind => kind.Kind == (string?)node["kind"]), new ObjectKey((string?)node["metadata"]!["namespace"] ?? "", (string)node["metadata"]!["name"]!));
    }

    private static List<(ResourcePath Resource, ObjectKey Key)> InOrder(IEnumerable<(ResourcePath Resource, ObjectKey Key)> objects)
    {
        var kinds = Kinds.ToList();
        return [.. objects.OrderBy(item => kinds.IndexOf(item.Resource))];
    }
}
