using System.Collections.Immutable;
using Microsoft.AspNetCore.Routing;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Transport;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Server;

namespace MultiCluster.Cluster.Tests.Transport.Http2.Support;

/// <summary>A transport with its server on a free port of loopback.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly PeerServer _server;
    private long _number;

    private TestNode(NodeId id, Http2ClusterTransport transport, PeerServer server, Recorder receiver, LogRecorder log)
    {
        Id = id;
        Transport = transport;
        _server = server;
        Receiver = receiver;
        Log = log;
    }

    /// <summary>Quick to try again; patient with a busy machine unless the test is about that.</summary>
    public static TransportLimits Limits { get; } = new()
    {
        MinBackoff = TimeSpan.FromMilliseconds(5),
        MaxBackoff = TimeSpan.FromMilliseconds(50),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        HandshakeTimeout = TimeSpan.FromSeconds(10),
        PingDelay = TimeSpan.FromSeconds(5),
        PingTimeout = TimeSpan.FromSeconds(20),
    };

    public static TransportOptions Options { get; } = new() { ClusterName = "test", Limits = Limits };

    public NodeId Id { get; private set; }

    public Http2ClusterTransport Transport { get; }

    public Recorder Receiver { get; }

    public LogRecorder Log { get; }

    public string Address => _server.Address;

    public int Port => int.Parse(Address[(Address.LastIndexOf(':') + 1)..]);

    public Peer AsPeer => new(Id, Address);

    /// <param name="joined">Whether it knows at once who it is.</param>
    public static async Task<TestNode> StartAsync(
        string name, TransportOptions? options = null, string incarnation = "1", string listen = "127.0.0.1:0", bool joined = true, Action<IEndpointRouteBuilder>? map = null)
    {
        var (log, receiver) = (new LogRecorder(), new Recorder());
        var transport = new Http2ClusterTransport(options ?? Options, new TextCodec(), TimeProvider.System, log);
        transport.Start(receiver);
        var (server, error) = await PeerServer.StartAsync(listen, options ?? Options, endpoints =>
        {
            endpoints.MapClusterTransport(transport);
            map?.Invoke(endpoints);
        }, log, CancellationToken.None);
        Assert.True(server is not null, error);
        var node = new TestNode(new NodeId(name, incarnation), transport, server, receiver, log);
        if (joined)
            node.Join();
        return node;
    }

    /// <summary>Two nodes that know each other and are connected both ways.</summary>
    public static async Task<(TestNode A, TestNode B)> PairAsync(TransportOptions? options = null)
    {
        var (a, b) = (await StartAsync("a", options), await StartAsync("b", options));
        a.Join(b.AsPeer);
        b.Join(a.AsPeer);
        await a.Receiver.UpAsync(b.Id);
        await b.Receiver.UpAsync(a.Id);
        return (a, b);
    }

    public void Join(params Peer[] peers) => Transport.SetPeers(Id, [.. peers]);

    public void JoinAs(string incarnation, params Peer[] peers)
    {
        Id = Id with { Incarnation = incarnation };
        Join(peers);
    }

    public bool TrySend(NodeId to, IPeerMessage message) => Transport.TrySend(to, new LinkFrame(Id, to, Interlocked.Increment(ref _number), message));

    public bool TrySend(NodeId to, long shard) => TrySend(to, new ShardMoving((int)shard, 1));

    public PeerState StateOf(string peer) => Transport.State.Peers.Single(state => state.Id.Name == peer);

    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync();
        await _server.DisposeAsync();
    }
}
