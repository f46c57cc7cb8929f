using System.Globalization;
using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Tls;
using MultiCluster.Controller;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Sessions.Http2;
using MultiCluster.HAProxy.Runtime;
using HostOptions = MultiCluster.Host.Configuration.HostOptions;

namespace MultiCluster.Host.Nodes;

/// <summary>A process that drives a HAProxy for controllers elsewhere.</summary>
internal static class ProxyRole
{
    public static Outcome<ProxySystem> Start(HostOptions options, ProxyParts proxy, TimeProvider time, ILoggerFactory loggers)
    {
        var (tls, error) = options.Node.Tls is { } files ? TransportTls.Load(files, time, loggers) : default;
        if (error is not null)
            return new Failure($"cluster.tls: {error}");
        var identity = new AgentIdentity(options.Node.Cluster, options.Proxy.Name, Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture));
        var agent = new AgentSettings(
            identity,
            options.Proxy.Controllers,
            new Http2ControllerConnector(new TransportOptions { ClusterName = options.Node.Cluster, Tls = tls }, identity, time),
            Memory: null,
            new AgentOptions(),
            Random.Shared,
            loggers.CreateLogger<ProxyAgent>());
        var memory = new AgentMemoryFile(Path.Combine(proxy.Settings.State.Path, "agent.json"));
        return ProxySystem.Start(new ProxyNodeOptions(agent, memory, proxy.Settings), loggers, time);
    }
}
