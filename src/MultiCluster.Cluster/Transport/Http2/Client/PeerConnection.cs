using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Handshake;

namespace MultiCluster.Cluster.Transport.Http2.Client;

/// <param name="Connection">Null if there is an error.</param>
internal sealed record DialResult(PeerConnection? Connection, LinkError? Error);

/// <summary>A stream on which both sides know each other. Disposing it ends the connection too.</summary>
internal sealed record PeerConnection(FrameStream Frames, RemotePeer Peer);

/// <param name="Stream">Null if there is an error.</param>
public sealed record DialResult<TSend, TReceive>(DuplexStream<TSend, TReceive>? Stream, LinkError? Error)
    where TSend : class, Google.Protobuf.IMessage<TSend>
    where TReceive : class, Google.Protobuf.IMessage<TReceive>, new();
