using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Status;

namespace MultiCluster.Controller;

/// <summary>The actors of one process.</summary>
public sealed class ControllerSystem : IAsyncDisposable
{
    /// <summary>Name of the end that drives the HAProxy of this process.</summary>
    public const string LocalProxy = "proxy";

    private static readonly OneForOneStrategy KeepTrying = new(maxRestarts: OneForOneStrategy.Unlimited);
    private static readonly MailboxOptions Unbounded = new() { Capacity = int.MaxValue };

    private readonly IActorRef _control;
    private readonly ClusterSetup _cluster;

    private ControllerSystem(ActorSystem system, IActorRef control, ClusterSetup cluster)
    {
        System = system;
        _control = control;
        _cluster = cluster;
    }

    public ActorSystem System { get; }

    public ClusterSetup Cluster => _cluster;

    public static ControllerSystem Start(ControllerOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        var system = new ActorSystem("multicluster", new ActorSystemOptions
        {
            TimeProvider = time,
            LoggerFactory = loggers,
            GuardianStrategy = KeepTrying,
        });
        var status = StatusProps(options, loggers) is { } props ? system.ActorOf(props.WithMailbox(Unbounded), "status") : null;
        var ends = ImmutableSortedDictionary<string, Func<ControlPlane.Core, Props>>.Empty
            .Add(LocalProxy, core => Props.Create(() => new HAProxyInstance(options.Proxy, core.Table, time)));
        var settings = new ControlPlaneSettings(
            options.Members, options.Classes, options.MemberTimeout, options.Resolver, options.Cluster, status, ends, loggers)
        {
            Endpoints = options.Endpoints,
        };
        return new ControllerSystem(system, system.ActorOf(ControlPlane.Props(settings), "control"), options.Cluster);
    }

    /// <summary>The actors as they are now: after a failure of the control plane there are others.</summary>
    public Task<ControlPlane.Tree> TreeAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        _control.AskAsync<ControlPlane.Tree>(new ControlPlane.GetTree(), deadline, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        if (_cluster.Store is { } store)
            await store.DisposeAsync();
    }

    private static Props? StatusProps(ControllerOptions options, ILoggerFactory loggers)
    {
        var sinks = options.Members.Where(static member => member.Status is not null).ToImmutableDictionary(static member => member.Name, static member => member.Status!);
        if (options.StatusAddresses.IsEmpty || sinks.IsEmpty)
            return null;
        var settings = new StatusSettings(options.StatusAddresses, sinks, loggers.CreateLogger<StatusWriter>());
        return Props.Create(() => new StatusWriter(settings));
    }
}
