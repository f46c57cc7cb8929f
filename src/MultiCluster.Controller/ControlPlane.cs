using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Routing;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller;

/// <param name="Proxy">The proxy's actor, which subscribes to the table that it is given.</param>
/// <param name="Status">Null when no status is written.</param>
public sealed record ControlPlaneSettings(
    ImmutableArray<MemberRegistration> Members,
    ClassOptions Classes,
    TimeSpan MemberTimeout,
    IHostResolver Resolver,
    FragmentClock Clock,
    IActorRef? Status,
    Func<IActorRef, Props> Proxy,
    ILoggerFactory Loggers)
{
    public EndpointOptions Endpoints { get; init; } = EndpointOptions.Default;
}

/// <summary>
/// All between the members and a proxy, with one fate. What the table and the entities hold was told to them once, so one of
/// them that starts anew alone would stay empty for ever: when one fails all of them start anew, members are read again, and
/// the proxy adopts the HAProxy that runs, from which nothing is removed until they have been. Watchers and proxy, which ask
/// anew for all that they need, restart alone.
/// </summary>
public sealed partial class ControlPlane(ControlPlaneSettings settings) : Actor
{
    private static readonly OneForOneStrategy OneFate = new(static _ => Directive.Escalate);
    private static readonly OneForOneStrategy KeepTrying = new(maxRestarts: OneForOneStrategy.Unlimited);
    private static readonly MailboxOptions Unbounded = new() { Capacity = int.MaxValue };

    private IActorRef? _ends;

    public static Props Props(ControlPlaneSettings settings) =>
        Actors.Props.Create(() => new ControlPlane(settings)).WithSupervisor(OneFate).WithMailbox(Unbounded);

    protected override ValueTask PreStartAsync()
    {
        var table = Context.ActorOf(RouteTableProps().WithMailbox(Unbounded), "route-table");
        var shared = new EntityContext(settings.Clock, new CertificateCache(), settings.Resolver, table, settings.Status) { Endpoints = settings.Endpoints };
        var region = Context.ActorOf(
            Actors.Props.Create(() => new EntityRegion(entity => EntityProps(entity, shared))).WithSupervisor(KeepTrying).WithMailbox(Unbounded), "entities");
        table.Tell(new RouteTable.AttachRegion(region));
        _ends = Context.ActorOf(
            Actors.Props.Create(() => new Ends(settings, region, table)).WithSupervisor(KeepTrying).WithMailbox(Unbounded), "ends");
        return default;
    }

    protected override ValueTask PostRestartAsync(Exception cause)
    {
        LogRestarted(settings.Loggers.CreateLogger<ControlPlane>(), cause.Message);
        return PreStartAsync();
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        if (message is GetTree)
            _ends!.Tell(message, Sender);
        else
            Unhandled(message);
        return default;
    }

    private Props RouteTableProps()
    {
        var table = new RouteTableSettings(
            [.. settings.Members.Select(static member => member.Name)], settings.MemberTimeout, settings.Loggers.CreateLogger<RouteTable>());
        return Actors.Props.Create(() => new RouteTable(table));
    }

    private static Props EntityProps(EntityId entity, EntityContext shared) => entity.Kind == EntityKind.Ingress
        ? Actors.Props.Create(() => new IngressEntity(entity.Key, shared))
        : Actors.Props.Create(() => new BackendEntity(entity.Key, shared));

    [LoggerMessage(1501, LogLevel.Error, "The control plane failed and started anew; members are read again, HAProxy keeps what it has: {Cause}")]
    private static partial void LogRestarted(ILogger logger, string cause);

    /// <summary>Answered with a <see cref="Tree"/>.</summary>
    public sealed record GetTree;

    /// <summary>The actors of the present life; the next one has others.</summary>
    public sealed record Tree(IActorRef Region, IActorRef Table, IActorRef Proxy, ImmutableDictionary<MemberName, IActorRef> Members);

    /// <summary>The watchers and the proxy: each may fail and restart alone.</summary>
    private sealed class Ends(ControlPlaneSettings settings, IActorRef region, IActorRef table) : Actor
    {
        private Tree? _tree;

        protected override ValueTask PreStartAsync()
        {
            var proxy = Context.ActorOf(settings.Proxy(table).WithMailbox(Unbounded), "proxy");
            var members = settings.Members.ToImmutableDictionary(
                static member => member.Name, member => Context.ActorOf(WatcherProps(member).WithMailbox(Unbounded), $"member-{member.Name}"));
            _tree = new Tree(region, table, proxy, members);
            return default;
        }

        protected override ValueTask ReceiveAsync(object message)
        {
            if (message is GetTree)
                Context.Reply(_tree!);
            else
                Unhandled(message);
            return default;
        }

        private Props WatcherProps(MemberRegistration member)
        {
            var watcher = new MemberWatcherSettings(
                member.Name, member.Source, settings.Classes, member.Problems, region, table, settings.Loggers.CreateLogger<MemberWatcher>());
            return Actors.Props.Create(() => new MemberWatcher(watcher));
        }
    }
}
