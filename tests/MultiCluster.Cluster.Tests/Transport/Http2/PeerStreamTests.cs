using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Routing;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Client;
using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Cluster.Transport.Http2.Server;
using ClientStream = MultiCluster.Cluster.Transport.Http2.Framing.DuplexStream<Google.Protobuf.WellKnownTypes.StringValue, Google.Protobuf.WellKnownTypes.BytesValue>;
using ServerStream = MultiCluster.Cluster.Transport.Http2.Framing.DuplexStream<Google.Protobuf.WellKnownTypes.BytesValue, Google.Protobuf.WellKnownTypes.StringValue>;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

/// <summary>Typed streams, as between controller and proxies, beside those of nodes on one server.</summary>
public sealed class PeerStreamTests
{
    private const string Path = "/multicluster.proxy/v1";

    private static readonly PeerIdentity Proxy = new("test", PeerRole.Proxy, "edge-1", "9");

    [Fact]
    public async Task Both_sides_know_each_other_and_talk_at_their_own_pace()
    {
        await using var node = await StartAsync(static async (stream, stopping) =>
        {
            while (await stream.ReceiveAsync(stopping) is { } text)
                await stream.SendAsync(new BytesValue { Value = ByteString.CopyFromUtf8($"{stream.Peer.Identity.Name}: {text.Value}") }, stopping);
        });
        await using var stream = await OpenAsync(node);
        Assert.Equal(new PeerIdentity("test", PeerRole.Node, "a", "1"), stream.Peer.Identity);
        Assert.Equal(ClusterOptions.ProtocolVersion, stream.Peer.Version);
        for (var number = 0; number < 100; number++)
        {
            Assert.Equal(SendOutcome.Taken, stream.TrySend(new StringValue { Value = $"{number}" }));
            Assert.Equal($"edge-1: {number}", (await ReceiveAsync(stream))!.Value.ToStringUtf8());
        }
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams()
    {
        var node = await StartAsync(static async (stream, stopping) =>
        {
            while (await stream.ReceiveAsync(stopping) is not null)
            {
                // Waits for more.
            }
        });
        await using var stream = await OpenAsync(node);
        await node.DisposeAsync();
        Assert.Null(await ReceiveAsync(stream));
        Assert.Equal(LinkErrorCode.Closed, (await stream.Ended).Code);
    }

    [Fact]
    public async Task A_handler_that_fails_ends_the_stream_with_a_reason_and_an_error_in_its_log()
    {
        await using var node = await StartAsync(static async (stream, stopping) =>
        {
            await stream.ReceiveAsync(stopping);
            throw new InvalidOperationException("a bug");
        });
        await using var stream = await OpenAsync(node);
        Assert.Equal(SendOutcome.Taken, stream.TrySend(new StringValue()));
        Assert.Null(await ReceiveAsync(stream));
        Assert.Contains("its log says which", (await stream.Ended).Text, StringComparison.Ordinal);
        Assert.Contains("a bug", Assert.Single(node.Log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_sent_before_closing_arrives_either_way()
    {
        var heard = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var node = await StartAsync(async (stream, stopping) =>
        {
            for (var number = 0; number < 2000; number++)
                Assert.Equal(SendOutcome.Taken, stream.TrySend(new BytesValue { Value = ByteString.CopyFrom(new byte[100]) }));
            var count = 0;
            while (await stream.ReceiveAsync(stopping) is not null)
                count++;
            heard.TrySetResult(count);
        });
        var stream = await OpenAsync(node);
        for (var number = 0; number < 2000; number++)
            Assert.Equal(SendOutcome.Taken, stream.TrySend(new StringValue { Value = "x" }));
        var reading = CountAsync(stream);
        await stream.CloseAsync();
        Assert.Equal(2000, await heard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(2000, await reading);
    }

    /// <summary>
    /// While one stream is not read, another on the same server goes to and fro often enough for all to be sent; what is held back by then is held back for good.
    /// </summary>
    [Fact]
    public async Task A_client_that_does_not_read_is_felt_by_the_server()
    {
        const int total = 10_000;
        var sent = 0;
        var options = TestNode.Options with { Limits = TestNode.Limits with { SendQueueBytes = 512 * 1024 } };
        await using var node = await StartAsync(async (stream, stopping) =>
        {
            if (await stream.ReceiveAsync(stopping) is { Value: "all" })
            {
                var message = new BytesValue { Value = ByteString.CopyFrom(new byte[16 * 1024]) };
                while (sent < total && await stream.SendAsync(message, stopping) == SendOutcome.Taken)
                    Interlocked.Increment(ref sent);
                return;
            }
            while (await stream.ReceiveAsync(stopping) is not null)
                await stream.SendAsync(new BytesValue(), stopping);
        }, options);
        await using var unread = await OpenAsync(node, options);
        await using var other = await OpenAsync(node, options);
        Assert.Equal(SendOutcome.Taken, unread.TrySend(new StringValue { Value = "all" }));
        Assert.Equal(SendOutcome.Taken, other.TrySend(new StringValue { Value = "echo" }));
        for (var round = 0; round < 2 * total; round++)
        {
            Assert.Equal(SendOutcome.Taken, other.TrySend(new StringValue { Value = "x" }));
            Assert.NotNull(await ReceiveAsync(other));
        }
        Assert.InRange(Volatile.Read(ref sent), 1, total - 1);
        Assert.Equal(total, await CountAsync(unread));
    }

    [Fact]
    public async Task Only_the_role_that_is_served_gets_in()
    {
        await using var node = await StartAsync(static (_, _) => Task.CompletedTask);
        var (stream, error) = await Dialer().OpenAsync<StringValue, BytesValue>(new PeerTarget(node.Address), Proxy with { Role = PeerRole.Node }, CancellationToken.None);
        Assert.Null(stream);
        Assert.Equal(LinkErrorCode.Role, error!.Code);
    }

    [Fact]
    public async Task A_proxy_with_a_certificate_reaches_any_node_of_its_cluster()
    {
        using var pki = new TestPki();
        var server = TestNode.Options with { Tls = pki.Node("a") };
        await using var node = await StartAsync(static async (stream, stopping) => await stream.ReceiveAsync(stopping), server);
        var client = TestNode.Options with { Tls = TestPki.Load(pki.Issue("edge-1", "multicluster://test/proxy/edge-1")) };
        await using var stream = await OpenAsync(node, client);
        Assert.Equal("CN=a", stream.Peer.Certificate!.Subject);
        var (impostor, error) = await Dialer(client).OpenAsync<StringValue, BytesValue>(new PeerTarget(node.Address), Proxy with { Name = "edge-2" }, CancellationToken.None);
        Assert.Null(impostor);
        Assert.Equal(LinkErrorCode.Identity, error!.Code);
    }

    [Fact]
    public async Task Giving_up_a_dial_is_a_cancellation_and_not_an_error()
    {
        await using var node = await StartAsync(static (_, _) => Task.CompletedTask);
        await using var relay = new TcpRelay(node.Port);
        relay.Swallow();
        using var stop = new CancellationTokenSource();
        var opening = Dialer().OpenAsync<StringValue, BytesValue>(new PeerTarget(relay.Address), Proxy, stop.Token);
        await relay.AcceptedAsync(1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("host:port")]
    [InlineData("host:70000")]
    [InlineData("::1:7400")]
    [InlineData(":7400")]
    [InlineData("unix:relative")]
    [InlineData("http://127.0.0.1:7400")]
    public async Task An_address_that_is_none_is_an_error(string address)
    {
        var (_, error) = await Dialer().OpenAsync<StringValue, BytesValue>(new PeerTarget(address), Proxy, CancellationToken.None);
        Assert.Contains($"'{address}' must be", error!.Text, StringComparison.Ordinal);
        var (_, fault) = await PeerServer.StartAsync(address, TestNode.Options, static _ => { }, new LogRecorder(), CancellationToken.None);
        Assert.Contains("must be", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_an_error()
    {
        await using var node = await StartAsync(static (_, _) => Task.CompletedTask);
        var (server, error) = await PeerServer.StartAsync(node.Address, TestNode.Options, static _ => { }, new LogRecorder(), CancellationToken.None);
        Assert.Null(server);
        Assert.Contains(node.Address, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Backoff_doubles_up_to_its_bound_and_is_spread()
    {
        var limits = new TransportLimits { MinBackoff = TimeSpan.FromMilliseconds(100), MaxBackoff = TimeSpan.FromSeconds(1) };
        var backoff = new Backoff(limits, new Random(1));
        foreach (var longest in new[] { 100, 200, 400, 800, 1000, 1000 })
            Assert.InRange(backoff.Next().TotalMilliseconds, longest / 2.0, longest);
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalMilliseconds, 50, 100);
    }

    private static Task<TestNode> StartAsync(Func<ServerStream, CancellationToken, Task> handler, TransportOptions? options = null)
    {
        var streams = new PeerStreamOptions
        {
            Transport = options ?? TestNode.Options,
            Serves = PeerRole.Proxy,
            Self = static () => new PeerIdentity("test", PeerRole.Node, "a", "1"),
        };
        return TestNode.StartAsync("a", options, map: endpoints => Map(endpoints, streams, handler));
    }

    private static void Map(IEndpointRouteBuilder endpoints, PeerStreamOptions streams, Func<ServerStream, CancellationToken, Task> handler) =>
        endpoints.MapPeerStreams(Path, streams with { LoggerFactory = (Microsoft.Extensions.Logging.ILoggerFactory)endpoints.ServiceProvider.GetService(typeof(Microsoft.Extensions.Logging.ILoggerFactory))! }, handler);

    private static PeerDialer Dialer(TransportOptions? options = null) => new(options ?? TestNode.Options, Path, TimeProvider.System);

    private static async Task<ClientStream> OpenAsync(TestNode node, TransportOptions? options = null)
    {
        var (stream, error) = await Dialer(options).OpenAsync<StringValue, BytesValue>(new PeerTarget(node.Address), Proxy, CancellationToken.None);
        Assert.True(stream is not null, error?.Text);
        return stream;
    }

    private static Task<BytesValue?> ReceiveAsync(ClientStream stream) => stream.ReceiveAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private static async Task<int> CountAsync(ClientStream stream)
    {
        var count = 0;
        while (await ReceiveAsync(stream) is not null)
            count++;
        return count;
    }
}
