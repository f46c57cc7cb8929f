using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Acme;
using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Metrics;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Status;

namespace MultiCluster.Controller;

/// <summary>The actors of one process.</summary>
public sealed class ControllerSystem : IAsyncDisposable
{
    /// <summary>Name of the end that drives the HAProxy of this process.</summary>
    public const string LocalProxy = "proxy";

    /// <summary>Name of the end that has sessions with proxies elsewhere.</summary>
    public const string Hub = "hub";

    /// <summary>Name of the end that asks other controllers, and answers them.</summary>
    public const string Desk = "desk";

    /// <summary>Name of the end that keeps whoever gets certificates awake.</summary>
    public const string Acme = "acme";

    private static readonly OneForOneStrategy KeepTrying = new(maxRestarts: OneForOneStrategy.Unlimited);
    private static readonly MailboxOptions Unbounded = new() { Capacity = int.MaxValue };

    private static readonly TimeSpan SurveyDeadline = TimeSpan.FromSeconds(5);

    /// <summary>Over the lease of a node that has died, after which it is no longer missed.</summary>
    private static readonly TimeSpan CutOffMargin = TimeSpan.FromSeconds(1);

    private readonly MemberRegistry _members;
    private readonly ControllerMetrics _metrics;

    private ControllerSystem(ActorSystem system, IActorRef control, MemberRegistry members, ControllerMetrics metrics, ClusterSetup cluster)
    {
        (_members, _metrics) = (members, metrics);
        System = system;
        Control = control;
        Cluster = cluster;
    }

    public ActorSystem System { get; }

    public ClusterSetup Cluster { get; }

    /// <summary>Takes <see cref="SessionProtocol.Accept"/> for the hub of whichever life it is in.</summary>
    public IActorRef Control { get; }

    public static ControllerSystem Start(ControllerOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        var system = new ActorSystem("multicluster", new ActorSystemOptions
        {
            TimeProvider = time,
            LoggerFactory = loggers,
            GuardianStrategy = KeepTrying,
        });
        var members = new MemberRegistry(options.Members);
        var metrics = new ControllerMetrics(system, options.Cluster.Store);
        var status = StatusProps(options, members, loggers) is { } props ? system.ActorOf(props.WithMailbox(Unbounded), "status") : null;
        IActorRef? control = null;
        var settings = new ControlPlaneSettings(
            members, options.Classes, options.MemberTimeout, options.Resolver, options.Cluster, status, Ends(options, metrics, loggers, time), loggers)
        {
            Metrics = metrics,
            Endpoints = options.Endpoints,
            Feeds = options.Feeds,
            Times = options.MemberTimes,
            Mode = options.Mode,
            Defaults = options.Defaults,
            Acme = options.Acme is { } acme ? new AcmeParts(acme, Survey(() => control!), members, loggers.CreateLogger<AcmeEntity>()) : null,
            Reporters = Report(system, options, members, () => control!, loggers),
        };
        control = system.ActorOf(ControlPlane.Props(settings), "control");
        return new ControllerSystem(system, control, members, metrics, options.Cluster);
    }

    /// <summary>The actors as they are now: after a failure of the control plane there are others.</summary>
    public Task<ControlPlane.Tree> TreeAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        Control.AskAsync<ControlPlane.Tree>(new ControlPlane.GetTree(), deadline, cancellationToken);

    /// <summary>Gives what this node owns to others, who then need not wait for its lease to end.</summary>
    /// <exception cref="TimeoutException">Not within the deadline.</exception>
    public async Task LeaveAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        await (await TreeAsync(deadline, cancellationToken)).Core.Node.LeaveAsync(deadline);

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        _members.Dispose();
        _metrics.Dispose();
        if (Cluster.Store is { } store)
            await store.DisposeAsync();
    }

    private static ImmutableSortedDictionary<string, Func<ControlPlane.Core, Props>> Ends(ControllerOptions options, ControllerMetrics metrics, ILoggerFactory loggers, TimeProvider time)
    {
        var ends = ImmutableSortedDictionary.CreateBuilder<string, Func<ControlPlane.Core, Props>>(StringComparer.Ordinal);
        ends.Add(Desk, static core => Props.Create(() => new NodeDesk(core.Node)));
        if (options.Acme is not null)
            ends.Add(Acme, static core => Props.Create(() => new AcmeKeeper(core.Node.Region)));
        if (options.Proxy is { } proxy)
        {
            var settings = proxy with { Opened = () => options.Cluster.Store?.Release(), Applied = metrics.Events.Applied };
            ends.Add(LocalProxy, core => Props.Create(() => new HAProxyInstance(settings, core.Table, time)));
        }

        if (options.Sessions is { } sessions)
        {
            ends.Add(Hub, core => Props.Create(() => new HubGate(new HubGateSettings(core.Node, options.Cluster.Options.LeaseTtl + CutOffMargin, (self, shards, gate) => new HubSettings(
                options.Cluster.Options.ClusterName,
                self.Name,
                self.Incarnation,
                shards,
                IsOnly: false,
                sessions,
                core.Table,
                gate,
                loggers.CreateLogger<ProxyHub>())))));
        }

        return ends.ToImmutable();
    }

    /// <param name="control">Not asked before there is one: nothing is known then.</param>
    private static Reporters Report(ActorSystem system, ControllerOptions options, MemberRegistry members, Func<IActorRef> control, ILoggerFactory loggers)
    {
        var survey = Survey(control);
        var federated = new FederatedStatusSettings(
            members, survey, options.StatusAddresses, options.MemberTimes.StaleAfter, loggers.CreateLogger<FederatedStatusWriter>());
        var events = new ReportSettings(members, loggers.CreateLogger<EventReporter>());
        var clusters = new ReportSettings(members, loggers.CreateLogger<MemberStatusWriter>());
        return new Reporters(
            system.ActorOf(Props.Create(() => new FederatedStatusWriter(federated)).WithMailbox(Unbounded), "federated-status"),
            system.ActorOf(Props.Create(() => new EventReporter(events)).WithMailbox(Unbounded), "events"),
            system.ActorOf(Props.Create(() => new MemberStatusWriter(clusters)).WithMailbox(Unbounded), "member-status"));
    }

    private static TreeSurvey Survey(Func<IActorRef> control) => new(stop => control().AskAsync<ControlPlane.Tree>(new ControlPlane.GetTree(), SurveyDeadline, stop));

    private static Props? StatusProps(ControllerOptions options, MemberRegistry members, ILoggerFactory loggers)
    {
        if (options.StatusAddresses.IsEmpty)
            return null;
        var settings = new StatusSettings(options.StatusAddresses, members, loggers.CreateLogger<StatusWriter>());
        return Props.Create(() => new StatusWriter(settings));
    }
}
