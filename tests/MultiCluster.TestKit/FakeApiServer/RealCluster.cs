using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>A real API server, written to by server-side apply. What a test has applied is deleted when it ends.</summary>
public sealed class RealCluster : ITestCluster
{
    /// <summary>Paths of kubeconfig files, separated like PATH.</summary>
    public const string Variable = "MULTICLUSTER_TEST_KUBECONFIGS";

    private static readonly ResourcePath[] Known =
    [
        .. ResourcePath.Watched, ResourcePath.Namespaces, ResourcePath.Leases, ResourcePath.FederatedIngresses, ResourcePath.MemberClusters,
    ];

    private const string FieldManager = "multicluster-test";

    private readonly KubernetesClient _client;
    private readonly HashSet<(ResourcePath Resource, ObjectKey Key)> _applied = [];

    private RealCluster(string kubeConfigPath, KubeConfig config)
    {
        KubeConfigPath = kubeConfigPath;
        Name = Path.GetFileNameWithoutExtension(kubeConfigPath);
        _client = new KubernetesClient(config, TimeProvider.System);
    }

    public string Name { get; }

    public string KubeConfigPath { get; }

    /// <summary>Empty when none are given.</summary>
    public static IReadOnlyList<string> KubeConfigs =>
        Environment.GetEnvironmentVariable(Variable)?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static RealCluster Connect(string kubeConfigPath)
    {
        var loaded = KubeConfig.Load(kubeConfigPath);
        return new RealCluster(kubeConfigPath, loaded.Config ?? throw new InvalidOperationException(loaded.Error));
    }

    public async Task ApplyAsync(string manifests, CancellationToken cancellationToken = default)
    {
        foreach (var item in Manifests.Read(manifests))
        {
            if (PathOf(item) is { } resource)
                await ApplyAsync(resource, item, cancellationToken);
        }
    }

    public async Task<bool> DeleteAsync(ResourcePath resource, ObjectKey key, CancellationToken cancellationToken = default)
    {
        var result = await _client.DeleteAsync(resource, key, cancellationToken);
        _applied.Remove((resource, key));
        return result.Succeeded || (result.Error.Code == 404 ? false : throw Failed("delete", resource, key, result.Error));
    }

    public async Task PatchStatusAsync(ResourcePath resource, ObjectKey key, string json, CancellationToken cancellationToken = default)
    {
        var patch = Responses.Bytes(new JsonObject { ["status"] = JsonNode.Parse(json) });
        var result = await _client.MergePatchAsync(resource, key, "status", patch, cancellationToken);
        if (!result.Succeeded)
            throw Failed("patch the status of", resource, key, result.Error);
    }

    public async Task<JsonNode?> GetAsync(ResourcePath resource, ObjectKey key, CancellationToken cancellationToken = default)
    {
        var result = await _client.GetAsync(resource, key, cancellationToken);
        if (result.Succeeded)
            return JsonNode.Parse(result.Value);
        return result.Error.Code == 404 ? null : throw Failed("get", resource, key, result.Error);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (resource, key) in _applied.ToList())
            await DeleteAsync(resource, key);
        _client.Dispose();
    }

    private async Task ApplyAsync(ResourcePath resource, JsonObject item, CancellationToken cancellationToken)
    {
        var meta = item["metadata"]!.AsObject();
        var space = !resource.Namespaced ? "" : Manifests.Text(meta, "namespace") is { Length: > 0 } given ? given : "default";
        var key = new ObjectKey(space, Manifests.Text(meta, "name"));
        if (resource.Namespaced)
            meta["namespace"] = space;
        if (resource.Namespaced && space != "default")
            await ApplyNamespaceAsync(space, cancellationToken);
        var result = await _client.ApplyAsync(resource, key, Responses.Bytes(item), FieldManager, cancellationToken);
        if (!result.Succeeded)
            throw Failed("apply", resource, key, result.Error);
        _applied.Add((resource, key));
    }

    private async Task ApplyNamespaceAsync(string name, CancellationToken cancellationToken)
    {
        var json = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };
        var key = new ObjectKey("", name);
        var result = await _client.ApplyAsync(ResourcePath.Namespaces, key, Responses.Bytes(json), FieldManager, cancellationToken);
        if (!result.Succeeded)
            throw Failed("apply", ResourcePath.Namespaces, key, result.Error);
    }

    private static ResourcePath? PathOf(JsonObject item)
    {
        var (apiVersion, kind) = (Manifests.Text(item, "apiVersion"), Manifests.Text(item, "kind"));
        return Known.FirstOrDefault(r => r.ApiVersion == apiVersion && r.Kind == kind);
    }

    private static InvalidOperationException Failed(string verb, ResourcePath resource, ObjectKey key, ApiError error) =>
        new($"can't {verb} {resource.Kind} {key}: {error}");
}
