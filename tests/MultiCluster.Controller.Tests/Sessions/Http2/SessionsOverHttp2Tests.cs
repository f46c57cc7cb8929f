using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Sessions.Http2;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Sessions.Http2;

/// <summary>Hubs of controllers and a proxy's agent over sockets, with mutual TLS.</summary>
public sealed class SessionsOverHttp2Tests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly AgentOptions Quick = new()
    {
        BackoffBase = TimeSpan.FromMilliseconds(10), BackoffCap = TimeSpan.FromMilliseconds(50), ConnectTimeout = TimeSpan.FromSeconds(10),
    };

    private static readonly AgentIdentity Identity = new("test", "edge-1", "life");

    private readonly TestPki _pki = new();
    private readonly LogRecorder _log = new();
    private readonly ActorSystem _system = new("test", new ActorSystemOptions());
    private readonly List<SessionServer> _servers = [];
    private readonly TestProbe _proxy;

    public SessionsOverHttp2Tests() => _proxy = new TestProbe(_system, "haproxy");

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        await _system.DisposeAsync();
        _pki.Dispose();
    }

    [Fact]
    public async Task Rows_reach_the_proxy_and_what_its_HAProxy_holds_comes_back()
    {
        var (hub, server) = await StartAsync("one");
        hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 1)]));
        var agent = StartAgent(server.Address);
        var change = await FishRouteAsync("a");
        agent.Tell(new SessionProtocol.VersionApplied(change.Delta.Version));
        var view = await ViewAsync(hub, static view => view.AppliedPosition == 1);
        Assert.Equal(("edge-1", "proxy 'edge-1'#life at 127.0.0.1"), (view.Proxy, view.Peer));
        hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("b", 1, 2)]));
        await FishRouteAsync("b");
    }

    [Fact]
    public async Task A_large_table_comes_whole()
    {
        var (hub, server) = await StartAsync("one");
        hub.Tell(new SessionProtocol.RowsChanged([.. Enumerable.Range(1, 5_000).Select(static n => Rows.Live($"i{n}", 1, n))]));
        hub.Tell(new RouteTableProtocol.ReadinessChanged(new Readiness([], GaveUpWaiting: false)));
        StartAgent(server.Address);
        var first = await _proxy.FishAsync<RouteTableProtocol.Changed>(static _ => true, "the snapshot", Deadline);
        Assert.Equal(5_000, first.Delta.Routes.Length);
    }

    [Fact]
    public async Task When_its_controller_stops_the_agent_goes_to_the_next_address()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        var agent = StartAgent(one.Server.Address, two.Server.Address);
        var first = (await AgentAsync(agent, static view => view.Address is not null)).Node;
        var (near, far) = first == "one" ? (one, two) : (two, one);
        near.Hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 1)]));
        await FishRouteAsync("a");
        await near.Server.DisposeAsync();
        await AgentAsync(agent, view => view.Address == far.Server.Address && view.Node != first);
        far.Hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("b", 1, 2)]));
        await FishRouteAsync("b");
    }

    [Fact]
    public async Task A_connection_that_is_cut_or_falls_silent_is_made_anew_and_carries_on()
    {
        var (hub, server) = await StartAsync("one");
        await using var relay = new TcpRelay(server.Port);
        var agent = StartAgent(Quick with { SilenceTimeout = TimeSpan.FromSeconds(1) }, Transport("multicluster://test/proxy/edge-1"), relay.Address);
        hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 1)]));
        await FishRouteAsync("a");
        relay.Cut();
        hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("b", 1, 2)]));
        await FishRouteAsync("b");
        relay.Swallow();
        await AgentAsync(agent, static view => view.Address is null);
        hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("c", 1, 3)]));
        relay.Heal();
        await FishRouteAsync("c");
        await UntilAsync(() => SessionsAsync(hub), static views => views.Length == 1, "the sessions of lost connections to end");
    }

    [Theory]
    [InlineData("multicluster://test/proxy/edge-2", "add the URI multicluster://test/proxy/edge-1")]
    [InlineData("multicluster://test/node/edge-1", "add the URI multicluster://test/proxy/edge-1")]
    [InlineData("multicluster://other/proxy/edge-1", "may not accept our certificate")]
    public async Task A_certificate_of_somebody_else_opens_no_session(string uri, string said)
    {
        var (hub, server) = await StartAsync("one");
        var agent = StartAgent(Quick, Transport(uri), server.Address);
        await AgentAsync(agent, view => view.Problem?.Contains(said, StringComparison.Ordinal) == true);
        Assert.Empty(await SessionsAsync(hub));
    }

    [Fact]
    public async Task A_refusal_of_the_session_reaches_the_agent()
    {
        var (_, server) = await StartAsync("one", hubCluster: "elsewhere");
        var agent = StartAgent(server.Address);
        await AgentAsync(agent, static view => view.Problem?.Contains("this is cluster \"elsewhere\"", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_node_that_has_not_joined_its_cluster_sends_proxies_on()
    {
        var (_, waiting) = await StartAsync("one", isReady: false);
        var agent = StartAgent(waiting.Address);
        await AgentAsync(agent, static view => view.Problem?.Contains("has not joined its cluster", StringComparison.Ordinal) == true);
        var (_, ready) = await StartAsync("two");
        var other = StartAgent(Quick, Transport("multicluster://test/proxy/edge-1"), waiting.Address, ready.Address);
        await AgentAsync(other, static view => view.Node == "two");
    }

    private async Task<(IActorRef Hub, SessionServer Server)> StartAsync(string node, string hubCluster = "test", bool isReady = true)
    {
        var options = new SessionOptions { Heartbeat = TimeSpan.FromMilliseconds(100), AnswerTimeout = TimeSpan.FromSeconds(5) };
        var settings = new HubSettings(hubCluster, node, "1", 2, IsOnly: false, options, null, null, NullLogger.Instance);
        var hub = _system.ActorOf(Props.Create(() => new ProxyHub(settings)).WithMailbox(new MailboxOptions { Capacity = int.MaxValue }), $"hub-{node}");
        var transport = new TransportOptions { ClusterName = "test", Tls = _pki.Node(node) };
        var server = await SessionServer.StartAsync(node, transport, hub, _log, isReady);
        _servers.Add(server);
        return (hub, server);
    }

    private TransportOptions Transport(string uri) => new() { ClusterName = "test", Tls = TestPki.Load(_pki.Issue($"agent-{Guid.NewGuid():n}", uri)) };

    private IActorRef StartAgent(params string[] addresses) => StartAgent(Quick, Transport("multicluster://test/proxy/edge-1"), addresses);

    private IActorRef StartAgent(AgentOptions options, TransportOptions transport, params string[] addresses)
    {
        var connector = new Http2ControllerConnector(transport, Identity, TimeProvider.System);
        var settings = new AgentSettings(Identity, [.. addresses], connector, null, options, new Random(1), NullLogger.Instance);
        var agent = _system.ActorOf(Props.Create(() => new ProxyAgent(settings)), $"agent-{Guid.NewGuid():n}");
        agent.Tell(new RouteTableProtocol.Subscribe(), _proxy.Ref);
        return agent;
    }

    private Task<RouteTableProtocol.Changed> FishRouteAsync(string name) => _proxy.FishAsync<RouteTableProtocol.Changed>(
        changed => changed.Delta.Routes.Any(route => route.Key == Rows.RouteOf(name) && route.Value is not null), $"the route of {name}", Deadline);

    private static async Task<System.Collections.Immutable.ImmutableArray<SessionView>> SessionsAsync(IActorRef hub) =>
        (await hub.AskAsync<SessionProtocol.Sessions>(new SessionProtocol.GetSessions(), Deadline)).Views;

    private static async Task<SessionView> ViewAsync(IActorRef hub, Predicate<SessionView> match) => (await UntilAsync(
        async () => (await SessionsAsync(hub)).FirstOrDefault(view => match(view)), static view => view is not null, "a matching session"))!;

    private static Task<AgentView> AgentAsync(IActorRef agent, Predicate<AgentView> match) => UntilAsync(
        () => agent.AskAsync<AgentView>(new SessionProtocol.GetAgent(), Deadline), match, "a matching state of the agent");

    private static async Task<T> UntilAsync<T>(Func<Task<T>> look, Predicate<T> match, string what)
    {
        using var expiry = new CancellationTokenSource(Deadline);
        while (true)
        {
            var seen = await look();
            if (match(seen))
                return seen;
            Assert.False(expiry.IsCancellationRequested, $"missing {what}; last seen {seen}");
            await Task.Yield();
        }
    }
}
