using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport;
using MultiCluster.Cluster.Transport.Http2;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

public sealed class ClusterTransportTests
{
    [Fact]
    public async Task Messages_arrive_once_and_in_order_both_ways()
    {
        var (a, b) = await TestNode.PairAsync();
        await using var _ = a;
        await using var __ = b;
        for (var number = 0; number < 1000; number++)
        {
            Assert.True(a.TrySend(b.Id, number));
            Assert.True(b.TrySend(a.Id, -number));
        }
        await a.Receiver.FramesAsync(1000);
        await b.Receiver.FramesAsync(1000);
        Assert.Equal(Enumerable.Range(0, 1000).Select(number => new LinkFrame(a.Id, b.Id, number + 1, new ShardMoving(number, 1))), b.Receiver.Frames);
        Assert.Equal(Enumerable.Range(0, 1000), a.Receiver.Frames.Select(static frame => -((ShardMoving)frame.Message).Shard));
    }

    [Fact]
    public async Task A_message_of_megabytes_arrives_whole()
    {
        var (a, b) = await TestNode.PairAsync();
        await using var _ = a;
        await using var __ = b;
        var text = string.Concat(Enumerable.Range(0, 1_000_000).Select(static number => $"{number:d7}\n"));
        Assert.True(a.TrySend(b.Id, new TableDelta([new("web/shop", new TableVersion(1, 1), text)])));
        await b.Receiver.FramesAsync(1);
        Assert.Equal(text, ((TableDelta)b.Receiver.Frames[0].Message).Entries[0].Payload);
    }

    [Fact]
    public async Task Entries_of_more_than_a_frame_arrive_as_one_message_without_those_that_no_frame_holds()
    {
        var (a, b) = await TestNode.PairAsync(TestNode.Options with { Limits = TestNode.Limits with { MaxFrameBytes = 5000, SendQueueBytes = 10_000 } });
        await using var _ = a;
        await using var __ = b;
        var entries = Enumerable.Range(0, 40).Select(static number => new TableEntry($"web/{number}", new TableVersion(1, number), new string('x', 1500))).ToList();
        var tooLarge = new TableEntry("web/large", new TableVersion(1, 99), new string('x', 6000));
        while (!a.TrySend(b.Id, new TableDelta([.. entries, tooLarge])))
            await Task.Yield();
        while (!a.TrySend(b.Id, new BucketEntries(3, [.. entries])))
            await Task.Yield();
        await b.Receiver.FramesAsync(2);
        Assert.Equal(entries, ((TableDelta)b.Receiver.Frames[0].Message).Entries);
        Assert.Equal(3, ((BucketEntries)b.Receiver.Frames[1].Message).Bucket);
        Assert.Equal(entries, ((BucketEntries)b.Receiver.Frames[1].Message).Entries);
        Assert.Equal((2L, 1L), (b.Transport.State.Received, a.StateOf("b").Unsendable));
    }

    [Fact]
    public async Task Works_over_a_unix_socket()
    {
        var path = Path.Combine(Path.GetTempPath(), $"mc-{Guid.NewGuid():n}.sock");
        await using var b = await TestNode.StartAsync("b", listen: $"unix:{path}");
        await using var a = await TestNode.StartAsync("a");
        a.Join(b.AsPeer);
        await a.Receiver.UpAsync(b.Id);
        Assert.True(a.TrySend(b.Id, 7));
        await b.Receiver.FramesAsync(1);
        Assert.Equal($"unix:{path}", a.StateOf("b").Address);
    }

    [Fact]
    public async Task Nothing_is_taken_for_a_peer_that_is_not_connected()
    {
        await using var a = await TestNode.StartAsync("a");
        var nobody = new NodeId("b", "1");
        Assert.False(a.TrySend(nobody, 1));
        a.Join(new Peer(nobody, "127.0.0.1:1"));
        Assert.False(a.TrySend(nobody, 1));
        await a.Log.SaysAsync("no connection");
        var state = a.StateOf("b");
        Assert.False(state.Connected);
        Assert.Equal(LinkErrorCode.Unreachable, state.LastError!.Code);
        Assert.Contains("127.0.0.1:1", state.LastError.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_shows_peers_and_who_has_dialled()
    {
        var (a, b) = await TestNode.PairAsync();
        await using var _ = a;
        await using var __ = b;
        a.TrySend(b.Id, 1);
        await b.Receiver.FramesAsync(1);
        var state = a.Transport.State;
        Assert.Equal(a.Id, state.Self);
        var peer = Assert.Single(state.Peers);
        Assert.Equal((b.Id, b.Address, true), (peer.Id, peer.Address, peer.Connected));
        Assert.Equal(b.Id, Assert.Single(state.Inbound).Id);
        Assert.Equal(1, b.Transport.State.Received);
    }

    [Fact]
    public async Task A_peer_that_is_no_longer_one_goes_down_and_is_sent_nothing()
    {
        var (a, b) = await TestNode.PairAsync();
        await using var _ = a;
        await using var __ = b;
        a.Join();
        Assert.False(a.TrySend(b.Id, 1));
        await a.Receiver.NoticesAsync($"up {b.Id}", $"down {b.Id}");
        Assert.Empty(a.Transport.State.Peers);
    }

    [Fact]
    public async Task Joining_again_as_another_run_makes_all_connections_anew()
    {
        var (a, b) = await TestNode.PairAsync();
        await using var _ = a;
        await using var __ = b;
        var old = a.Id;
        a.JoinAs("2", b.AsPeer);
        await a.Receiver.NoticesAsync($"up {b.Id}", $"down {b.Id}", $"up {b.Id}");
        await b.Receiver.DownAsync(old);
        Assert.False(a.Transport.TrySend(b.Id, new LinkFrame(old, b.Id, 9, new ShardMoving(1, 1))));
        b.Join(a.AsPeer);
        await b.Receiver.UpAsync(a.Id);
        Assert.True(b.TrySend(a.Id, 5));
        await a.Receiver.FramesAsync(1);
        Assert.Equal(a.Id, a.Receiver.Frames[0].To);
    }

    [Fact]
    public async Task A_peer_that_has_restarted_is_reached_when_its_new_run_is_known()
    {
        await using var a = await TestNode.StartAsync("a");
        var b = await TestNode.StartAsync("b");
        await using var relay = new TcpRelay(b.Port);
        a.Join(new Peer(b.Id, relay.Address));
        await a.Receiver.UpAsync(b.Id);
        await b.DisposeAsync();
        await a.Receiver.DownAsync(b.Id);
        await using var again = await TestNode.StartAsync("b", incarnation: "2");
        relay.Target = again.Port;
        await a.Log.SaysAsync("its record says 1");
        Assert.Equal(LinkErrorCode.OtherNode, a.StateOf("b").LastError!.Code);
        a.Join(new Peer(again.Id, relay.Address));
        await a.Receiver.UpAsync(again.Id);
        Assert.True(a.TrySend(again.Id, 1));
        Assert.False(a.TrySend(b.Id, 1));
    }

    [Fact]
    public async Task A_node_that_has_not_joined_is_asked_again_and_not_complained_about()
    {
        await using var b = await TestNode.StartAsync("b", joined: false);
        await using var relay = new TcpRelay(b.Port);
        await using var a = await TestNode.StartAsync("a");
        a.Join(new Peer(b.Id, relay.Address));
        await relay.AcceptedAsync(3);
        Assert.Equal(LinkErrorCode.NotReady, a.StateOf("b").LastError!.Code);
        b.Join();
        await a.Receiver.UpAsync(b.Id);
        Assert.Equal(0, a.Log.Count("no connection"));
        Assert.Equal(0, b.Log.Count("refused"));
    }

    [Fact]
    public async Task What_was_sent_before_a_graceful_stop_arrives()
    {
        var (a, b) = await TestNode.PairAsync();
        await using var _ = b;
        for (var number = 0; number < 5000; number++)
            Assert.True(a.TrySend(b.Id, number));
        await a.DisposeAsync();
        await b.Receiver.FramesAsync(5000);
        await b.Receiver.DownAsync(a.Id);
        Assert.False(a.TrySend(b.Id, 1));
        a.Log.HasNoErrors();
        b.Log.HasNoErrors();
    }

    [Fact]
    public async Task A_message_that_can_never_be_sent_is_dropped_and_blocks_nothing()
    {
        var (a, b) = await TestNode.PairAsync(TestNode.Options with { Limits = TestNode.Limits with { MaxFrameBytes = 2000 } });
        await using var _ = a;
        await using var __ = b;
        Assert.True(a.TrySend(b.Id, new ReplyEnvelope(1, new Version(1, 2))));
        Assert.True(a.TrySend(b.Id, new ReplyEnvelope(2, new string('x', 3000))));
        Assert.True(a.TrySend(b.Id, new ReplyEnvelope(3, new string('x', 3000))));
        Assert.True(a.TrySend(b.Id, 4));
        await b.Receiver.FramesAsync(1);
        Assert.Equal(new ShardMoving(4, 1), b.Receiver.Frames[0].Message);
        Assert.Equal(3, a.StateOf("b").Unsendable);
        Assert.Equal(1, a.Log.Count("Version has no encoding"));
        Assert.Equal(1, a.Log.Count("above the largest frame"));
    }
}
