using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Handshake;

namespace MultiCluster.Cluster.Transport.Http2.Server;

/// <summary>
/// Maps streams into any application over Kestrel. Its server needs <see cref="TransportKestrel.UseTransportLimits"/>, its listener
/// <see cref="TransportKestrel.UseTransport"/>; <see cref="PeerServer"/> has both.
/// </summary>
public static class TransportEndpoints
{
    /// <summary>The accepting half of <paramref name="transport"/>.</summary>
    public static IEndpointConventionBuilder MapClusterTransport(this IEndpointRouteBuilder endpoints, Http2ClusterTransport transport) =>
        endpoints.MapPost(Http2ClusterTransport.Path, transport.Acceptor.AcceptAsync);

    /// <summary>Typed streams that peers of one role open.</summary>
    /// <param name="self">Who answers; null while it is not ready.</param>
    /// <param name="handler">The stream ends when this does, and should when the token says so: the server is stopping.</param>
    public static IEndpointConventionBuilder MapPeerStreams<TSend, TReceive>(
        this IEndpointRouteBuilder endpoints,
        string path,
        PeerStreamOptions streams,
        Func<DuplexStream<TSend, TReceive>, CancellationToken, Task> handler)
        where TSend : class, IMessage<TSend>
        where TReceive : class, IMessage<TReceive>, new()
    {
        var host = new TypedHost<TSend, TReceive>(streams, handler);
        var acceptor = new StreamAcceptor(streams.Transport, host, streams.Time, streams.LoggerFactory.CreateLogger("MultiCluster.Cluster.Transport"));
        return endpoints.MapPost(path, acceptor.AcceptAsync);
    }

    private sealed class TypedHost<TSend, TReceive>(PeerStreamOptions streams, Func<DuplexStream<TSend, TReceive>, CancellationToken, Task> handler) : IStreamHost
        where TSend : class, IMessage<TSend>
        where TReceive : class, IMessage<TReceive>, new()
    {
        public PeerIdentity? Self => streams.Self();

        public PeerRole Serves => streams.Serves;

        public LinkError? Admit(PeerIdentity self, PeerIdentity peer, FrameStream frames, string address) => null;

        public Task ServeAsync(FrameStream frames, RemotePeer peer, CancellationToken stopping) =>
            handler(new DuplexStream<TSend, TReceive>(frames, peer), stopping);
    }
}
