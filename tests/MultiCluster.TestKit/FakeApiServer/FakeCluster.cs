using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>
/// An API server in memory on a loopback port, faithful in what a client of lists, watches and status writes can meet, and
/// faulty on command (<see cref="Faults"/>). Namespaces need not exist.
/// </summary>
public sealed partial class FakeCluster : ITestCluster
{
    private static readonly ResourcePath[] BuiltIn =
        [.. ResourcePath.Watched, ResourcePath.Namespaces, ResourcePath.Leases, ResourcePath.Nodes, ResourcePath.Events, ResourcePath.ConfigMaps, ResourcePath.Pods];

    private static readonly ResourcePath[] Custom = [ResourcePath.FederatedIngresses, ResourcePath.MemberClusters, ResourcePath.ReferenceGrants];

    private readonly FakeClusterOptions _options;
    private readonly Revision _revision = new();
    private readonly Dictionary<ResourcePath, ObjectStore> _stores;
    private readonly ConcurrentDictionary<string, bool> _otherTokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _usedTokens = new(StringComparer.Ordinal);
    private readonly ObjectWriter _writer;
    private readonly FakeServer _server;
    private readonly ITimer _bookmarks;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _accepted = new();
    private volatile IReadOnlyCollection<ResourcePath> _served;
    private readonly string _folder = Directory.CreateTempSubdirectory("fake-cluster-").FullName;

    private FakeCluster(FakeClusterOptions options)
    {
        _options = options;
        _stores = BuiltIn.Concat(Custom).Concat(options.ExtraResources)
            .ToDictionary(static r => r, r => new ObjectStore(r, _revision, options.History));
        _served = options.HasCustomResources ? [.. _stores.Keys] : [.. _stores.Keys.Except(Custom)];
        _writer = new ObjectWriter(options.Time);
        _server = new FakeServer(this, options);
        _bookmarks = options.Time.CreateTimer(_ => SendBookmarks(), null, options.BookmarkInterval, options.BookmarkInterval);
    }

    public string Name => _options.Name;

    public string KubeConfigPath => Path.Combine(_folder, "kubeconfig");

    public Uri Address => _server.Address;

    /// <summary>The bearer token that is asked for with <see cref="FakeAuthentication.Token"/>; may be changed at any time.</summary>
    public string Token { get; set; } = "token-of-the-fake";

    public FaultInjector Faults { get; } = new();

    public FakeAccess Access { get; } = new();

    /// <summary>Called for each event and watcher right after its bytes were flushed; must be quick.</summary>
    public Action<EventWritten>? EventWritten { get; set; }

    /// <summary>Each request so far, as "GET /path?query".</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>The forms that answers were asked for in, as "/path form".</summary>
    public IReadOnlyCollection<string> Accepted => _accepted;

    /// <summary>Of the last request: HTTP/1.1 or HTTP/2.</summary>
    public string LastProtocol { get; private set; } = "";

    public long ResourceVersion => _revision.Current;

    internal CancellationToken Stopping => _server.Stopping;

    internal IReadOnlyCollection<ResourcePath> Resources => _served;

    public static async Task<FakeCluster> StartAsync(FakeClusterOptions? options = null)
    {
        var cluster = new FakeCluster(options ?? new FakeClusterOptions());
        await cluster._server.StartAsync();
        cluster.WriteKubeConfig(cluster.KubeConfigPath);
        return cluster;
    }

    /// <summary>Creates or changes every object of a YAML or JSON text; kinds that aren't served here are passed over.</summary>
    public void Apply(string manifests)
    {
        foreach (var item in Manifests.Read(manifests))
            Apply(item);
    }

    /// <returns>The object's resource version; 0 for a kind that isn't served here.</returns>
    public long Apply(JsonNode manifest)
    {
        var (apiVersion, kind) = (Manifests.Text(manifest, "apiVersion"), Manifests.Text(manifest, "kind"));
        var store = _stores.Values.FirstOrDefault(s => _served.Contains(s.Resource) && s.Resource.ApiVersion == apiVersion && s.Resource.Kind == kind);
        return store is null ? 0 : _writer.Replace(store, KeyOf(store.Resource, manifest), manifest.AsObject())!.ResourceVersion;
    }

    /// <summary>Stores bytes as they are, for benchmarks.</summary>
    /// <param name="json">With apiVersion, kind and metadata with name and namespace, without resourceVersion.</param>
    public long ApplyRaw(ResourcePath resource, ObjectKey key, ReadOnlyMemory<byte> json) =>
        _writer.Raw(_stores[resource], key, json.Span).ResourceVersion;

    public bool Delete(ResourcePath resource, ObjectKey key) => ObjectWriter.Delete(_stores[resource], key, static _ => null) is (not null, null);

    /// <summary>As controllers of a cluster do it: nodes become ready, load balancers get addresses.</summary>
    /// <param name="json">A merge patch of the status.</param>
    public void PatchStatus(ResourcePath resource, ObjectKey key, string json) => _writer.Merge(
        _stores[resource], key, new JsonObject { ["status"] = JsonNode.Parse(json) }, "status", static _ => null);

    public JsonNode? Get(ResourcePath resource, ObjectKey key) => _stores[resource].Find(key)?.ToNode();

    /// <summary>Every object of a kind.</summary>
    public List<JsonNode> All(ResourcePath resource) => [.. _stores[resource].Snapshot().Objects.Values.Select(static stored => stored.ToNode())];

    // Explicit: nothing here waits, so whoever knows that this is the fake calls the methods above.
    Task ITestCluster.ApplyAsync(string manifests, CancellationToken cancellationToken)
    {
        Apply(manifests);
        return Task.CompletedTask;
    }

    Task<bool> ITestCluster.DeleteAsync(ResourcePath resource, ObjectKey key, CancellationToken cancellationToken) =>
        Task.FromResult(Delete(resource, key));

    Task ITestCluster.PatchStatusAsync(ResourcePath resource, ObjectKey key, string json, CancellationToken cancellationToken)
    {
        PatchStatus(resource, key, json);
        return Task.CompletedTask;
    }

    Task<JsonNode?> ITestCluster.GetAsync(ResourcePath resource, ObjectKey key, CancellationToken cancellationToken) =>
        Task.FromResult(Get(resource, key));

    /// <summary>Ends when as many watches of the resource are open.</summary>
    public Task WhenWatchersAsync(ResourcePath resource, int count, CancellationToken cancellationToken) =>
        _stores[resource].WhenWatchersAsync(open => open == count, cancellationToken);

    /// <summary>Ends when each kind that a member is read for is watched.</summary>
    public Task WhenWatchedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(ResourcePath.Watched.Select(r => _stores[r].WhenWatchersAsync(static open => open > 0, cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        await _bookmarks.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal ObjectStore StoreOf(ResourcePath resource) => _stores[resource];

    internal ObjectWriter Writer => _writer;

    internal void Record(string request, string protocol, string accepted)
    {
        _accepted.Enqueue(accepted);
        _requests.Enqueue(request);
        LastProtocol = protocol;
    }

    private static ObjectKey KeyOf(ResourcePath resource, JsonNode manifest)
    {
        var meta = manifest["metadata"];
        var space = Manifests.Text(meta, "namespace");
        return new ObjectKey(!resource.Namespaced ? "" : space.Length == 0 ? "default" : space, Manifests.Text(meta, "name"));
    }

    private JsonObject BookmarkObject(ResourcePath resource) => new()
    {
        ["kind"] = resource.Kind,
        ["apiVersion"] = resource.ApiVersion,
        ["metadata"] = new JsonObject
        {
            ["resourceVersion"] = _revision.Current.ToString(CultureInfo.InvariantCulture),
            ["creationTimestamp"] = null,
        },
    };
}
