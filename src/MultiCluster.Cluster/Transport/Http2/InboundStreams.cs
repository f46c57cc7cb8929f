using System.Collections.Immutable;
using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Handshake;

namespace MultiCluster.Cluster.Transport.Http2;

/// <summary>Streams that other nodes have opened here: one per name.</summary>
internal sealed class InboundStreams(TimeProvider time)
{
    private static readonly LinkError Replaced = new(LinkErrorCode.Closed, "replaced by a newer connection of the same node");

    private readonly Lock _gate = new();
    private readonly Dictionary<FrameStream, InboundState> _streams = [];

    public ImmutableArray<InboundState> States
    {
        get
        {
            lock (_gate)
                return [.. _streams.Values.OrderBy(static stream => stream.Id.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>
    /// A name belongs to the run that the cluster's records list. Where they don't say, it belongs to whoever has it, as long as
    /// that connection lives: a node that was restarted has none, two nodes with one name do.
    /// </summary>
    /// <param name="listed">The run that records list under this name; null: none.</param>
    public LinkError? TryAdd(FrameStream frames, PeerIdentity peer, string address, string? listed)
    {
        List<KeyValuePair<FrameStream, InboundState>> others;
        lock (_gate)
        {
            others = _streams.Where(stream => stream.Value.Id.Name == peer.Name).ToList();
            var other = others.Find(stream => stream.Value.Id.Incarnation != peer.Incarnation).Value;
            if (other is not null && listed != peer.Incarnation)
                return new LinkError(LinkErrorCode.NameInUse, $"the name '{peer.Name}' is in use by a node connected from {other.Address} since {other.Since:u}: give each node its own");
            foreach (var stream in others)
                _streams.Remove(stream.Key);
            _streams.Add(frames, new InboundState(new NodeId(peer.Name, peer.Incarnation), address, time.GetUtcNow()));
        }
        foreach (var stream in others)
            stream.Key.End(Replaced);
        return null;
    }

    public void Remove(FrameStream frames)
    {
        lock (_gate)
            _streams.Remove(frames);
    }

    public void End(Predicate<NodeId> which, LinkError reason)
    {
        List<FrameStream> ending;
        lock (_gate)
            ending = [.. _streams.Where(stream => which(stream.Value.Id)).Select(static stream => stream.Key)];
        foreach (var stream in ending)
            stream.End(reason);
    }
}
