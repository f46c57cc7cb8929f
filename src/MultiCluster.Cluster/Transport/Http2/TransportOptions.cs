using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Cluster.Transport.Http2.Tls;

namespace MultiCluster.Cluster.Transport.Http2;

/// <summary>What all streams of a process share.</summary>
public sealed record TransportOptions
{
    /// <summary>Processes of another cluster are refused.</summary>
    public required string ClusterName { get; init; }

    /// <summary>Null: without TLS, which is allowed on loopback and unix sockets only.</summary>
    public TransportTls? Tls { get; init; }

    public TransportLimits Limits { get; init; } = new();

    internal ProtocolRange Versions { get; init; } = ProtocolRange.Around(ClusterOptions.ProtocolVersion);
}
