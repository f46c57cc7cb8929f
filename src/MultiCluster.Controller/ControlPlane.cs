using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Acme;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Metrics;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Storage;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller;

/// <param name="Ends">Who takes what the table says to proxies, by name of the actor.</param>
/// <param name="Status">Null when no status is written.</param>
public sealed record ControlPlaneSettings(
    MemberRegistry Members,
    ClassOptions Classes,
    TimeSpan MemberTimeout,
    IHostResolver Resolver,
    ClusterSetup Cluster,
    IActorRef? Status,
    ImmutableSortedDictionary<string, Func<ControlPlane.Core, Props>> Ends,
    ILoggerFactory Loggers)
{
    public EndpointOptions Endpoints { get; init; } = EndpointOptions.Default;

    public ImmutableArray<IMemberFeed> Feeds { get; init; } = [];

    public MemberTimes Times { get; init; } = new();

    /// <summary>Null where nobody is told.</summary>
    public Reporters? Reporters { get; init; }

    /// <summary>Null where nobody reads any.</summary>
    public ControllerMetrics? Metrics { get; init; }

    public FederationMode Mode { get; init; }

    /// <summary>What the configuration says for all Ingresses.</summary>
    public IngressDefaults Defaults { get; init; } = IngressDefaults.None;

    /// <summary>Null where no certificates are got.</summary>
    internal AcmeParts? Acme { get; init; }
}

/// <summary>
/// This node's part of the cluster: watchers tell entities through shards, entities the replicated table, this node's replica the route
/// table, which arbitrates, and that one the proxies. Membership, shards and replica have one fate: what they know of each other was
/// told once, so when one fails all start anew, as a new run of the node. Entities and watchers restart in their shards, and the ends
/// here, each alone.
/// </summary>
public sealed partial class ControlPlane(ControlPlaneSettings settings) : Actor
{
    private static readonly OneForOneStrategy OneFate = new(static _ => Directive.Escalate);
    private static readonly OneForOneStrategy KeepTrying = new(maxRestarts: OneForOneStrategy.Unlimited);
    private static readonly MailboxOptions Unbounded = new() { Capacity = int.MaxValue };

    /// <summary>What a start that takes longer has published is written down meanwhile.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);

    private IActorRef? _ends;

    public static Props Props(ControlPlaneSettings settings) =>
        Actors.Props.Create(() => new ControlPlane(settings)).WithSupervisor(OneFate).WithMailbox(Unbounded);

    protected override ValueTask PreStartAsync()
    {
        var cluster = settings.Cluster;
        var replica = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = cluster.Store;
        store?.Hold(LongestHold);
        var routing = new RouteTableSettings(
            AtStart(), settings.MemberTimeout, replica.Task, settings.Loggers.CreateLogger<RouteTable>())
        {
            Metrics = settings.Metrics,
            // HAProxy's start needs the processors, too; it releases the store when it is over.
            Ready = settings.Ends.ContainsKey(ControllerSystem.LocalProxy) ? static () => { } : () => store?.Release(),
        };
        var table = Context.ActorOf(Actors.Props.Create(() => new RouteTable(routing)).WithMailbox(Unbounded), "route-table");
        var joined = new TaskCompletionSource<ClusterNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var directory = Context.ActorOf(Directory(joined.Task, table), "members");
        var shared = new EntityContext(new CertificateCache(), settings.Resolver, store ?? (IEntityStore)NoStore.Instance, table, settings.Status)
        {
            Endpoints = settings.Endpoints,
            Mode = settings.Mode,
            Defaults = settings.Defaults,
            Acme = settings.Acme,
            Reporters = settings.Reporters,
        };
        var node = ClusterNode.Start(Context.ActorOf, Context.System, cluster.Options, new ClusterServices
        {
            Leases = cluster.Leases,
            Transport = cluster.Transport,
            Journal = store ?? (IShardJournal)NoStore.Instance,
            Entities = Entities(shared, table),
            LoggerFactory = settings.Loggers,
        });
        store?.Obey(node.Gate);
        settings.Metrics?.Join(node.Gate);
        replica.SetResult(node.Table);
        joined.SetResult(node);
        var core = new Core(node, table, settings.Members, directory, settings.Times);
        _ends = Context.ActorOf(
            Actors.Props.Create(() => new EndsOf(core, settings.Ends)).WithSupervisor(KeepTrying).WithMailbox(Unbounded), "ends");
        return default;
    }

    protected override ValueTask PostRestartAsync(Exception cause)
    {
        LogRestarted(settings.Loggers.CreateLogger<ControlPlane>(), cause.Message);
        return PreStartAsync();
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        if (message is GetTree or SessionProtocol.Accept)
            _ends!.Tell(message, Sender);
        else
            Unhandled(message);
        return default;
    }

    private EntityFactory Entities(EntityContext shared, IActorRef table)
    {
        var watchers = new MemberWatcherSettings(settings.Members, settings.Classes, settings.MemberTimeout, table, settings.Loggers.CreateLogger<MemberWatcher>())
        {
            Times = settings.Times,
            Metrics = settings.Metrics,
            Reports = settings.Reporters?.Members,
        };
        return new EntityFactory(shared, settings.Members, (member, start) => Actors.Props.Create(() => new MemberWatcher(member, watchers, start)));
    }

    private ImmutableArray<MemberName> AtStart()
    {
        ImmutableArray<MemberName> names = [.. settings.Members.Members.Keys];
        return settings.Feeds.IsEmpty ? names : names.Add(Readiness.UnknownMembers);
    }

    private Props Directory(Task<ClusterNode> node, IActorRef table)
    {
        var directory = new MemberDirectorySettings(
            settings.Members, settings.Feeds, node, table, settings.Times.RemovalGrace, settings.Loggers.CreateLogger<MemberDirectory>());
        return Actors.Props.Create(() => new MemberDirectory(directory)).WithMailbox(Unbounded);
    }

    [LoggerMessage(1501, LogLevel.Error, "The control plane failed and started anew; this node joins again, HAProxy keeps what it has: {Cause}")]
    private static partial void LogRestarted(ILogger logger, string cause);

    /// <summary>Answered with a <see cref="Tree"/>.</summary>
    public sealed record GetTree;

    /// <summary>What all ends share.</summary>
    /// <param name="Directory">Keeps the list of members.</param>
    public sealed record Core(ClusterNode Node, IActorRef Table, MemberRegistry Members, IActorRef Directory, MemberTimes Times);

    /// <summary>The actors of the present life; the next one has others.</summary>
    public sealed record Tree(Core Core, ImmutableSortedDictionary<string, IActorRef> Ends);

    /// <summary>Each end may fail and restart alone.</summary>
    private sealed class EndsOf(Core core, ImmutableSortedDictionary<string, Func<Core, Props>> ends) : Actor
    {
        private Tree? _tree;

        protected override ValueTask PreStartAsync()
        {
            _tree = new Tree(core, ends.ToImmutableSortedDictionary(
                static end => end.Key, end => Context.ActorOf(end.Value(core).WithMailbox(Unbounded), end.Key)));
            return default;
        }

        protected override ValueTask ReceiveAsync(object message)
        {
            if (message is GetTree)
                Context.Reply(_tree!);
            else if (message is SessionProtocol.Accept && _tree!.Ends.TryGetValue(ControllerSystem.Hub, out var hub))
                hub.Tell(message, Sender);
            else
                Unhandled(message);
            return default;
        }
    }
}
