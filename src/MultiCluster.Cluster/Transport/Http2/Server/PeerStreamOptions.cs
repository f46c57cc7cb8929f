using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Cluster.Transport.Http2.Handshake;

namespace MultiCluster.Cluster.Transport.Http2.Server;

/// <summary>Streams of one kind, as they are accepted.</summary>
public sealed record PeerStreamOptions
{
    public required TransportOptions Transport { get; init; }

    /// <summary>Who may open them.</summary>
    public required PeerRole Serves { get; init; }

    /// <summary>Who answers; null while it is not ready.</summary>
    public required Func<PeerIdentity?> Self { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
