using MultiCluster.Cluster.Transport.Http2.Handshake;
using SessionStream = MultiCluster.Cluster.Transport.Http2.Framing.DuplexStream<
    MultiCluster.Controller.Wire.Protos.SessionFrame, MultiCluster.Controller.Wire.Protos.SessionFrame>;

namespace MultiCluster.Controller.Sessions.Http2;

/// <summary>The end that was dialled. The request lives until this is disposed; its server then sends what waits and ends it.</summary>
internal sealed class ControllerDuplex(SessionStream stream) : StreamDuplex<ControllerMessage, AgentMessage>(stream)
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PeerIdentity _peer = stream.Peer.Identity;

    public Task Released => _released.Task;

    protected override Task EndAsync()
    {
        _released.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>A certificate was compared with the name that was said to the transport; a session under another one would slip past it.</summary>
    protected override string? Objection(AgentMessage message) =>
        message is AgentMessage.Hello hello && (hello.Cluster != _peer.Cluster || hello.Proxy != _peer.Name || hello.Incarnation != _peer.Incarnation)
            ? $"{_peer} says it is '{hello.Proxy}'#{hello.Incarnation} of cluster '{hello.Cluster}'"
            : null;
}
