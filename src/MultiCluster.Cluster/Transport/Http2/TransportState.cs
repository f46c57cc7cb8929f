using System.Collections.Immutable;

namespace MultiCluster.Cluster.Transport.Http2;

/// <summary>What the transport of a node does now, for status.</summary>
/// <param name="Peers">That this node dials and sends to, by name.</param>
/// <param name="Inbound">Streams that this node has accepted and hears on, by name.</param>
/// <param name="Received">Messages handed on, since the start.</param>
/// <param name="Unreadable">Messages received that this build does not know, since the start.</param>
/// <param name="CertificateError">Why changed certificate files are not in use; null if nothing is wrong.</param>
public sealed record TransportState(
    NodeId Self,
    ImmutableArray<PeerState> Peers,
    ImmutableArray<InboundState> Inbound,
    long Received,
    long Unreadable,
    string? CertificateError);

/// <param name="Since">When it became connected, or was last, or the first try.</param>
/// <param name="LastError">Why it is not connected, or was not before it was; null: never failed.</param>
/// <param name="QueuedBytes">Waiting or under way.</param>
/// <param name="Refused">Messages not taken since too much waited.</param>
/// <param name="Unsendable">Messages dropped, whole or in part, for being too large or having no encoding.</param>
public sealed record PeerState(
    NodeId Id,
    string Address,
    bool Connected,
    DateTimeOffset Since,
    LinkError? LastError,
    DateTimeOffset? LastErrorAt,
    int QueuedMessages,
    long QueuedBytes,
    long SentMessages,
    long SentBytes,
    long Refused,
    long Unsendable);

public sealed record InboundState(NodeId Id, string Address, DateTimeOffset Since);
