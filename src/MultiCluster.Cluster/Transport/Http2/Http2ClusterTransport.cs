using System.Collections.Immutable;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Transport.Http2.Client;
using MultiCluster.Cluster.Transport.Http2.Codec;
using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Cluster.Transport.Http2.Server;

namespace MultiCluster.Cluster.Transport.Http2;

/// <summary>
/// Nodes over HTTP/2. Each node dials each of its peers and sends on what it dialled, so a pair has two connections, one per
/// direction, and none has to be agreed on. README.md of this folder says what happens when something is wrong.
/// </summary>
public sealed partial class Http2ClusterTransport : IClusterTransport, IAsyncDisposable
{
    /// <summary>Of the requests that nodes make. The version of the messages is agreed on in the handshake.</summary>
    public const string Path = "/multicluster.cluster/v1";

    private readonly Lock _gate = new();
    private readonly TransportOptions _options;
    private readonly PeerCodec _codec;
    private readonly PeerDialer _dialer;
    private readonly InboundStreams _inbound;
    private readonly ComplaintBook _complaints = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MessageParser<Wire.Frame> _parser = Wire.Frame.Parser.WithDiscardUnknownFields(true);
    private ITransportReceiver? _receiver;
    private ImmutableDictionary<NodeId, PeerLink> _links = ImmutableDictionary<NodeId, PeerLink>.Empty;
    private NodeId _self;
    private bool _disposed;
    private long _received;
    private long _unreadable;

    /// <exception cref="ArgumentException">A limit is wrong; the message names it and the fix.</exception>
    public Http2ClusterTransport(TransportOptions options, IPayloadCodec payloads, TimeProvider time, ILoggerFactory loggers)
    {
        if (options.Limits.Fault() is { } fault)
            throw new ArgumentException(fault, nameof(options));
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger("MultiCluster.Cluster.Transport");
        _codec = new PeerCodec(payloads);
        _dialer = new PeerDialer(options, Path, time);
        _inbound = new InboundStreams(time);
        Acceptor = new StreamAcceptor(options, new Host(this), time, _logger);
    }

    public TransportState State
    {
        get
        {
            var links = Volatile.Read(ref _links);
            return new TransportState(
                Self, [.. links.Values.Select(static link => link.State).OrderBy(static peer => peer.Id.Name, StringComparer.Ordinal)],
                _inbound.States, Interlocked.Read(ref _received), Interlocked.Read(ref _unreadable), _options.Tls?.ReloadError);
        }
    }

    internal StreamAcceptor Acceptor { get; }

    private NodeId Self
    {
        get
        {
            lock (_gate)
                return _self;
        }
    }

    public void Start(ITransportReceiver receiver)
    {
        lock (_gate)
            _receiver = receiver;
    }

    public void SetPeers(NodeId self, ImmutableArray<Peer> peers)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            var settings = new LinkSettings(
                _options, _dialer, _codec, _receiver ?? throw new InvalidOperationException("start the transport first"), Random.Shared, _time, _logger);
            var isNewSelf = self != _self;
            _self = self;
            var links = _links.ToBuilder();
            foreach (var gone in _links.Values.Where(link => isNewSelf || !peers.Contains(link.Peer)))
                links.Remove(gone.Peer.Id);
            foreach (var peer in peers.Where(peer => !links.ContainsKey(peer.Id)))
                links.Add(peer.Id, new PeerLink(self, peer, _links.TryGetValue(peer.Id, out var before) ? before.Stopped : Task.CompletedTask, settings));
            var was = _links;
            Volatile.Write(ref _links, links.ToImmutable());
            EndOthers(was, isNewSelf);
        }
    }

    public bool TrySend(NodeId to, LinkFrame frame) => Volatile.Read(ref _links).TryGetValue(to, out var link) && link.TrySend(frame);

    /// <summary>Sends what waits, within <see cref="TransportLimits.CloseTimeout"/>, and ends all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        ImmutableDictionary<NodeId, PeerLink> links;
        lock (_gate)
        {
            _disposed = true;
            (links, _self) = (_links, default);
            Volatile.Write(ref _links, ImmutableDictionary<NodeId, PeerLink>.Empty);
        }
        foreach (var link in links.Values)
            link.Stop();
        await Task.WhenAll(links.Values.Select(static link => link.Stopped));
        _inbound.End(static _ => true, LinkErrors.Stopped);
    }

    /// <summary>A stream says for whom and from whom it is, so those of a run of ours that is over end, and those of runs that records no longer list.</summary>
    private void EndOthers(ImmutableDictionary<NodeId, PeerLink> was, bool isNewSelf)
    {
        foreach (var (id, link) in was)
        {
            if (_links.TryGetValue(id, out var now) && now == link)
                continue;
            link.Stop();
            if (now is null)
                _inbound.End(from => from == id, new LinkError(LinkErrorCode.Closed, "no longer a peer"));
        }
        if (isNewSelf)
            _inbound.End(static _ => true, new LinkError(LinkErrorCode.Closed, "joining again as another run"));
    }

    private LinkError? Admit(PeerIdentity self, PeerIdentity peer, FrameStream frames, string address)
    {
        lock (_gate)
        {
            if (self.Name != _self.Name || self.Incarnation != _self.Incarnation)
                return new LinkError(LinkErrorCode.NotReady, "this node is joining its cluster again");
            var listed = _links.Keys.FirstOrDefault(id => id.Name == peer.Name).Incarnation;
            return _inbound.TryAdd(frames, peer, address, listed);
        }
    }

    private async Task ReceiveAsync(FrameStream frames, PeerIdentity peer, CancellationToken stopping)
    {
        // Had it changed since the stream was admitted, the stream would have ended.
        var (from, to) = (new NodeId(peer.Name, peer.Incarnation), Self);
        var assembly = new FrameAssembly();
        try
        {
            while (await frames.ReadAsync(stopping) is { } bytes)
            {
                var (whole, fault) = assembly.Add(_parser.ParseFrom(bytes));
                if (fault is not null)
                    frames.End(new LinkError(LinkErrorCode.Garbage, fault));
                else if (whole is not null && !Take(whole, from, to))
                    break;
            }
        }
        catch (InvalidProtocolBufferException garbage)
        {
            frames.End(LinkErrors.OfStream(garbage));
        }
        finally
        {
            _inbound.Remove(frames);
        }
        var ended = frames.Ended.IsCompleted ? await frames.Ended : LinkErrors.Stopped;
        if (ended.Code is not (LinkErrorCode.Closed or LinkErrorCode.Lost) && _complaints.IsNew(peer.Name, ended.Code))
            LogBroken(_logger, peer.Name, ended);
    }

    private bool Take(Wire.Frame frame, NodeId from, NodeId to)
    {
        if (_receiver is not { } receiver)
            return false;
        var (message, fault) = _codec.Decode(frame);
        if (message is null)
        {
            Interlocked.Increment(ref _unreadable);
            if (_complaints.IsNew($"{from.Name}: {fault}", LinkErrorCode.Garbage))
                LogUnreadable(_logger, from.Name, fault!);
            return true;
        }
        Interlocked.Increment(ref _received);
        receiver.Received(new LinkFrame(from, to, frame.Number, message));
        return true;
    }

    private sealed class Host(Http2ClusterTransport transport) : IStreamHost
    {
        public PeerIdentity? Self => transport.Self is { Name: not null } self
            ? new PeerIdentity(transport._options.ClusterName, PeerRole.Node, self.Name, self.Incarnation)
            : null;

        public PeerRole Serves => PeerRole.Node;

        public LinkError? Admit(PeerIdentity self, PeerIdentity peer, FrameStream frames, string address) => transport.Admit(self, peer, frames, address);

        public Task ServeAsync(FrameStream frames, RemotePeer peer, CancellationToken stopping) => transport.ReceiveAsync(frames, peer.Identity, stopping);
    }
}
