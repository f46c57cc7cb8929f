using System.Globalization;
using Microsoft.Extensions.Logging;
using MultiCluster.Controller.Leases;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.Tests.Contract;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Controller.Tests.Leases;

/// <summary>One namespace of a fake or a real cluster, and in it the leases of one cluster's name.</summary>
internal sealed class LeaseSite(ITestCluster cluster, string clusterName) : ILeaseSite
{
    public const string Space = "multicluster-test";

    private readonly Complaints _complaints = new();

    public ITestCluster Cluster => cluster;

    /// <summary>What the stores have logged.</summary>
    public IReadOnlyList<string> Logged => _complaints.Lines;

    public static async Task<LeaseSite> OnFakeAsync(string clusterName = "test") => new(await FakeCluster.StartAsync(), clusterName);

    /// <summary>A name of its own, so that what an earlier run has left is of another cluster.</summary>
    public static async Task<LeaseSite> OnRealAsync(string kubeConfig)
    {
        var cluster = RealCluster.Connect(kubeConfig);

        // Brings the namespace about.
        await cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: {name: leases, namespace: {{Space}}}
            spec: {ports: [{port: 80}]}
            """);
        return new LeaseSite(cluster, string.Create(CultureInfo.InvariantCulture, $"test-{Guid.NewGuid():N}"));
    }

    public KubernetesLeaseStore OpenStore(TimeProvider? time = null, TimeSpan? timeout = null, int maxParallelWrites = 8)
    {
        var options = new KubernetesLeaseOptions
        {
            ClusterName = clusterName,
            KubeConfig = cluster.KubeConfigPath,
            Namespace = Space,
            Timeout = timeout ?? TimeSpan.FromSeconds(30),
            MaxParallelWrites = maxParallelWrites,
        };
        var (store, error) = KubernetesLeaseStore.Open(options, time ?? TimeProvider.System, _complaints);
        Assert.Null(error);
        return store!;
    }

    public Task<ILeaseProcess> OpenAsync() => Task.FromResult<ILeaseProcess>(new Process(OpenStore()));

    /// <param name="name">Behind the cluster's name.</param>
    public ObjectKey Object(string name) => new(Space, $"{clusterName}.{name}");

    public async ValueTask DisposeAsync()
    {
        if (cluster is RealCluster)
        {
            using var store = OpenStore();
            var left = await store.ReadAllAsync(default);
            await store.WriteAsync([.. left.Select(static record => new LeaseWrite(record.Key, null, record.Version))], default);
        }

        await cluster.DisposeAsync();
    }

    private sealed class Process(KubernetesLeaseStore store) : ILeaseProcess
    {
        public ILeaseStore Leases => store;

        public ValueTask DisposeAsync()
        {
            store.Dispose();
            return default;
        }
    }

    private sealed class Complaints : ILogger<KubernetesLeaseStore>
    {
        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lock)
                    return [.. _lines];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lock)
                _lines.Add(formatter(state, exception));
        }
    }
}
