using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Cluster.Transport.Http2.Server;
using MultiCluster.Cluster.Transport.Http2.Tls;
using MultiCluster.Controller;
using MultiCluster.Controller.Leases;
using MultiCluster.Controller.Sessions.Http2;
using MultiCluster.Controller.Storage;
using MultiCluster.Controller.Wire;
using MultiCluster.Controller.Wire.Storage;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.Host.Configuration;
using MultiCluster.Persistence;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.PostgreSql;
using MultiCluster.Persistence.Sqlite;
using MultiCluster.Persistence.Writing;
using HostOptions = MultiCluster.Host.Configuration.HostOptions;

namespace MultiCluster.Host.Nodes;

/// <summary>What a controller has besides its actors: its folder, the database, and connections with peers.</summary>
internal sealed class NodeParts : IAsyncDisposable
{
    private static readonly TimeSpan CompactionInterval = TimeSpan.FromHours(1);

    private readonly NodeOptions _options;
    private readonly NodeDirectory _directory;
    private readonly IDatabase? _database;
    private readonly TransportOptions? _transport;
    private readonly Http2ClusterTransport? _links;
    private readonly CancellationTokenSource _stopping;
    private readonly Task _retention;
    private PeerServer? _server;

    private NodeParts(
        NodeOptions options, NodeDirectory directory, IDatabase? database, TransportOptions? transport, Http2ClusterTransport? links, ClusterSetup setup, Task? retention, CancellationTokenSource stopping)
    {
        _options = options;
        _directory = directory;
        _database = database;
        _transport = transport;
        _links = links;
        _stopping = stopping;
        _retention = retention ?? Task.CompletedTask;
        Setup = setup;
    }

    public ClusterSetup Setup { get; }

    public static Outcome<NodeParts> Open(HostOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var node = options.Node;
        var opened = NodeDirectory.Open(node.StateDirectory);
        if (!opened.IsOk)
            return new Failure(opened.Error);
        var directory = opened.Value;
        var parts = Compose(options, directory, time, loggers);
        if (!parts.IsOk)
            directory.Dispose();
        return parts;
    }

    /// <summary>From now on peers and proxies can connect.</summary>
    /// <param name="control">Takes the proxies' connections.</param>
    /// <returns>What keeps them from it; null when all is well.</returns>
    public async Task<string?> ListenAsync(IActorRef control, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (_links is null || _transport is null)
            return null;
        var sessions = new PeerStreamOptions
        {
            Transport = _transport,
            Serves = PeerRole.Proxy,
            Self = () => _links.State.Self is { Name: not null } self ? new PeerIdentity(_options.Cluster, PeerRole.Node, self.Name, self.Incarnation) : null,
            Time = time,
            LoggerFactory = loggers,
        };
        (_server, var error) = await PeerServer.StartAsync(
            _options.Listen!,
            _transport,
            endpoints =>
            {
                endpoints.MapClusterTransport(_links);
                endpoints.MapProxySessions(sessions, control);
            },
            loggers,
            cancellationToken);
        return error is null ? null : $"cluster.listen: {error}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_links is not null)
            await _links.DisposeAsync();
        await _stopping.CancelAsync();
        await _retention.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        (Setup.Leases as IDisposable)?.Dispose();
        if (_database is not null)
            await _database.DisposeAsync();
        _directory.Dispose();
    }

    private static Outcome<NodeParts> Compose(HostOptions options, NodeDirectory directory, TimeProvider time, ILoggerFactory loggers)
    {
        var node = options.Node;
        var (transport, links, problem) = Transport(node, time, loggers);
        if (problem is not null)
            return new Failure(problem);
        var keys = options.Persistence.Store == StoreKind.None ? SnapshotKeys.None : SnapshotKeyFile.LoadOrCreate(options.Persistence.KeyFile);
        if (!keys.IsOk)
            return new Failure($"persistence.key-file: {keys.Error}");
        var (leases, fault) = Leases(node, time, loggers);
        if (fault is not null)
            return new Failure(fault);
        var database = Database(options.Persistence, time);
        var store = database is null ? null : new EntityStore(database, new StoredForm(new SnapshotCodec(keys.Value)), new WriteBehindOptions(), time, loggers);
        var cluster = new ClusterOptions
        {
            ClusterName = node.Cluster,
            NodeName = node.Name,
            Address = node.Advertise ?? node.Listen ?? "",
            Home = directory.Id,
            Shards = node.Shards,
            LeaseTtl = node.LeaseTtl,
        };
        var alone = ClusterSetup.Alone();
        var setup = new ClusterSetup(cluster, leases ?? database?.Leases ?? alone.Leases, links ?? alone.Transport, store);
        var stopping = new CancellationTokenSource();
        var retention = database is null ? null : new Retention(
            database.Journal, new RetentionOptions(options.Persistence.History, CompactionInterval), time, loggers.CreateLogger<Retention>()).RunAsync(stopping.Token);
        return new NodeParts(node, directory, database, transport, links, setup, retention, stopping);
    }

    private static (TransportOptions? Options, Http2ClusterTransport? Links, string? Problem) Transport(NodeOptions node, TimeProvider time, ILoggerFactory loggers)
    {
        if (node.Listen is null)
            return default;
        var (tls, error) = node.Tls is { } files ? TransportTls.Load(files, time, loggers) : default;
        if (error is not null)
            return (null, null, $"cluster.tls: {error}");
        var options = new TransportOptions { ClusterName = node.Cluster, Tls = tls };
        return (options, new Http2ClusterTransport(options, new PayloadCodec(), time, loggers), null);
    }

    private static IDatabase? Database(PersistenceOptions options, TimeProvider time) => options.Store switch
    {
        StoreKind.Sqlite => new SqliteDatabase(new SqliteOptions(options.File), time),
        StoreKind.PostgreSql => new PostgreSqlDatabase(new PostgreSqlOptions(options.Connection!), time),
        _ => null,
    };

    /// <returns>None: those of the database.</returns>
    private static (ILeaseStore? Leases, string? Problem) Leases(NodeOptions node, TimeProvider time, ILoggerFactory loggers)
    {
        if (node.Leases == LeaseKind.Sql)
            return default;
        var options = new KubernetesLeaseOptions
        {
            ClusterName = node.Cluster,
            KubeConfig = node.Kubernetes.KubeConfig,
            Context = node.Kubernetes.Context,
            Namespace = node.Kubernetes.Namespace,
            LeaseTtl = node.LeaseTtl,
        };
        var (store, error) = KubernetesLeaseStore.Open(options, time, loggers.CreateLogger<KubernetesLeaseStore>());
        return (store, error is null ? null : $"cluster.leases: {error}");
    }
}
