using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests;

/// <summary>What holds the routes fails, and with it all that told it what it knew.</summary>
public sealed class ControlPlaneTests : IAsyncDisposable
{
    private static readonly TimeSpan MemberTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRestart = TimeSpan.FromSeconds(7);

    private readonly DeterministicSystem _test;
    private readonly ProxyFixture _proxy = new();
    private readonly List<string> _sent = [];
    private readonly ScriptedSource _aws = new();
    private readonly ScriptedSource _gcp = new();
    private readonly IActorRef _control;
    private bool _runs;

    public ControlPlaneTests()
    {
        _test = new DeterministicSystem(1, static options => options with { GuardianStrategy = new OneForOneStrategy(maxRestarts: OneForOneStrategy.Unlimited) });
        var settings = new ControlPlaneSettings(
            new MemberRegistry([new MemberRegistration(Make.Aws, _aws, static () => [], null), new MemberRegistration(Make.Gcp, _gcp, static () => [], null)]),
            new ClassOptions(WatchWithoutClass: true),
            MemberTimeout,
            new ScriptedResolver(),
            ClusterSetup.Alone(),
            Status: null,
            ImmutableSortedDictionary<string, Func<ControlPlane.Core, Props>>.Empty.Add("proxy", core => Props.Create(() => new DrivenProxy(this, core.Table))),
            NullLoggerFactory.Instance);
        _control = _test.ActorOf(ControlPlane.Props(settings), "control");
        UntilRuns(1);
    }

    public static TheoryData<string> Failures => ["table", "replica", "region"];

    public async ValueTask DisposeAsync()
    {
        await _test.DisposeAsync();
        _proxy.Dispose();
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task When_table_replica_or_region_fails_all_is_read_again_and_HAProxy_keeps_what_it_has_until_then(string failing)
    {
        _aws.ListAll(Objects("a"));
        _gcp.ListAll([.. Objects("g"), .. Objects("old")]);
        Assert.Equal("a.example g.example old.example", await RoutesAsync());
        Assert.Equal("a.example g.example old.example", Held());

        await FailAsync(failing);
        UntilRuns(2);
        Assert.Equal((2, 2), (_aws.Runs, _gcp.Runs));
        Assert.Equal("", await RoutesAsync());
        Assert.Equal("a.example g.example old.example", Held());

        _aws.ListAll([.. Objects("a"), .. Objects("new")]);
        _test.Advance(MemberTimeout);
        Assert.Equal("a.example g.example new.example old.example", Held());

        _gcp.ListAll(Objects("g"));
        Assert.Equal("a.example g.example new.example", await RoutesAsync());
        Assert.Equal("a.example g.example new.example", Held());
        Assert.DoesNotContain(_sent, static line => line.Contains("a.example", StringComparison.Ordinal) || line.Contains("g.example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_fails_again_and_again_and_comes_back_each_time()
    {
        for (var i = 0; i < 20; i++)
        {
            _aws.ListAll(Objects("a"));
            _gcp.ListAll();
            Assert.Equal("a.example", await RoutesAsync());
            await FailAsync("table");
            UntilRuns(i + 2);
        }
    }

    [Fact]
    public async Task A_watcher_that_fails_restarts_alone()
    {
        _aws.ListAll(Objects("a"));
        _gcp.ListAll(Objects("g"));
        var before = await TreeAsync();
        _aws.End();
        _test.Advance(LongestRestart);
        Assert.Equal((2, 1), (_aws.Runs, _gcp.Runs));
        Assert.Same(before.Core.Table, (await TreeAsync()).Core.Table);
        Assert.Equal("a.example g.example", await RoutesAsync());
    }

    private static Resource[] Objects(string name) =>
        [Make.Ingress(name, $"{name}.example", name), Make.Service(name), Make.Slice(name, "10.0.0.1")];

    private async Task FailAsync(string actor)
    {
        var tree = await TreeAsync();
        _sent.Clear();
        IActorRef failing = actor switch { "table" => tree.Core.Table, "replica" => tree.Core.Node.Table, _ => tree.Core.Node.Region };
        failing.Tell(actor switch
        {
            "table" => new TableProtocol.Changed([null!]),
            "replica" => new TableProtocol.Publish(-1, 0, "", null),
            _ => new ShardingProtocol.ToEntity(null!, ""),
        });
        _test.Advance(LongestRestart);
        Assert.NotSame(tree.Core.Table, (await TreeAsync()).Core.Table);
    }

    /// <summary>The node joins anew, which takes the TTL of the run before.</summary>
    private void UntilRuns(int runs)
    {
        for (var waited = 0; _aws.Runs < runs || _gcp.Runs < runs; waited++)
        {
            Assert.True(waited < 1000, "the watchers did not start");
            _test.Advance(TimeSpan.FromMilliseconds(20));
        }
    }

    private Task<ControlPlane.Tree> TreeAsync() => AskAsync<ControlPlane.Tree>(_control, new ControlPlane.GetTree());

    private async Task<string> RoutesAsync()
    {
        _test.Run();
        var routes = await AskAsync<RouteTableProtocol.Routes>((await TreeAsync()).Core.Table, new RouteTableProtocol.GetRoutes());
        return string.Join(' ', routes.Table.Routes.Select(static item => item.Key.Host).Order(StringComparer.Ordinal));
    }

    /// <summary>Hosts that HAProxy routes.</summary>
    private string Held()
    {
        var entries = HAProxy.Data.RouteMaps.Routing.SelectMany(map => _proxy.Actual.Map(map).Keys);
        return string.Join(' ', entries.Select(static key => key.Split('/')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    private async Task<T> AskAsync<T>(IActorRef actor, object question)
    {
        var answer = actor.AskAsync<T>(question, TimeSpan.FromMinutes(10));
        _test.Run();
        Assert.True(answer.IsCompleted, $"no answer to {question}; actors: {string.Join(", ", _test.System.Hierarchy().Flatten().Select(static node => $"{node.Path} {node.State}"))}");
        return await answer;
    }

    /// <summary>The proxy's actor with a HAProxy that is only data.</summary>
    private sealed class DrivenProxy(ControlPlaneTests test, IActorRef table) : Actor
    {
        private readonly ProxyState _state = new(test._proxy.Settings);

        protected override ValueTask PreStartAsync()
        {
            table.Tell(new RouteTableProtocol.Subscribe(), Self);
            _state.OnOpened(test._runs ? test._proxy.Opened() : null, hadStartFile: test._runs, poolSizeOnDisk: 0);
            return default;
        }

        protected override ValueTask ReceiveAsync(object message)
        {
            switch (message)
            {
                case RouteTableProtocol.Snapshot snapshot:
                    _state.OnSnapshot(snapshot.Table, snapshot.Readiness);
                    break;
                case RouteTableProtocol.Changed changed:
                    _state.Take(changed.Delta);
                    break;
                case RouteTableProtocol.ReadinessChanged changed:
                    _state.OnReadiness(changed.Readiness);
                    break;
            }

            return default;
        }

        protected override ValueTask AfterBatchAsync()
        {
            if (!test._runs && _state.Decide() is NextStep.Open { Publish: true })
            {
                test._proxy.Reloaded(_state);
                test._runs = true;
            }

            test._sent.AddRange(test._proxy.RunUntilIdle(_state));
            return default;
        }
    }
}
