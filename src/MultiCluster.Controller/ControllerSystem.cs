using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Status;

namespace MultiCluster.Controller;

/// <summary>The actors of one process: all roles in it for now.</summary>
public sealed class ControllerSystem : IAsyncDisposable
{
    private static readonly OneForOneStrategy KeepTrying = new(maxRestarts: OneForOneStrategy.Unlimited);
    private readonly IActorRef _control;

    private ControllerSystem(ActorSystem system, IActorRef control)
    {
        System = system;
        _control = control;
    }

    public ActorSystem System { get; }

    public static ControllerSystem Start(ControllerOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        var system = new ActorSystem("multicluster", new ActorSystemOptions
        {
            TimeProvider = time,
            LoggerFactory = loggers,
            GuardianStrategy = KeepTrying,
        });
        var unbounded = new MailboxOptions { Capacity = int.MaxValue };
        var status = StatusProps(options, loggers) is { } props ? system.ActorOf(props.WithMailbox(unbounded), "status") : null;
        var settings = new ControlPlaneSettings(
            options.Members,
            options.Classes,
            options.MemberTimeout,
            options.Resolver,
            new FragmentClock(time),
            status,
            table => Props.Create(() => new HAProxyInstance(options.Proxy, table, time)),
            loggers)
        {
            Endpoints = options.Endpoints,
        };
        return new ControllerSystem(system, system.ActorOf(ControlPlane.Props(settings), "control"));
    }

    /// <summary>The actors as they are now: after a failure of the control plane there are others.</summary>
    public Task<ControlPlane.Tree> TreeAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        _control.AskAsync<ControlPlane.Tree>(new ControlPlane.GetTree(), deadline, cancellationToken);

    public async ValueTask DisposeAsync() => await System.DisposeAsync();

    private static Props? StatusProps(ControllerOptions options, ILoggerFactory loggers)
    {
        var sinks = options.Members.Where(static member => member.Status is not null).ToImmutableDictionary(static member => member.Name, static member => member.Status!);
        if (options.StatusAddresses.IsEmpty || sinks.IsEmpty)
            return null;
        var settings = new StatusSettings(options.StatusAddresses, sinks, loggers.CreateLogger<StatusWriter>());
        return Props.Create(() => new StatusWriter(settings));
    }
}
