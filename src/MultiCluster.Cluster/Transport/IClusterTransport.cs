using System.Collections.Immutable;

namespace MultiCluster.Cluster.Transport;

/// <summary>
/// Carries messages between nodes: each at most once, those of one connection in order, some not at all. A message of an earlier
/// connection may still arrive after one of the next. Nothing here blocks.
/// </summary>
public interface IClusterTransport
{
    /// <summary>Takes messages from now on, instead of any receiver before; called before all else.</summary>
    void Start(ITransportReceiver receiver);

    /// <summary>Who this node is now and whom to stay connected with; connections to others end.</summary>
    void SetPeers(NodeId self, ImmutableArray<Peer> peers);

    /// <returns>False: not connected, or as much waits for this peer as may. Nothing was taken.</returns>
    bool TrySend(NodeId to, LinkFrame frame);
}

/// <summary>Called from any thread; returns quickly.</summary>
public interface ITransportReceiver
{
    void Received(LinkFrame frame);

    /// <summary>Messages to this run of the peer can be sent.</summary>
    void PeerUp(NodeId peer);

    void PeerDown(NodeId peer);
}

public sealed record Peer(NodeId Id, string Address);

/// <summary>What travels. A transport encodes the message at its edge; numbers and names go beside it.</summary>
/// <param name="To">A node that has another incarnation by now drops it.</param>
/// <param name="Number">Counts what one run sent to another, so that nothing is taken twice.</param>
public sealed record LinkFrame(NodeId From, NodeId To, long Number, object Message);
