using System.Globalization;
using MultiCluster.Actors;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster;

/// <summary>
/// One node: a daemon that holds the lease, a region that runs shards, and a replica of the table, in an actor system that is the
/// caller's. They start when this does.
/// </summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(5);

    private readonly ActorSystem _system;

    private ClusterNode(ActorSystem system, IActorRef daemon, IActorRef table, IActorRef region, WriteGate gate, ClusterLinks links)
    {
        _system = system;
        Daemon = daemon;
        Table = table;
        Region = region;
        Gate = gate;
        Links = links;
    }

    /// <summary>Takes <see cref="ClusterProtocol"/>.</summary>
    public IActorRef Daemon { get; }

    /// <summary>Takes <see cref="TableProtocol"/>.</summary>
    public IActorRef Table { get; }

    /// <summary>Takes <see cref="ShardingProtocol"/>.</summary>
    public IActorRef Region { get; }

    public WriteGate Gate { get; }

    public ClusterLinks Links { get; }

    /// <exception cref="ArgumentException">An option is wrong; the message names it and the fix.</exception>
    public static ClusterNode Start(ActorSystem system, ClusterOptions options, ClusterServices services) =>
        Start(system.ActorOf, system, options, services);

    /// <param name="actorOf">Makes the three actors. They have one fate: when one of them fails, whoever supervises them starts a new node.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names it and the fix.</exception>
    public static ClusterNode Start(Func<Props, string, IActorRef> actorOf, ActorSystem system, ClusterOptions options, ClusterServices services)
    {
        if (options.Fault() is { } fault)
            throw new ArgumentException(fault, nameof(options));
        var time = system.TimeProvider;
        var began = time.GetTimestamp();
        var logger = services.LoggerFactory.CreateLogger("MultiCluster.Cluster");
        var links = new ClusterLinks(services.Transport, options.Faults);
        var gate = new WriteGate(time);
        var starts = 0L;
        TimeSpan Elapsed() => time.GetElapsedTime(began);
        string NewIncarnation()
        {
            lock (services)
                return services.Random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        }
        double Jitter()
        {
            lock (services)
                return services.Random.NextDouble();
        }
        var daemon = Create(actorOf, "cluster", Props.Create(() => new ClusterDaemon(
            new DaemonSettings(options, services.Leases, links, gate, Elapsed, NewIncarnation, logger))));
        var table = Create(actorOf, "table", Props.Create(() => new TableReplicator(
            new ReplicatorSettings(options, links, daemon, Elapsed, Jitter, logger))));
        var region = Create(actorOf, "sharding", Props.Create(() => new ShardRegion(
            new RegionSettings(
                options, links, daemon, table, services.Entities, services.Journal, gate, services.Observer, Elapsed, () => Interlocked.Increment(ref starts), logger))));
        links.Start();
        return new ClusterNode(system, daemon, table, region, gate, links);
    }

    /// <summary>Gives all shards away and leaves; the node takes part no more, but goes on routing messages until it is disposed.</summary>
    /// <exception cref="TimeoutException">Not within the deadline. Others take its shards over when its lease has ended.</exception>
    public async Task LeaveAsync(TimeSpan deadline) => await Daemon.AskAsync<ClusterProtocol.Left>(new ClusterProtocol.Leave(), deadline);

    /// <summary><see cref="IEntityFactory.Sources"/> answers differently from now on.</summary>
    public void SourcesChanged() => Region.Tell(ShardingProtocol.SourcesChanged.Instance);

    public async ValueTask DisposeAsync()
    {
        await _system.StopAsync(Region, StopDeadline);
        await _system.StopAsync(Table, StopDeadline);
        await _system.StopAsync(Daemon, StopDeadline);
    }

    private static IActorRef Create(Func<Props, string, IActorRef> actorOf, string name, Props props) => actorOf(
        props
            .WithMailbox(new MailboxOptions { Capacity = int.MaxValue })
            .WithSupervisor(new OneForOneStrategy(maxRestarts: OneForOneStrategy.Unlimited)),
        name);
}
