using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Client;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.HAProxy.Runtime;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Sessions.Http2;

/// <summary>Dials controllers over the transport of nodes: HTTP/2, with mutual TLS unless on loopback or a unix socket.</summary>
public sealed class Http2ControllerConnector : IControllerConnector
{
    private readonly PeerIdentity _self;
    private readonly PeerDialer _dialer;

    /// <exception cref="ArgumentException">The transport and the agent are not of one cluster.</exception>
    public Http2ControllerConnector(TransportOptions transport, AgentIdentity agent, TimeProvider time)
    {
        if (transport.ClusterName != agent.Cluster)
            throw new ArgumentException($"The transport is of cluster '{transport.ClusterName}', the agent of '{agent.Cluster}'.", nameof(agent));
        _self = new PeerIdentity(agent.Cluster, PeerRole.Proxy, agent.Proxy, agent.Incarnation);
        _dialer = new PeerDialer(transport, ProxySessionEndpoints.Path, time);
    }

    /// <param name="address"><c>host:port</c>, <c>[v6]:port</c> or <c>unix:/path</c>; whichever node answers there is welcome.</param>
    public async Task<Outcome<IDuplex<AgentMessage, ControllerMessage>>> ConnectAsync(string address, CancellationToken cancellationToken)
    {
        var (stream, error) = await _dialer.OpenAsync<P.SessionFrame, P.SessionFrame>(new PeerTarget(address), _self, cancellationToken);
        return stream is not null ? new AgentDuplex(stream) : new Failure(error!.Text);
    }
}
