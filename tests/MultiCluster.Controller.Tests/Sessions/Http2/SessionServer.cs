using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Cluster.Transport.Http2.Server;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Sessions.Http2;

namespace MultiCluster.Controller.Tests.Sessions.Http2;

/// <summary>What of a controller node proxies see: a hub, or what stands in its place, behind a listener on a free port of loopback.</summary>
internal sealed class SessionServer(PeerServer server) : IAsyncDisposable
{
    public string Address => server.Address;

    public int Port => int.Parse(Address[(Address.LastIndexOf(':') + 1)..]);

    /// <param name="isReady">Whether the node has joined its cluster.</param>
    public static async Task<SessionServer> StartAsync(string node, TransportOptions transport, IActorRef hub, ILoggerFactory loggers, bool isReady = true)
    {
        var streams = new PeerStreamOptions
        {
            Transport = transport,
            Serves = PeerRole.Proxy,
            Self = () => isReady ? new PeerIdentity(transport.ClusterName, PeerRole.Node, node, "1") : null,
            LoggerFactory = loggers,
        };
        var (server, error) = await PeerServer.StartAsync("127.0.0.1:0", transport, endpoints => endpoints.MapProxySessions(streams, hub), loggers, CancellationToken.None);
        Assert.True(server is not null, error);
        return new SessionServer(server);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
