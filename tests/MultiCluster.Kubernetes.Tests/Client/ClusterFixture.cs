using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Kubernetes.Tests.Client;

/// <summary>A fake API server and a member that reads it.</summary>
internal sealed class ClusterFixture : IAsyncDisposable
{
    private static readonly ReflectorOptions Fast = new()
    {
        BackoffBase = TimeSpan.FromMilliseconds(5),
        BackoffCap = TimeSpan.FromMilliseconds(50),
    };

    private readonly KubernetesClient _client;
    private readonly RunningSource _running;

    private ClusterFixture(FakeCluster cluster, KubernetesClient client, RunningSource running)
    {
        Cluster = cluster;
        _client = client;
        _running = running;
    }

    public FakeCluster Cluster { get; }

    public ApiServerMember Member => (ApiServerMember)_running.Source;

    public RecordingSink Sink => _running.Sink;

    public static async Task<ClusterFixture> StartAsync(
        FakeClusterOptions? options = null, Action<FakeCluster>? prepare = null, string[]? namespaces = null, ReflectorOptions? reflector = null, TimeProvider? time = null,
        IReadOnlyList<ResourceKind>? kinds = null)
    {
        var cluster = await FakeCluster.StartAsync(options);
        prepare?.Invoke(cluster);
        var client = new KubernetesClient(Load(cluster.KubeConfigPath), TimeProvider.System);
        var member = new ApiServerMember(
            new MemberName("aws"), client, namespaces ?? [], reflector ?? Fast, time ?? TimeProvider.System, NullLogger<ApiServerMember>.Instance)
        {
            Kinds = kinds ?? WatchedKinds.Always,
        };
        return new ClusterFixture(cluster, client, new RunningSource(member));
    }

    public static KubeConfig Load(string path)
    {
        var loaded = KubeConfig.Load(path);
        Assert.Null(loaded.Error);
        return loaded.Config!;
    }

    /// <summary>Waits until Services are listed and watched.</summary>
    public async Task<ClusterFixture> WatchingAsync()
    {
        await Sink.ListedAsync(ResourceKind.Service);
        await Sink.ConnectedAsync(ResourceKind.Service);
        return this;
    }

    /// <summary>Waits until what a consumer knows of a kind fits.</summary>
    public async Task EventuallyAsync(ResourceKind kind, Func<IReadOnlyDictionary<ObjectKey, Resource>, bool> fits, string what)
    {
        while (!fits(Sink.Known(kind)))
            await Sink.NextAsync<Model.Members.MemberEvent>(what);
    }

    /// <summary>Waits until a kind has been connected, however long ago and whatever came since.</summary>
    public async Task ConnectedOnceAsync(ResourceKind kind)
    {
        while (!Sink.Events.Any(e => e is Model.Members.MemberEvent.Connected connected && connected.Kind == kind))
            await Sink.NextAsync<Model.Members.MemberEvent>($"Connected({kind})");
    }

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        _client.Dispose();
        await Cluster.DisposeAsync();
    }

    public static string Service(string name, int port = 80, string space = "default") => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: {{space}}}
        spec: {ports: [{name: http, port: {{port}}}]}
        ---

        """;

    public static string Services(int count, string space = "default") =>
        string.Concat(Enumerable.Range(0, count).Select(i => Service($"s{i:0000}", space: space)));
}
