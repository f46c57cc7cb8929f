using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport;
using MultiCluster.Cluster.Transport.Http2;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

public sealed class NetworkFaultTests
{
    [Fact]
    public async Task A_cut_connection_is_noticed_by_both_and_made_anew()
    {
        await using var b = await TestNode.StartAsync("b");
        await using var relay = new TcpRelay(b.Port);
        await using var a = await TestNode.StartAsync("a");
        a.Join(new Peer(b.Id, relay.Address));
        for (var time = 1; time <= 3; time++)
        {
            await a.Receiver.UpAsync(b.Id, time);
            Assert.True(a.TrySend(b.Id, time));
            await b.Receiver.FramesAsync(time);
            relay.Cut();
            await a.Receiver.DownAsync(b.Id, time);
        }
        Assert.Equal([1, 2, 3], b.Receiver.Frames.Select(static frame => ((ShardMoving)frame.Message).Shard));
        Assert.Equal(LinkErrorCode.Lost, a.StateOf("b").LastError!.Code);
    }

    [Fact]
    public async Task A_peer_that_vanishes_within_a_frame_leaves_nothing_of_it_and_the_next_connection_starts_clean()
    {
        await using var b = await TestNode.StartAsync("b");
        await using var relay = new TcpRelay(b.Port);
        await using var a = await TestNode.StartAsync("a");
        a.Join(new Peer(b.Id, relay.Address));
        await a.Receiver.UpAsync(b.Id);
        Assert.True(a.TrySend(b.Id, 1));
        await b.Receiver.FramesAsync(1);
        relay.CutsAfter = 1024 * 1024;
        Assert.True(a.TrySend(b.Id, new ReplyEnvelope(2, new string('x', 8 * 1024 * 1024))));
        await a.Receiver.DownAsync(b.Id);
        await a.Receiver.UpAsync(b.Id, 2);
        Assert.True(a.TrySend(b.Id, 3));
        await b.Receiver.FramesAsync(2);
        Assert.Equal([new ShardMoving(1, 1), new ShardMoving(3, 1)], b.Receiver.Frames.Select(static frame => frame.Message));
        Assert.Single(b.Transport.State.Inbound);
        b.Log.HasNoErrors();
    }

    [Fact]
    public async Task While_a_peer_refuses_it_is_tried_again_and_said_once()
    {
        await using var b = await TestNode.StartAsync("b");
        await using var relay = new TcpRelay(b.Port) { Refuses = true };
        await using var a = await TestNode.StartAsync("a");
        a.Join(new Peer(b.Id, relay.Address));
        await relay.AcceptedAsync(6);
        Assert.Equal(1, a.Log.Count("no connection"));
        relay.Heal();
        await a.Receiver.UpAsync(b.Id);
        relay.Refuses = true;
        relay.Cut();
        await a.Receiver.DownAsync(b.Id);
        await relay.AcceptedAsync(10);
        Assert.Equal(2, a.Log.Count("no connection"));
    }

    [Fact]
    public async Task A_black_hole_is_noticed_by_pings_on_both_sides()
    {
        var options = TestNode.Options with { Limits = TestNode.Limits with { PingDelay = TimeSpan.FromSeconds(1), PingTimeout = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(1), HandshakeTimeout = TimeSpan.FromSeconds(1) } };
        await using var b = await TestNode.StartAsync("b", options);
        await using var relay = new TcpRelay(b.Port);
        await using var a = await TestNode.StartAsync("a", options);
        a.Join(new Peer(b.Id, relay.Address));
        await a.Receiver.UpAsync(b.Id);
        relay.Swallow();
        await a.Receiver.DownAsync(b.Id);
        await a.Log.SaysAsync("has not answered within");
        Assert.Equal(LinkErrorCode.TimedOut, a.StateOf("b").LastError!.Code);
        relay.Heal();
        await a.Receiver.UpAsync(b.Id, 2);
        Assert.True(a.TrySend(b.Id, 9));
        await b.Receiver.FramesAsync(1);
        Assert.Single(b.Transport.State.Inbound);
    }

    [Fact]
    public async Task A_slow_network_keeps_the_order_and_the_connection()
    {
        await using var b = await TestNode.StartAsync("b");
        await using var relay = new TcpRelay(b.Port) { Delay = TimeSpan.FromMilliseconds(20) };
        await using var a = await TestNode.StartAsync("a");
        a.Join(new Peer(b.Id, relay.Address));
        await a.Receiver.UpAsync(b.Id);
        for (var number = 0; number < 2000; number++)
            Assert.True(a.TrySend(b.Id, number));
        await b.Receiver.FramesAsync(2000);
        Assert.Equal(Enumerable.Range(0, 2000), b.Receiver.Frames.Select(static frame => ((ShardMoving)frame.Message).Shard));
        Assert.Equal([$"up {b.Id}"], a.Receiver.Notices);
    }

    [Fact]
    public async Task A_slow_reader_bounds_what_waits_and_loses_nothing_that_was_taken()
    {
        const int Bound = 256 * 1024;
        var options = TestNode.Options with { Limits = TestNode.Limits with { SendQueueBytes = Bound } };
        await using var b = await TestNode.StartAsync("b", options);
        await using var a = await TestNode.StartAsync("a", options);
        using var gate = new ManualResetEventSlim();
        b.Receiver.OnFrame = gate.Wait;
        a.Join(b.AsPeer);
        await a.Receiver.UpAsync(b.Id);
        var text = new string('x', 4000);
        var taken = 0;
        while (a.StateOf("b").Refused < 1000)
        {
            if (a.TrySend(b.Id, new ReplyEnvelope(taken, text)))
                Assert.True(++taken < 5000, "what waits has no bound");
            else
                await Task.Yield();
            Assert.InRange(a.StateOf("b").QueuedBytes, 0, Bound);
        }
        Assert.Equal(1, a.Log.Count("as much waits as may"));
        gate.Set();
        await b.Receiver.FramesAsync(taken);
        Assert.Equal(Enumerable.Range(0, taken).Select(static number => (long)number), b.Receiver.Frames.Select(static frame => ((ReplyEnvelope)frame.Message).Number));
        Assert.Equal(0, a.StateOf("b").QueuedMessages);
    }
}
