using System.Net;
using Google.Protobuf;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Cluster.Transport.Http2.Wire;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

/// <summary>What each wrong peer gets, and that it is said once.</summary>
public sealed class RefusalTests
{
    private static readonly byte[] GoodHello = RawPeer.Framed(HandshakeRules.Hello(new PeerIdentity("test", PeerRole.Node, "raw", "1"), ProtocolRange.Around(ClusterOptions.ProtocolVersion), "b"));

    [Fact]
    public Task A_node_of_another_cluster() =>
        RefusedAsync(TestNode.Options with { ClusterName = "other" }, LinkErrorCode.OtherCluster, "'other'", "'test'");

    [Fact]
    public Task A_node_with_an_older_protocol() =>
        RefusedAsync(TestNode.Options with { Versions = new ProtocolRange(0, 0) }, LinkErrorCode.ProtocolVersion, "protocol 0,", "'b' 1:", "upgrade one release at a time");

    [Fact]
    public Task A_node_with_a_newer_protocol() =>
        RefusedAsync(TestNode.Options with { Versions = new ProtocolRange(7, 8) }, LinkErrorCode.ProtocolVersion, "protocol 7 to 8", "'b' 1:");

    [Fact]
    public async Task The_next_protocol_version_is_spoken_with_as_this_one()
    {
        await using var b = await TestNode.StartAsync("b");
        await using var a = await TestNode.StartAsync("a", TestNode.Options with { Versions = ProtocolRange.Around(ClusterOptions.ProtocolVersion + 1) });
        a.Join(b.AsPeer);
        await a.Log.SaysAsync($"connected, protocol {ClusterOptions.ProtocolVersion}");
        b.Join(a.AsPeer);
        await b.Receiver.UpAsync(a.Id);
    }

    [Fact]
    public async Task Another_node_at_the_address()
    {
        await using var b = await TestNode.StartAsync("b");
        await using var a = await TestNode.StartAsync("a");
        a.Join(new Peer(new NodeId("c", "1"), b.Address));
        await a.Log.SaysAsync("answers at the address of 'c'");
        Assert.Equal(LinkErrorCode.OtherNode, a.StateOf("c").LastError!.Code);
    }

    [Fact]
    public async Task Two_live_nodes_with_one_name()
    {
        await using var b = await TestNode.StartAsync("b");
        await using var first = await TestNode.StartAsync("a", incarnation: "1");
        first.Join(b.AsPeer);
        await first.Receiver.UpAsync(b.Id);
        await using var relay = new TcpRelay(b.Port);
        await using var second = await TestNode.StartAsync("a", incarnation: "2");
        second.Join(new Peer(b.Id, relay.Address));
        await relay.AcceptedAsync(4);
        Assert.Equal(LinkErrorCode.NameInUse, second.StateOf("b").LastError!.Code);
        Assert.Equal(1, second.Log.Count("give each node its own"));
        Assert.Equal(1, b.Log.Count("give each node its own"));
        Assert.True(first.TrySend(b.Id, 1));
        await b.Receiver.FramesAsync(1);
        Assert.Equal([$"up {b.Id}"], first.Receiver.Notices);

        // The records decide: when they list the second, the first has lost the name.
        b.Join(second.AsPeer);
        await second.Receiver.UpAsync(b.Id);
        await first.Receiver.DownAsync(b.Id);
        Assert.Equal(second.Id, Assert.Single(b.Transport.State.Inbound).Id);
    }

    [Fact]
    public async Task A_node_with_our_own_name()
    {
        await using var b = await TestNode.StartAsync("b");
        await using var other = await TestNode.StartAsync("b", incarnation: "2");
        other.Join(b.AsPeer);
        await other.Log.SaysAsync("is in use by this node");
    }

    [Fact]
    public async Task A_first_frame_that_is_no_hello()
    {
        await using var b = await TestNode.StartAsync("b");
        foreach (var bytes in new[] { RawPeer.Framed([0xff, 0xff, 0xff]), RawPeer.Framed([]), RawPeer.Framed("GET / HTTP/1.1"u8.ToArray()) })
        {
            var (status, body, _) = await RawPeer.PostAsync(b.Address, bytes);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal((uint)LinkErrorCode.Garbage, HelloReply.Parser.ParseFrom(body.AsSpan(4)).Refusal.Code);
        }
        Assert.Equal(1, b.Log.Count("refused"));
    }

    [Fact]
    public async Task A_hello_that_is_cut_or_larger_than_any()
    {
        await using var b = await TestNode.StartAsync("b");
        Assert.Equal(LinkErrorCode.Truncated, (await RawPeer.PostAsync(b.Address, GoodHello[..^1])).End!.Code);
        Assert.Equal(LinkErrorCode.FrameTooLarge, (await RawPeer.PostAsync(b.Address, RawPeer.Framed(new byte[10_000]))).End!.Code);
        Assert.Equal(LinkErrorCode.Closed, (await RawPeer.PostAsync(b.Address, [])).End!.Code);
    }

    [Fact]
    public async Task Frames_that_are_cut_or_too_large_or_garbage_after_the_hello()
    {
        await using var b = await TestNode.StartAsync("b", TestNode.Options with { Limits = TestNode.Limits with { MaxFrameBytes = 5000 } });
        var good = RawPeer.Framed(new Frame { Number = 1, ShardMoving = new Cluster.Transport.Http2.Wire.ShardMoving { Shard = 1 } });
        async Task<LinkErrorCode> EndsAsync(byte[] bytes) => (await RawPeer.PostAsync(b.Address, [.. GoodHello, .. good, .. bytes])).End!.Code;
        Assert.Equal(LinkErrorCode.Closed, await EndsAsync([]));
        Assert.Equal(LinkErrorCode.Truncated, await EndsAsync(good[..^1]));
        Assert.Equal(LinkErrorCode.FrameTooLarge, await EndsAsync([0, 0, 0x13, 0x89]));
        Assert.Equal(LinkErrorCode.FrameTooLarge, await EndsAsync([0xff, 0xff, 0xff, 0xff]));
        Assert.Equal(LinkErrorCode.Garbage, await EndsAsync([0, 0, 0, 2, 0xff, 0xff]));
        Assert.Equal(LinkErrorCode.Garbage, await EndsAsync([.. RawPeer.Framed(new Frame { Number = 2, More = true, TableDelta = new TableDelta() }), .. good]));
        Assert.Equal(LinkErrorCode.Garbage, await EndsAsync(RawPeer.Framed(new Frame { Number = 2, More = true, StoreChanged = new StoreChanged() })));
        Assert.Equal(7, b.Receiver.Frames.Count);
        Assert.Equal(1, b.Log.Count("raw ended (said once per peer and kind): received a frame of"));
        b.Log.HasNoErrors();
    }

    [Fact]
    public async Task A_message_of_a_later_version_is_dropped_and_counted_and_what_follows_is_taken()
    {
        await using var b = await TestNode.StartAsync("b");
        byte[] unknown = [0, 0, 0, 5, 0xba, 0x3e, 0x02, 0x08, 0x01];
        var good = RawPeer.Framed(new Frame { Number = 2, ShardMoving = new Cluster.Transport.Http2.Wire.ShardMoving { Shard = 9 } });
        Assert.Equal(LinkErrorCode.Closed, (await RawPeer.PostAsync(b.Address, [.. GoodHello, .. unknown, .. unknown, .. good])).End!.Code);
        Assert.Equal(new MultiCluster.Cluster.Sharding.ShardMoving(9, 0), Assert.Single(b.Receiver.Frames).Message);
        Assert.Equal((1, 2), (b.Transport.State.Received, b.Transport.State.Unreadable));
        Assert.Equal(1, b.Log.Count("not known to this build"));
    }

    [Fact]
    public async Task Something_else_at_the_address()
    {
        await using var b = await TestNode.StartAsync("b");
        var dialer = new Cluster.Transport.Http2.Client.PeerDialer(TestNode.Options, "/elsewhere", TimeProvider.System);
        var (connection, error) = await dialer.DialAsync(new PeerTarget(b.Address), new PeerIdentity("test", PeerRole.Node, "a", "1"), CancellationToken.None);
        Assert.Null(connection);
        Assert.Equal(LinkErrorCode.NotAPeer, error!.Code);
        Assert.Contains("404", error.Text, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(TransportOptions wrong, LinkErrorCode code, params string[] says)
    {
        await using var b = await TestNode.StartAsync("b");
        await using var relay = new TcpRelay(b.Port);
        await using var a = await TestNode.StartAsync("a", wrong);
        a.Join(new Peer(b.Id, relay.Address));
        await relay.AcceptedAsync(4);
        var error = a.StateOf("b").LastError!;
        Assert.Equal(code, error.Code);
        Assert.All(says, part => Assert.Contains(part, error.Text, StringComparison.Ordinal));
        // Said once, however often it is tried; on a slow machine a try may also have taken too long.
        Assert.Equal(1, a.Log.Count(says[0]));
        Assert.Equal(1, b.Log.Count("refused"));
        Assert.Empty(a.Receiver.Notices);
        Assert.Empty(b.Transport.State.Inbound);
    }
}
