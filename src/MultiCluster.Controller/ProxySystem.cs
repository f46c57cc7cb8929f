using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;

namespace MultiCluster.Controller;

/// <param name="Agent">Its memory is loaded from <paramref name="Memory"/> at each start.</param>
public sealed record ProxyNodeOptions(AgentSettings Agent, AgentMemoryFile Memory, ProxySettings Proxy);

/// <summary>The actors of a process that only drives a HAProxy, as controllers elsewhere tell it.</summary>
public sealed class ProxySystem : IAsyncDisposable
{
    private readonly IActorRef _plane;

    private ProxySystem(ActorSystem system, IActorRef plane)
    {
        System = system;
        _plane = plane;
    }

    public ActorSystem System { get; }

    public static ProxySystem Start(ProxyNodeOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        var system = new ActorSystem("multicluster", new ActorSystemOptions
        {
            TimeProvider = time,
            LoggerFactory = loggers,
            GuardianStrategy = new OneForOneStrategy(maxRestarts: OneForOneStrategy.Unlimited),
        });
        return new ProxySystem(system, system.ActorOf(ProxyPlane.Props(options, time, loggers.CreateLogger<ProxyPlane>()), "proxy"));
    }

    /// <summary>The actors as they are now: after a failure there are others.</summary>
    public Task<ProxyPlane.Tree> TreeAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        _plane.AskAsync<ProxyPlane.Tree>(new ProxyPlane.GetTree(), deadline, cancellationToken);

    public ValueTask DisposeAsync() => System.DisposeAsync();
}
