using System.Collections.Immutable;
using MultiCluster.Actors;

namespace MultiCluster.Cluster.Transport;

/// <summary>
/// Between the actors of this node and the transport: numbers what goes out, drops what came before or is for another run of this
/// node, and hands each message to the actor it is for. From any thread.
/// </summary>
public sealed class ClusterLinks : ITransportReceiver
{
    private const int MostRemembered = 256;

    private readonly Lock _gate = new();
    private readonly IClusterTransport _transport;
    private readonly Faults _faults;
    private readonly Dictionary<NodeId, long> _sent = [];
    private readonly Dictionary<NodeId, DuplicateFilter> _received = [];
    private readonly Dictionary<Type, IActorRef> _routes = [];
    private ImmutableArray<IActorRef> _listeners = [];
    private ImmutableArray<Peer> _peers = [];
    private ImmutableArray<NodeId> _up = [];
    private NodeId _self;
    private long _highest;
    private long _dropped;

    internal ClusterLinks(IClusterTransport transport, Faults faults)
    {
        _transport = transport;
        _faults = faults;
    }

    public NodeId Self
    {
        get
        {
            lock (_gate)
                return _self;
        }
    }

    /// <summary>Peers with a connection now, in order of their names.</summary>
    public ImmutableArray<NodeId> Up
    {
        get
        {
            lock (_gate)
                return _up;
        }
    }

    /// <summary>Messages received but not taken: seen before, or for another run of this node.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Sends <typeparamref name="TMessages"/> of peers to <paramref name="actor"/>, as <see cref="FromPeer"/>.</summary>
    public void Route<TMessages>(IActorRef actor)
        where TMessages : IPeerMessage
    {
        lock (_gate)
            _routes[typeof(TMessages)] = actor;
    }

    /// <summary><paramref name="actor"/> hears of peers that come and go.</summary>
    public void Listen(IActorRef actor)
    {
        lock (_gate)
            _listeners = _listeners.Add(actor);
    }

    public void Start() => _transport.Start(this);

    public void SetPeers(NodeId self, ImmutableArray<Peer> peers)
    {
        lock (_gate)
        {
            if (_self == self && _peers.SequenceEqual(peers))
                return;
            _self = self;
            _peers = peers;
            ForgetGone(_sent);
            ForgetGone(_received);
        }
        _transport.SetPeers(self, peers);
    }

    /// <returns>False: not sent.</returns>
    public bool TrySend(NodeId to, IPeerMessage message)
    {
        LinkFrame frame;
        lock (_gate)
        {
            // A peer that was forgotten and is back goes on above all numbers it can have seen.
            var number = _sent.TryGetValue(to, out var last) ? last + 1 : _highest + 1;
            _highest = Math.Max(_highest, number);
            _sent[to] = number;
            frame = new LinkFrame(_self, to, number, message);
        }
        return _transport.TrySend(to, frame);
    }

    public void SendAll(IPeerMessage message)
    {
        foreach (var peer in Up)
            TrySend(peer, message);
    }

    void ITransportReceiver.Received(LinkFrame frame)
    {
        IActorRef? target;
        lock (_gate)
        {
            target = IsNew(frame) ? _routes.GetValueOrDefault(((IPeerMessage)frame.Message).Family) : null;
        }
        if (target is null)
            Interlocked.Increment(ref _dropped);
        else
            target.Tell(new FromPeer(frame.From, frame.Message));
    }

    void ITransportReceiver.PeerUp(NodeId peer) => Notice(peer, up: true);

    void ITransportReceiver.PeerDown(NodeId peer) => Notice(peer, up: false);

    private bool IsNew(LinkFrame frame)
    {
        if (frame.To != _self)
            return false;
        if (!_received.TryGetValue(frame.From, out var filter))
            _received.Add(frame.From, filter = new DuplicateFilter());
        return filter.TryTake(frame.Number) || _faults.NoDuplicateFilter;
    }

    private void ForgetGone<T>(Dictionary<NodeId, T> remembered)
    {
        if (remembered.Count <= MostRemembered)
            return;
        foreach (var gone in remembered.Keys.Where(id => !_peers.Any(peer => peer.Id == id)).ToList())
            remembered.Remove(gone);
    }

    private void Notice(NodeId peer, bool up)
    {
        ImmutableArray<IActorRef> listeners;
        lock (_gate)
        {
            if (_up.Contains(peer) == up)
                return;
            _up = up ? [.. _up.Add(peer).OrderBy(static id => id.Name, StringComparer.Ordinal)] : _up.Remove(peer);
            listeners = _listeners;
        }
        object notice = up ? new PeerCameUp(peer) : new PeerWentDown(peer);
        foreach (var listener in listeners)
            listener.Tell(notice);
    }
}

/// <summary>What nodes tell each other.</summary>
public interface IPeerMessage
{
    /// <summary>The interface by which <see cref="ClusterLinks"/> finds the actor it is for.</summary>
    Type Family { get; }
}

public sealed record FromPeer(NodeId From, object Message);

public sealed record PeerCameUp(NodeId Peer);

public sealed record PeerWentDown(NodeId Peer);
