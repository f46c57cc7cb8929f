using SessionStream = MultiCluster.Cluster.Transport.Http2.Framing.DuplexStream<
    MultiCluster.Controller.Wire.Protos.SessionFrame, MultiCluster.Controller.Wire.Protos.SessionFrame>;

namespace MultiCluster.Controller.Sessions.Http2;

/// <summary>The end that has dialled.</summary>
internal sealed class AgentDuplex(SessionStream stream) : StreamDuplex<AgentMessage, ControllerMessage>(stream)
{
    /// <summary>A request that is let go before its response has ended takes with it what the other side has not read, so the response is read.</summary>
    protected override Task EndAsync() => Task.WhenAll(DrainAsync(), Stream.CloseAsync().AsTask());
}
