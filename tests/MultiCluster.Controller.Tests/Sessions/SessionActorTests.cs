using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.Model.Routing;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Sessions;

/// <summary>The actors over connections in memory: hubs of two controllers, an agent, and a probe in the place of its HAProxy.</summary>
public sealed class SessionActorTests : IAsyncDisposable
{
    private static readonly Readiness Whole = new([], GaveUpWaiting: false);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly AgentOptions Quick = new()
    {
        BackoffBase = TimeSpan.FromMilliseconds(10), BackoffCap = TimeSpan.FromMilliseconds(50), ConnectTimeout = TimeSpan.FromSeconds(1),
    };

    private readonly ActorSystem _system = new("test", new ActorSystemOptions());
    private readonly SwitchBoard _board = new();
    private readonly TestProbe _proxy;

    public SessionActorTests() => _proxy = new TestProbe(_system, "haproxy");

    [Fact]
    public async Task Rows_of_a_controller_reach_the_proxy_as_routes()
    {
        var hub = Hub("one");
        hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 1)]));
        hub.Tell(new RouteTableProtocol.ReadinessChanged(Whole));
        StartAgent("one");
        Assert.False((await _proxy.ExpectAsync<RouteTableProtocol.Snapshot>()).Readiness.MayStart);
        Assert.Equal("a.example", (await _proxy.ExpectAsync<RouteTableProtocol.Changed>()).Delta.Routes.Single().Key.Host);
        Assert.True((await _proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()).Readiness.IsComplete);
        hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("b", 1, 2), Rows.Tombstone("a", 1, 3)]));
        var change = await _proxy.ExpectAsync<RouteTableProtocol.Changed>();
        Assert.Equal([true, false], change.Delta.Routes.Select(static route => route.Value is null));
    }

    [Fact]
    public async Task What_HAProxy_holds_is_told_to_the_controller()
    {
        var hub = Hub("one");
        var agent = StartAgent("one");
        hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 1)]));
        var change = await FishRouteAsync("a");
        Assert.Equal(0, (await ViewAsync(hub, static view => view.AckedPosition == 1)).AppliedPosition);
        agent.Tell(new SessionProtocol.VersionApplied(change.Delta.Version));
        var view = await ViewAsync(hub, static view => view.AppliedPosition == 1);
        Assert.Equal(("edge-1", 1L), (view.Proxy, view.TablePosition));
    }

    [Fact]
    public async Task When_its_controller_is_gone_the_agent_goes_to_another_that_is_behind_and_nothing_reverts()
    {
        var (one, two) = (Hub("one"), Hub("two"));
        one.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 2, "new"), Rows.Live("b", 1, 3)]));
        one.Tell(new RouteTableProtocol.ReadinessChanged(Whole));
        two.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 1, "old")]));
        two.Tell(new RouteTableProtocol.ReadinessChanged(Whole));
        _board.Refuse("two");
        var agent = StartAgent("one", "two");
        await FishRouteAsync("b");
        _board.Refuse("one");
        _board.Allow("two");
        await _board.CutAsync("one");
        await AgentAsync(agent, static view => view.Node == "two" && view.RowsIgnored > 0);
        two.Tell(new SessionProtocol.RowsChanged([Rows.Live("c", 1, 4)]));
        Assert.Equal("c.example", Assert.Single((await FishRouteAsync("c")).Delta.Routes).Key.Host);
        var table = await SubscribeAsync(agent);
        Assert.Equal(["a.example new", "b.example web", "c.example web"], table.Routes.Select(static route => $"{route.Key.Host} {route.Value!.Backend.Ref.Service.Name}"));
    }

    [Fact]
    public async Task Two_controllers_that_alternate_lead_to_the_merged_table()
    {
        var hubs = new[] { Hub("one"), Hub("two") };
        foreach (var hub in hubs)
            hub.Tell(new RouteTableProtocol.ReadinessChanged(Whole));
        var agent = StartAgent("one", "two");
        for (var round = 1; round <= 6; round++)
        {
            var (near, far) = round % 2 == 0 ? ("one", "two") : ("two", "one");
            _board.Refuse(far);
            _board.Allow(near);
            await _board.CutAsync(far);
            hubs[round % 2].Tell(new SessionProtocol.RowsChanged([Rows.Live($"r{round}", 1, round)]));
            await FishRouteAsync($"r{round}");
        }

        Assert.Equal(6, (await SubscribeAsync(agent)).Routes.Length);
    }

    [Fact]
    public async Task Without_any_controller_the_proxy_is_told_to_keep_what_it_has()
    {
        _board.Refuse("nowhere");
        var agent = StartAgent("nowhere");
        var snapshot = await _proxy.ExpectAsync<RouteTableProtocol.Snapshot>();
        Assert.True(snapshot.Table.IsEmpty);
        Assert.False(snapshot.Readiness.IsComplete);
        Assert.Equal("nowhere is refused", (await AgentAsync(agent, static view => view.Problem != "not connected yet")).Problem);
    }

    [Fact]
    public async Task A_controller_that_takes_connections_and_says_nothing_is_left()
    {
        Hub("one");
        var identity = new AgentIdentity("prod", "edge-1", "life");
        var options = Quick with { SilenceTimeout = TimeSpan.FromMilliseconds(50) };
        var agents = Enumerable.Range(0, 4).Select(seed => StartAgent(
            new AgentSettings(identity, ["mute", "one"], _board, null, options, new Random(seed), NullLogger.Instance), $"agent-{seed}")).ToList();
        foreach (var agent in agents)
            await AgentAsync(agent, static view => view.Node == "one");
    }

    [Fact]
    public async Task An_agent_of_another_cluster_is_told_so()
    {
        Hub("one");
        var agent = StartAgent(new AgentIdentity("staging", "edge-1", "life"), "one");
        Assert.Contains("this is cluster \"prod\"", (await AgentAsync(agent, static view => view.Problem?.Contains("refused") == true)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_higher_epoch_that_a_proxy_has_seen_is_passed_on()
    {
        var epochs = new TestProbe(_system, "epochs");
        Hub("one", epochs.Ref);
        StartAgent(new AgentIdentity("prod", "edge-1", "life"), new AgentMemory([new FragmentVersion(41, 7)]), "one");
        await epochs.ExpectAsync<SessionProtocol.HubStarted>();
        Assert.Equal(new SessionProtocol.EpochSeen(41), await epochs.ExpectAsync<SessionProtocol.EpochSeen>());
    }

    [Fact]
    public async Task A_large_table_comes_whole_and_a_session_that_ended_is_listed_no_more()
    {
        var hub = Hub("one");
        hub.Tell(new SessionProtocol.RowsChanged([.. Enumerable.Range(1, 5_000).Select(static n => Rows.Live($"i{n}", 1, n))]));
        hub.Tell(new RouteTableProtocol.ReadinessChanged(Whole));
        StartAgent("one");
        Assert.Equal(5_000, (await _proxy.FishAsync<RouteTableProtocol.Changed>(static _ => true, "the snapshot")).Delta.Routes.Length);
        await ViewAsync(hub, static view => view.AckedPosition > 0);
        _board.Refuse("one");
        await _board.CutAsync("one");
        await UntilAsync(async () => (await hub.AskAsync<SessionProtocol.Sessions>(new SessionProtocol.GetSessions(), Deadline)).Views.IsEmpty, "an empty list of sessions");
    }

    [Fact]
    public async Task A_proxy_that_reads_nothing_costs_neither_memory_nor_other_proxies()
    {
        var hub = Hub("one");
        var (slow, controller) = InMemoryDuplex.Pair(capacity: 1);
        hub.Tell(new SessionProtocol.Accept(controller));
        Assert.Null(await slow.SendAsync(new AgentMessage.Hello("prod", "slow", "1", 0, []), CancellationToken.None));
        StartAgent("one");
        for (var n = 1; n <= 10_000; n++)
            hub.Tell(new SessionProtocol.RowsChanged([Rows.Live($"i{n % 20}", 1, n)]));
        hub.Tell(new SessionProtocol.RowsChanged([Rows.Live("last", 1, 20_000)]));
        await FishRouteAsync("last");
        var views = await UntilAsync(
            async () => (await hub.AskAsync<SessionProtocol.Sessions>(new SessionProtocol.GetSessions(), Deadline)).Views,
            static views => views.Any(static view => view is { Proxy: "slow", TablePosition: > 0 }),
            "the slow session");
        Assert.InRange(views.Single(static view => view.Proxy == "slow").Waiting, 0, 21);
        await slow.DisposeAsync();
    }

    [Fact]
    public async Task A_hub_that_is_cut_off_sends_its_proxies_to_another()
    {
        var (one, two) = (Hub("one"), Hub("two"));
        _board.Refuse("two");
        var agent = StartAgent("one", "two");
        await AgentAsync(agent, static view => view.Node == "one");
        _board.Allow("two");
        one.Tell(new SessionProtocol.CutOff(true));
        await AgentAsync(agent, static view => view.Node == "two");
        two.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 1)]));
        await FishRouteAsync("a");
    }

    [Fact]
    public async Task A_hub_that_is_cut_off_serves_who_finds_no_other_and_asks_again()
    {
        var (one, _) = (Hub("one"), Hub("two"));
        _board.Refuse("two");
        one.Tell(new SessionProtocol.CutOff(true));
        var agent = StartAgent("one", "two");
        await AgentAsync(agent, static view => view.Node == "one");
        one.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 1)]));
        await FishRouteAsync("a");
        _board.Allow("two");
        one.Tell(new SessionProtocol.CutOff(true));
        await AgentAsync(agent, static view => view.Node == "two");
    }

    [Fact]
    public async Task A_hub_that_is_cut_off_sends_nobody_away_twice()
    {
        var (one, _) = (Hub("one"), Hub("two"));
        _board.Refuse("two");
        var agent = StartAgent("one", "two");
        await AgentAsync(agent, static view => view.Node == "one");
        var connections = _board.Connections("one");
        one.Tell(new SessionProtocol.CutOff(true));
        await UntilAsync(() => Task.FromResult(_board.Connections("one")), count => count > connections, "the agent coming back");
        one.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 1)]));
        await FishRouteAsync("a");
        Assert.Equal(connections + 1, _board.Connections("one"));
    }

    [Fact]
    public async Task A_hub_that_is_cut_off_no_more_sends_nobody_away()
    {
        var one = Hub("one");
        one.Tell(new SessionProtocol.CutOff(true));
        one.Tell(new SessionProtocol.CutOff(false));
        var agent = StartAgent("one");
        await AgentAsync(agent, static view => view.Node == "one");
        one.Tell(new SessionProtocol.RowsChanged([Rows.Live("a", 1, 1)]));
        await FishRouteAsync("a");
        Assert.Equal(1, _board.Connections("one"));
    }

    [Fact]
    public async Task A_hub_that_starts_asks_its_source_for_all_rows()
    {
        var source = new TestProbe(_system, "source");
        Hub("one", source: source.Ref);
        await source.ExpectAsync<SessionProtocol.GetRows>();
    }

    public async ValueTask DisposeAsync() => await _system.DisposeAsync();

    private IActorRef Hub(string node, IActorRef? epochs = null, IActorRef? source = null)
    {
        var options = new SessionOptions { Heartbeat = TimeSpan.FromMilliseconds(100) };
        var settings = new HubSettings("prod", node, "1", 2, IsOnly: false, options, source, epochs, NullLogger.Instance);
        var hub = _system.ActorOf(Props.Create(() => new ProxyHub(settings)).WithMailbox(new MailboxOptions { Capacity = int.MaxValue }), $"hub-{node}");
        _board.Add(node, hub);
        return hub;
    }

    private IActorRef StartAgent(params string[] addresses) => StartAgent(new AgentIdentity("prod", "edge-1", "life"), addresses);

    private IActorRef StartAgent(AgentIdentity identity, params string[] addresses) => StartAgent(identity, null, addresses);

    private IActorRef StartAgent(AgentIdentity identity, AgentMemory? memory, params string[] addresses)
    {
        var agent = StartAgent(new AgentSettings(identity, [.. addresses], _board, memory, Quick, new Random(1), NullLogger.Instance), "agent");
        agent.Tell(new RouteTableProtocol.Subscribe(), _proxy.Ref);
        return agent;
    }

    private IActorRef StartAgent(AgentSettings settings, string name) => _system.ActorOf(Props.Create(() => new ProxyAgent(settings)), name);

    private Task<RouteTableProtocol.Changed> FishRouteAsync(string name) => _proxy.FishAsync<RouteTableProtocol.Changed>(
        changed => changed.Delta.Routes.Any(route => route.Key == Rows.RouteOf(name) && route.Value is not null), $"the route of {name}");

    private async Task<RoutingDelta> SubscribeAsync(IActorRef agent)
    {
        var probe = new TestProbe(_system);
        agent.Tell(new RouteTableProtocol.Subscribe(), probe.Ref);
        return (await probe.ExpectAsync<RouteTableProtocol.Snapshot>()).Table;
    }

    private static Task<SessionView> ViewAsync(IActorRef hub, Predicate<SessionView> match) => UntilAsync(
        async () => (await hub.AskAsync<SessionProtocol.Sessions>(new SessionProtocol.GetSessions(), Deadline)).Views.FirstOrDefault(view => match(view)),
        static view => view is not null,
        "a matching session")!;

    private static Task<AgentView> AgentAsync(IActorRef agent, Predicate<AgentView> match) => UntilAsync(
        async () => await agent.AskAsync<AgentView>(new SessionProtocol.GetAgent(), Deadline), match, "a matching state of the agent");

    private static Task<bool> UntilAsync(Func<Task<bool>> condition, string what) => UntilAsync(condition, static met => met, what);

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

    /// <summary>Connects agents with hubs by name, as long as it may.</summary>
    private sealed class SwitchBoard : IControllerConnector
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, IActorRef> _hubs = new(StringComparer.Ordinal);
        private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _connections = new(StringComparer.Ordinal);
        private readonly Dictionary<string, IDuplex<AgentMessage, ControllerMessage>> _open = new(StringComparer.Ordinal);

        public void Add(string address, IActorRef hub)
        {
            lock (_gate)
                _hubs[address] = hub;
        }

        /// <summary>Made so far; who is sent away makes another.</summary>
        public int Connections(string address)
        {
            lock (_gate)
                return _connections.GetValueOrDefault(address);
        }

        public void Refuse(string address)
        {
            lock (_gate)
                _refused.Add(address);
        }

        public void Allow(string address)
        {
            lock (_gate)
                _refused.Remove(address);
        }

        public async Task CutAsync(string address)
        {
            IDuplex<AgentMessage, ControllerMessage>? connection;
            lock (_gate)
                _open.Remove(address, out connection);
            if (connection is not null)
                await connection.DisposeAsync();
        }

        public Task<Outcome<IDuplex<AgentMessage, ControllerMessage>>> ConnectAsync(string address, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                if (_refused.Contains(address))
                    return Task.FromResult<Outcome<IDuplex<AgentMessage, ControllerMessage>>>(new Failure($"{address} is refused"));
                var (agent, controller) = InMemoryDuplex.Pair();
                _open[address] = agent;
                _connections[address] = _connections.GetValueOrDefault(address) + 1;

                // Without a hub nobody answers.
                _hubs.GetValueOrDefault(address)?.Tell(new SessionProtocol.Accept(controller));
                return Task.FromResult(new Outcome<IDuplex<AgentMessage, ControllerMessage>>(agent));
            }
        }
    }
}
