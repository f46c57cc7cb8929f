using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using MultiCluster.Actors;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Client;
using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Sessions.Http2;
using MultiCluster.Controller.Wire;
using MultiCluster.TestKit.Actors;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Tests.Sessions.Http2;

/// <summary>Both ends of one connection over a socket, by hand.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Everything ends in DisposeAsync of IAsyncLifetime.")]
public sealed class StreamDuplexTests : IAsyncLifetime
{
    private static readonly AgentIdentity Agent = new("test", "edge-1", "9");
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TransportOptions Options = new() { ClusterName = "test", Limits = new TransportLimits { SendQueueBytes = 512 * 1024 } };

    /// <summary>For what must arrive however busy the machine is.</summary>
    private static readonly TransportOptions Patient = Options with { Limits = Options.Limits with { CloseTimeout = Deadline } };

    private readonly ActorSystem _system = new("test", new ActorSystemOptions());
    private readonly LogRecorder _log = new();
    private TestProbe _hub = null!;
    private SessionServer _server = null!;

    public async Task InitializeAsync()
    {
        _hub = new TestProbe(_system, "hub");
        _server = await SessionServer.StartAsync("one", Patient, _hub.Ref, _log);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _system.DisposeAsync();
    }

    [Fact]
    public async Task Messages_of_both_sides_arrive_in_order_and_each_side_says_who_the_other_is()
    {
        var (agent, controller) = await ConnectAsync();
        Assert.Equal($"node 'one'#1 at {_server.Address}", agent.Peer);
        Assert.Equal("proxy 'edge-1'#9 at 127.0.0.1", controller.Peer);
        for (var number = 1; number <= 100; number++)
        {
            Assert.Null(await agent.SendAsync(new AgentMessage.Applied(number), CancellationToken.None));
            Assert.Null(await controller.SendAsync(new ControllerMessage.Refusal($"{number}"), CancellationToken.None));
        }
        for (var number = 1; number <= 100; number++)
        {
            Assert.Equal(new AgentMessage.Applied(number), (await ReceiveAsync(controller)).Message);
            Assert.Equal(new ControllerMessage.Refusal($"{number}"), (await ReceiveAsync(agent)).Message);
        }
        await agent.DisposeAsync();
        await controller.DisposeAsync();
    }

    [Fact]
    public async Task The_last_words_of_an_agent_arrive()
    {
        var (agent, controller) = await ConnectAsync();
        var last = new AgentMessage.Nack(3, 2, "rows don't fit their end", []);
        Assert.Null(await agent.SendAsync(last, CancellationToken.None));
        var leaving = agent.DisposeAsync().AsTask();
        Assert.Equal(last, (await ReceiveAsync(controller)).Message);
        Assert.Equal("closed by the peer", (await ReceiveAsync(controller)).Ended);
        await controller.DisposeAsync();
        await leaving.WaitAsync(Deadline);
        Assert.NotNull(await agent.SendAsync(last, CancellationToken.None));
        Assert.NotNull((await ReceiveAsync(agent)).Ended);
        await agent.DisposeAsync();
    }

    [Fact]
    public async Task The_last_words_of_a_controller_arrive()
    {
        var (agent, controller) = await ConnectAsync();
        var waiting = ReceiveAsync(controller);
        Assert.Null(await controller.SendAsync(new ControllerMessage.Refusal("not here"), CancellationToken.None));
        await controller.DisposeAsync();
        Assert.Equal(new ControllerMessage.Refusal("not here"), (await ReceiveAsync(agent)).Message);
        Assert.Equal("closed by the peer", (await ReceiveAsync(agent)).Ended);
        Assert.Equal("closed by this process", (await waiting).Ended);
        await agent.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_ends_before_the_hub_takes_it_is_let_go_of()
    {
        var agent = await OpenAsync(Options);
        await agent.DisposeAsync();
        var controller = (await _hub.ExpectAsync<SessionProtocol.Accept>()).Connection;
        Assert.NotNull((await ReceiveAsync(controller)).Ended);
        await _server.DisposeAsync().AsTask().WaitAsync(Deadline);
    }

    [Fact]
    public async Task A_send_waits_while_the_other_side_does_not_read_and_loses_nothing()
    {
        var (agent, controller) = await ConnectAsync();
        var text = new string('x', 64 * 1024);
        var sent = 0;
        Task<string?> sending;
        while ((sending = controller.SendAsync(new ControllerMessage.Refusal(text), CancellationToken.None).AsTask()).IsCompleted)
        {
            Assert.Null(await sending);
            Assert.True(++sent < 1000, "what waits has no bound");
        }
        for (var received = 0; received <= sent; received++)
            Assert.Equal(text, ((ControllerMessage.Refusal)(await ReceiveAsync(agent)).Message!).Reason);
        Assert.Null(await sending.WaitAsync(Deadline));
        await agent.DisposeAsync();
        await controller.DisposeAsync();
    }

    [Fact]
    public async Task A_session_under_another_name_than_the_streams_is_over_at_its_hello()
    {
        var (agent, controller) = await ConnectAsync();
        Assert.Null(await agent.SendAsync(new AgentMessage.Hello("test", "edge-2", "9", 0, []), CancellationToken.None));
        Assert.Equal("proxy 'edge-1'#9 says it is 'edge-2'#9 of cluster 'test'", (await ReceiveAsync(controller)).Ended);
        await controller.DisposeAsync();
        await agent.DisposeAsync();
    }

    [Theory]
    [InlineData("session-later", "sent by a newer version")]
    [InlineData("session-refusal", "does not belong on this side")]
    [InlineData("session-ack", "not an envelope")]
    public async Task What_cannot_be_read_ends_the_session_in_words(string type, string said)
    {
        var (_, bytes) = DomainCodec.Encode(new ControllerMessage.Refusal("x"));
        var (stream, error) = await new PeerDialer(Options, ProxySessionEndpoints.Path, TimeProvider.System).OpenAsync<P.SessionFrame, P.SessionFrame>(
            new PeerTarget(_server.Address), new PeerIdentity("test", PeerRole.Proxy, "edge-1", "9"), CancellationToken.None);
        Assert.True(stream is not null, error?.Text);
        await using var raw = stream;
        var frame = new P.SessionFrame { Type = type, Envelope = type == "session-ack" ? ByteString.CopyFrom(0xff) : ByteString.CopyFrom(bytes.Span) };
        Assert.Equal(SendOutcome.Taken, raw.TrySend(frame));
        var controller = (await _hub.ExpectAsync<SessionProtocol.Accept>()).Connection;
        Assert.Contains(said, (await ReceiveAsync(controller)).Ended, StringComparison.Ordinal);
        await controller.DisposeAsync();
        Assert.Null(await raw.ReceiveAsync(CancellationToken.None).AsTask().WaitAsync(Deadline));
    }

    [Fact]
    public void An_agent_of_another_cluster_than_its_transport_is_a_bug() =>
        Assert.Throws<ArgumentException>(() => new Http2ControllerConnector(Options, Agent with { Cluster = "other" }, TimeProvider.System));

    private async Task<(IDuplex<AgentMessage, ControllerMessage> Agent, IDuplex<ControllerMessage, AgentMessage> Controller)> ConnectAsync()
    {
        var agent = await OpenAsync(Patient);
        return (agent, (await _hub.ExpectAsync<SessionProtocol.Accept>()).Connection);
    }

    private async Task<IDuplex<AgentMessage, ControllerMessage>> OpenAsync(TransportOptions options)
    {
        var opened = await new Http2ControllerConnector(options, Agent, TimeProvider.System).ConnectAsync(_server.Address, CancellationToken.None);
        Assert.True(opened.IsOk, opened.Error);
        return opened.Value;
    }

    private static Task<Incoming<T>> ReceiveAsync<TOut, T>(IDuplex<TOut, T> connection)
        where T : class => connection.ReceiveAsync(CancellationToken.None).AsTask().WaitAsync(Deadline);
}
