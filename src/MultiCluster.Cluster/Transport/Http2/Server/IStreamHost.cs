using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Handshake;

namespace MultiCluster.Cluster.Transport.Http2.Server;

/// <summary>What is behind a path.</summary>
internal interface IStreamHost
{
    /// <summary>Null: not ready; peers are asked to come again.</summary>
    PeerIdentity? Self { get; }

    PeerRole Serves { get; }

    /// <summary>Cluster, role, version and certificate are right.</summary>
    /// <param name="self">Who the peer will be told that it has reached.</param>
    /// <returns>Why not; null: <see cref="ServeAsync"/> follows, in any case.</returns>
    LinkError? Admit(PeerIdentity self, PeerIdentity peer, FrameStream frames, string address);

    /// <summary>The stream ends when this does.</summary>
    Task ServeAsync(FrameStream frames, RemotePeer peer, CancellationToken stopping);
}
