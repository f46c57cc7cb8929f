using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Transport;
using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Controller.Wire;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Persistence.Leases;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Admin;

/// <summary>The control planes of two controllers, a and b, that reach each other in memory; what they tell of proxies is the test's.</summary>
internal sealed class TwoControllers : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly DeterministicSystem _test = new();
    private readonly InMemoryLeaseStore _leases = new();
    private readonly List<End> _ends = [];
    private readonly Dictionary<string, IActorRef> _controls = [];

    private TwoControllers()
    {
    }

    public enum Questions
    {
        Arrive,
        AreLost,
        AreRefused,
    }

    /// <summary>What becomes of what one asks the other.</summary>
    public Questions Fate { get; set; }

    /// <summary>Of the proxy beside the controller, by its name; none beside others.</summary>
    public Dictionary<string, ProxyProtocol.Traffic> Beside { get; } = [];

    /// <summary>With proxies elsewhere, by the name of the controller.</summary>
    public Dictionary<string, ImmutableArray<SessionView>> Sessions { get; } = new() { ["a"] = [], ["b"] = [] };

    public static async Task<TwoControllers> StartAsync(params string[] withProxy)
    {
        var both = new TwoControllers();
        foreach (var name in new[] { "a", "b" })
            both.Start(name, withProxy.Contains(name));
        for (var waited = TimeSpan.Zero; !await both.AreUpAsync(); waited += TimeSpan.FromSeconds(1))
        {
            Assert.True(waited < TimeSpan.FromMinutes(1), "the two do not see each other up and connected");
            both._test.Advance(TimeSpan.FromSeconds(1));
        }

        return both;
    }

    /// <param name="passing">Time goes on until there is an answer; else it is there at once.</param>
    public async Task<MemberSessions> AskAsync(string controller, bool passing = false)
    {
        var tree = await TreeAsync(controller);
        var answer = MemberSessions.OfAsync(tree, TimeSpan.FromSeconds(5), CancellationToken.None);
        return await UntilAsync(answer, passing ? Step : TimeSpan.Zero);
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    public static SessionView Session(string proxy, params MemberLoad[]? loads) =>
        new(proxy, "1", "10.0.0.1", default, 0, 0, 0, 0, false, ImmutableSortedDictionary<string, string>.Empty) { Loads = loads is null ? null : [.. loads] };

    private void Start(string name, bool hasProxy)
    {
        var end = new End(this);
        _ends.Add(end);
        var ends = ImmutableSortedDictionary<string, Func<ControlPlane.Core, Props>>.Empty
            .Add(ControllerSystem.Desk, static core => Props.Create(() => new NodeDesk(core.Node)))
            .Add(ControllerSystem.Hub, _ => Props.Create(() => new Teller(question => question is SessionProtocol.GetSessions ? new SessionProtocol.Sessions(Sessions[name], 0) : null)));
        if (hasProxy)
            ends = ends.Add(ControllerSystem.LocalProxy, _ => Props.Create(() => new Teller(question => question is ProxyProtocol.GetTraffic ? Beside[name] : null)));
        var settings = new ControlPlaneSettings(
            new MemberRegistry([]), new ClassOptions(), TimeSpan.FromSeconds(30), new ScriptedResolver(),
            new ClusterSetup(new ClusterOptions { ClusterName = "test", NodeName = name, Address = name }, _leases, end, Store: null), Status: null, ends, NullLoggerFactory.Instance);
        _controls.Add(name, _test.ActorOf(ControlPlane.Props(settings), $"control-{name}"));
    }

    private async Task<bool> AreUpAsync()
    {
        foreach (var name in _controls.Keys)
        {
            var view = await UntilAsync(ClusterQueries.ViewAsync((await TreeAsync(name)).Core.Node, CancellationToken.None), TimeSpan.Zero);
            if (view.Nodes.Count(static node => node.State == NodeState.Up) < 2 || _ends.Exists(static end => !end.IsConnected))
                return false;
        }

        return true;
    }

    private Task<ControlPlane.Tree> TreeAsync(string controller) =>
        UntilAsync(_controls[controller].AskAsync<ControlPlane.Tree>(new ControlPlane.GetTree(), TimeSpan.FromMinutes(1)), TimeSpan.Zero);

    /// <summary>Answers pass through tasks, which take no part in the test's time.</summary>
    private async Task<T> UntilAsync<T>(Task<T> answer, TimeSpan step)
    {
        _test.Run();
        for (var began = TimeProvider.System.GetTimestamp(); !answer.IsCompleted; await Task.Yield())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"no {typeof(T).Name}");
            _test.Advance(step);
        }

        return await answer;
    }

    private void Connect()
    {
        foreach (var (one, other) in _ends.SelectMany(one => _ends.Where(other => other != one).Select(other => (one, other))))
            one.Meet(other);
    }

    private sealed class End(TwoControllers both) : IClusterTransport
    {
        private ITransportReceiver? _receiver;
        private NodeId _self;
        private ImmutableArray<Peer> _peers = [];
        private NodeId? _met;

        public bool IsConnected => _met is not null;

        public void Start(ITransportReceiver receiver) => _receiver = receiver;

        public void SetPeers(NodeId self, ImmutableArray<Peer> peers)
        {
            (_self, _peers) = (self, peers);
            both.Connect();
        }

        public bool TrySend(NodeId to, LinkFrame frame)
        {
            if (both._ends.Find(end => end._self == to && end._met == _self) is not { } other)
                return false;
            if (frame.Message is not INodeMessage)
                other._receiver!.Received(frame);
            else if (both.Fate == Questions.AreRefused)
                return false;
            else if (both.Fate == Questions.Arrive)
                other._receiver!.Received(frame with { Message = OverTheWire(frame.Message) });
            return true;
        }

        public void Meet(End other)
        {
            if (_met == other._self || !_peers.Any(peer => peer.Id == other._self) || !other._peers.Any(peer => peer.Id == _self))
                return;
            _met = other._self;
            _receiver!.PeerUp(other._self);
        }

        private static object OverTheWire(object message) => message switch
        {
            NodeQuestion question => question with { Message = OverTheCodec(question.Message) },
            NodeAnswer answer => answer with { Message = OverTheCodec(answer.Message) },
            _ => message,
        };

        private static object OverTheCodec(object payload)
        {
            var (type, bytes) = DomainCodec.Encode(payload);
            var decoded = DomainCodec.Decode(type, bytes, out var error);
            Assert.Null(error);
            return decoded!;
        }
    }

    private sealed class Teller(Func<object, object?> answer) : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            if (answer(message) is { } known)
                Context.Reply(known);
            return default;
        }
    }
}
