using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller;

/// <summary>
/// The actors of one process and who knows whom: watchers tell the region's entities, entities the route table, the table the
/// proxy. All roles in one process for now.
/// </summary>
public sealed class ControllerSystem : IAsyncDisposable
{
    private static readonly OneForOneStrategy KeepTrying = new(maxRestarts: OneForOneStrategy.Unlimited);

    private ControllerSystem(ActorSystem system, IActorRef region, IActorRef table, IActorRef proxy, IReadOnlyDictionary<MemberName, IActorRef> members)
    {
        System = system;
        Region = region;
        Table = table;
        Proxy = proxy;
        Members = members;
    }

    public ActorSystem System { get; }

    public IActorRef Region { get; }

    public IActorRef Table { get; }

    public IActorRef Proxy { get; }

    public IReadOnlyDictionary<MemberName, IActorRef> Members { get; }

    public static ControllerSystem Start(ControllerOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        var system = new ActorSystem("multicluster", new ActorSystemOptions
        {
            TimeProvider = time,
            LoggerFactory = loggers,
            GuardianStrategy = KeepTrying,
        });
        var unbounded = new MailboxOptions { Capacity = int.MaxValue };
        var table = system.ActorOf(RouteTableProps(options, loggers).WithMailbox(unbounded), "route-table");
        var status = StatusProps(options, loggers) is { } props ? system.ActorOf(props.WithMailbox(unbounded), "status") : null;
        var shared = new EntityContext(new FragmentClock(time), new CertificateCache(), options.Resolver, table, status);
        var region = system.ActorOf(Props.Create(() => new EntityRegion(entity => EntityProps(entity, shared))).WithSupervisor(KeepTrying).WithMailbox(unbounded), "entities");
        table.Tell(new RouteTable.AttachRegion(region));
        var proxy = system.ActorOf(
            Props.Create(() => new HAProxyInstance(options.Proxy, table, time)).WithMailbox(unbounded), $"proxy-{options.Proxy.Name}");
        var members = options.Members.ToImmutableDictionary(
            static member => member.Name,
            member => system.ActorOf(WatcherProps(member, options, region, table, loggers).WithMailbox(unbounded), $"member-{member.Name}"));
        return new ControllerSystem(system, region, table, proxy, members);
    }

    public async ValueTask DisposeAsync() => await System.DisposeAsync();

    private static Props RouteTableProps(ControllerOptions options, ILoggerFactory loggers)
    {
        var settings = new RouteTableSettings(
            [.. options.Members.Select(static member => member.Name)], options.MemberTimeout, loggers.CreateLogger<RouteTable>());
        return Props.Create(() => new RouteTable(settings));
    }

    private static Props? StatusProps(ControllerOptions options, ILoggerFactory loggers)
    {
        var sinks = options.Members.Where(static member => member.Status is not null).ToImmutableDictionary(static member => member.Name, static member => member.Status!);
        if (options.StatusAddresses.IsEmpty || sinks.IsEmpty)
            return null;
        var settings = new StatusSettings(options.StatusAddresses, sinks, loggers.CreateLogger<StatusWriter>());
        return Props.Create(() => new StatusWriter(settings));
    }

    private static Props WatcherProps(MemberRegistration member, ControllerOptions options, IActorRef region, IActorRef table, ILoggerFactory loggers)
    {
        var settings = new MemberWatcherSettings(
            member.Name, member.Source, options.Classes, member.Problems, region, table, loggers.CreateLogger<MemberWatcher>());
        return Props.Create(() => new MemberWatcher(settings));
    }

    private static Props EntityProps(EntityId entity, EntityContext shared) => entity.Kind == EntityKind.Ingress
        ? Props.Create(() => new IngressEntity(entity.Key, shared))
        : Props.Create(() => new BackendEntity(entity.Key, shared));
}
