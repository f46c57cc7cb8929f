using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly EntityId Shop = EntityId.Backend(Make.Key("shop"));

    [Fact]
    public async Task The_table_is_complete_when_every_member_has_been_read()
    {
        await using var test = new DeterministicSystem();
        var (table, proxy) = await StartAsync(test, Make.Aws, Make.Gcp);
        table.Tell(new MemberProtocol.MemberSynced(Make.Gcp));
        table.Tell(new MemberProtocol.MemberSynced(Make.Gcp));
        test.Run();
        Assert.Equal("aws missing", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
        proxy.ExpectNothing();

        table.Tell(new MemberProtocol.MemberSynced(Make.Aws));
        test.Run();
        Assert.Equal("none missing, may start, complete", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
        test.Advance(Patience * 2);
        proxy.ExpectNothing();
    }

    [Fact]
    public async Task It_waits_as_long_as_it_may_then_starts_without_and_completes_later()
    {
        await using var test = new DeterministicSystem();
        var (table, proxy) = await StartAsync(test, Make.Aws, Make.Gcp);
        table.Tell(new MemberProtocol.MemberSynced(Make.Aws));
        test.Advance(Patience - TimeSpan.FromMilliseconds(1));
        Assert.Equal("gcp missing", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
        proxy.ExpectNothing();

        test.Advance(TimeSpan.FromMilliseconds(1));
        var changed = await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>();
        Assert.Equal("gcp missing, may start", Shown(changed));
        Assert.True(changed.Readiness.GaveUpWaiting);

        table.Tell(new MemberProtocol.MemberSynced(Make.Gcp));
        test.Run();
        Assert.Equal("none missing, may start, complete", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
    }

    /// <summary>What a restarted home cluster would name: whoever starts without it may add, and takes nothing away for good.</summary>
    [Fact]
    public async Task While_it_is_not_known_which_members_there_are_it_may_start_and_is_not_complete()
    {
        await using var test = new DeterministicSystem();
        var (table, proxy) = await StartAsync(test, Make.Aws, Readiness.UnknownMembers);
        table.Tell(new TableProtocol.Whole());
        test.Run();
        Assert.Equal("(members of the home cluster) missing", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
        Assert.Equal("(members of the home cluster) missing, may start", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
        test.Advance(Patience * 3);
        proxy.ExpectNothing();

        table.Tell(new MemberProtocol.MembersFound([Make.Aws]));
        test.Run();
        Assert.Equal("none missing, may start, complete", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
    }

    /// <summary>Its watcher runs on another node, which nobody here hears of but by the member's row.</summary>
    [Fact]
    public async Task A_member_that_is_found_late_is_missing_until_its_row_has_been_fresh_for_a_while()
    {
        await using var test = new DeterministicSystem();
        var (table, proxy) = await StartAsync(test, Make.Aws, Readiness.UnknownMembers);
        table.Tell(new TableProtocol.Whole());
        table.Tell(new MemberProtocol.MembersFound([Make.Aws, Make.Gcp]));
        test.Run();
        await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>();
        await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>();
        Assert.Equal("gcp missing, may start", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
        table.Tell(PublishMember(1, isStale: true));
        test.Advance(Patience);
        await proxy.ExpectAsync<RouteTableProtocol.Changed>();
        proxy.ExpectNothing();

        table.Tell(PublishMember(2, isStale: false));
        test.Run();
        await proxy.ExpectAsync<RouteTableProtocol.Changed>();
        proxy.ExpectNothing();
        test.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("none missing, may start, complete", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
    }

    /// <summary>What was published of a member that is away came out of the database with the word of its watcher: then only removals wait for it.</summary>
    [Fact]
    public async Task A_member_that_is_away_is_remembered_when_all_owners_have_opened_and_its_watcher_had_read_it_once()
    {
        await using var test = new DeterministicSystem();
        var (table, proxy) = await StartAsync(test, Readiness.UnknownMembers, Make.Gcp);
        table.Tell(PublishMember(1, isStale: true, [new KindCount(ResourceKind.Ingress, 3)]));
        test.Run();
        await proxy.ExpectAsync<RouteTableProtocol.Changed>();
        proxy.ExpectNothing();

        table.Tell(new TableProtocol.Ready());
        test.Run();
        Assert.Equal("(members of the home cluster) gcp missing, may start, remembered", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
        // What can be read now may have been written in this life, by a controller without its database.
        table.Tell(PublishMember(2, isStale: false, [new KindCount(ResourceKind.Ingress, 3)]));
        test.Run();
        await proxy.ExpectAsync<RouteTableProtocol.Changed>();
        Assert.Equal("(members of the home cluster) gcp missing, may start", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
        // One that never was read is not.
        table.Tell(PublishMember(3, isStale: true));
        test.Run();
        await proxy.ExpectAsync<RouteTableProtocol.Changed>();
        table.Tell(PublishMember(4, isStale: true, [new KindCount(ResourceKind.Ingress, 3)]));
        test.Run();
        Assert.Equal("(members of the home cluster) gcp missing, may start, remembered", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
        table.Tell(new MemberProtocol.MembersFound([Make.Gcp, Make.Aws]));
        test.Run();
        Assert.Equal("aws gcp missing, may start", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
    }

    /// <summary>A node that has not joined its cluster yet, or whose owners are still reading, would else start a HAProxy with nothing in it.</summary>
    [Fact]
    public async Task While_nothing_is_known_or_more_comes_it_does_not_give_up_waiting()
    {
        await using var test = new DeterministicSystem();
        var (table, proxy) = await StartAsync(test, Make.Aws);
        test.Advance(Patience * 3);
        proxy.ExpectNothing();

        table.Tell(PublishRoute());
        for (var version = 1; version < 10; version++)
        {
            table.Tell(Publish(version, $"10.0.0.{version}"));
            test.Advance(TimeSpan.FromSeconds(2));
            await proxy.ExpectAsync<RouteTableProtocol.Changed>();
            proxy.ExpectNothing();
        }

        test.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("aws missing, may start", Shown(await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()));
    }

    [Fact]
    public async Task A_subscriber_gets_what_there_is_and_then_every_change()
    {
        await using var test = new DeterministicSystem();
        var (table, early) = await StartAsync(test, Make.Aws);
        table.Tell(PublishRoute());
        table.Tell(Publish(1, "10.0.0.1"));
        test.Run();
        Assert.Single((await early.ExpectAsync<RouteTableProtocol.Changed>()).Delta.Backends);

        var late = test.Probe("late");
        // In one batch with the question: the snapshot must hold it and it must not come again.
        table.Tell(Publish(2, "10.0.0.2"));
        table.Tell(new RouteTableProtocol.Subscribe(), late.Ref);
        test.Run();
        var snapshot = await late.ExpectAsync<RouteTableProtocol.Snapshot>();
        Assert.Equal(["10.0.0.2"], World.Addresses(snapshot.Table.Backends.Single().Value!));
        late.ExpectNothing();
        Assert.Equal(snapshot.Table.Version, (await early.ExpectAsync<RouteTableProtocol.Changed>()).Delta.Version);
    }

    [Fact]
    public async Task All_that_was_published_before_reaches_the_proxy_before_word_that_the_member_is_read()
    {
        await using var test = new DeterministicSystem();
        var (table, proxy) = await StartAsync(test, Make.Aws);
        table.Tell(PublishRoute());
        table.Tell(Publish(1, "10.0.0.1"));
        table.Tell(new MemberProtocol.MemberSynced(Make.Aws));
        test.Run();
        var delta = (await proxy.ExpectAsync<RouteTableProtocol.Changed>()).Delta;
        Assert.Equal((1, 1), (delta.Routes.Length, delta.Backends.Length));
        await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>();
    }

    /// <summary>The watcher hears from owners elsewhere that all is settled; their rows take another way.</summary>
    [Fact]
    public async Task A_member_is_not_taken_for_read_before_its_rows_have_come_out_of_the_replica()
    {
        await using var test = new DeterministicSystem();
        var replica = test.Probe("replica");
        var settings = new RouteTableSettings([Make.Aws], Patience, Task.FromResult(replica.Ref), NullLogger.Instance);
        var table = test.ActorOf(Props.Create(() => new RouteTable(settings)));
        var proxy = test.Probe("proxy");
        table.Tell(new MemberProtocol.MemberSynced(Make.Aws));
        table.Tell(new RouteTableProtocol.Subscribe(), proxy.Ref);
        test.Run();
        Assert.False((await proxy.ExpectAsync<RouteTableProtocol.Snapshot>()).Readiness.IsComplete);
        await replica.ExpectAsync<TableProtocol.Subscribe>();
        var echo = await replica.ExpectAsync<TableProtocol.Echo>();
        table.Tell(PublishRoute());
        table.Tell(Publish(1, "10.0.0.1"));
        test.Run();
        await proxy.ExpectAsync<RouteTableProtocol.Changed>();
        proxy.ExpectNothing();

        table.Tell(echo.Message);
        test.Run();
        Assert.True((await proxy.ExpectAsync<RouteTableProtocol.ReadinessChanged>()).Readiness.IsComplete);
    }

    [Fact]
    public async Task An_older_version_and_one_that_says_the_same_change_nothing()
    {
        await using var test = new DeterministicSystem();
        var (table, proxy) = await StartAsync(test, Make.Aws);
        table.Tell(PublishRoute());
        table.Tell(Publish(2, "10.0.0.2"));
        test.Run();
        await proxy.ExpectAsync<RouteTableProtocol.Changed>();
        table.Tell(Publish(1, "10.0.0.1"));
        table.Tell(Publish(3, "10.0.0.2"));
        test.Run();
        proxy.ExpectNothing();
    }

    [Fact]
    public async Task Endpoints_are_sent_once_a_route_refers_to_their_service()
    {
        await using var test = new DeterministicSystem();
        var (table, proxy) = await StartAsync(test, Make.Aws);
        table.Tell(Publish(1, "10.0.0.1"));
        test.Run();
        proxy.ExpectNothing();

        table.Tell(PublishRoute());
        test.Run();
        var delta = (await proxy.ExpectAsync<RouteTableProtocol.Changed>()).Delta;
        Assert.Single(delta.Routes);
        Assert.Equal(["10.0.0.1"], World.Addresses(delta.Backends.Single().Value!));
    }

    [Fact]
    public async Task Without_members_there_is_nothing_to_wait_for()
    {
        await using var test = new DeterministicSystem();
        var (_, proxy) = await StartAsync(test);
        test.Advance(Patience * 2);
        proxy.ExpectNothing();
    }

    [Fact]
    public async Task A_certificate_that_expires_while_the_table_is_at_work_costs_nothing()
    {
        var clock = new RunningClock();
        await using var system = new ActorSystem("test", new ActorSystemOptions { TimeProvider = clock });
        var table = system.ActorOf(Props.Create(() => new RouteTable(new RouteTableSettings([], Patience, new TaskCompletionSource<IActorRef>().Task, NullLogger.Instance))));
        table.Tell(PublishRoute());
        // Between an even and an odd look at the clock, and between an odd and an even one.
        table.Tell(PublishCertificate("one", clock.Start + TimeSpan.FromMinutes(30.5)));
        table.Tell(PublishCertificate("two", clock.Start + TimeSpan.FromMinutes(41.5)));
        for (var i = 1; i <= 60; i++)
        {
            table.Tell(Publish(i, $"10.0.0.{i}"));
            var routes = await table.AskAsync<RouteTableProtocol.Routes>(new RouteTableProtocol.GetRoutes(), TimeSpan.FromDays(1));
            Assert.Single(routes.Table.Routes);
        }
    }

    /// <summary>Every look at it takes a minute; its timers don't fire.</summary>
    private sealed class RunningClock : TimeProvider
    {
        private long _looks;

        public DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Start + TimeSpan.FromMinutes(Interlocked.Increment(ref _looks));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private static async Task<(IActorRef Table, TestProbe Proxy)> StartAsync(DeterministicSystem test, params MemberName[] members)
    {
        var replica = test.ActorOf(Props.Create(static () => new Replica()), "replica");
        var settings = new RouteTableSettings([.. members], Patience, Task.FromResult(replica), NullLogger.Instance);
        var table = test.ActorOf(Props.Create(() => new RouteTable(settings)));
        var proxy = test.Probe("proxy");
        table.Tell(new RouteTableProtocol.Subscribe(), proxy.Ref);
        test.Run();
        var snapshot = await proxy.ExpectAsync<RouteTableProtocol.Snapshot>();
        Assert.True(snapshot.Table.IsEmpty);
        Assert.Equal(members, snapshot.Readiness.Missing);
        return (table, proxy);
    }

    /// <summary>Tells nothing of its own.</summary>
    private sealed class Replica : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            if (message is TableProtocol.Echo(var back))
                Context.Reply(back);
            return default;
        }
    }

    private static TableProtocol.Changed PublishRoute()
    {
        var ingress = Make.Key("shop");
        var claim = new RouteClaim(
            new RouteKey("shop.example", "", PathMatch.Prefix),
            new BackendRef(Shop.Key, PortRef.Numbered(80)),
            [Make.Aws],
            new Rank(DateTimeOffset.UnixEpoch, Make.Aws, ingress));
        var fragment = new Fragment.Ingress(ingress, [claim], [], [Make.Aws], []);
        return Changed(new EntityRecord.Ingress(ingress, [], fragment), 1);
    }

    private static TableProtocol.Changed PublishMember(long version, bool isStale, EquatableArray<KindCount> footprint = default)
    {
        var traits = new MemberTraits(MemberState.Active) { IsStale = isStale };
        var word = new MemberWord(Make.Gcp, EquatableMap.Empty, MemberState.Active, isStale, "", []) { Footprint = footprint };
        return Changed(new EntityRecord.Member(Make.Gcp, [word], MemberOrders.None, new Fragment.Member(Make.Gcp, traits)), version);
    }

    private static TableProtocol.Changed PublishCertificate(string name, DateTimeOffset expiry)
    {
        var ingress = Make.Key(name);
        var certificate = new Certificate(name, new Secret(default), DateTimeOffset.UnixEpoch, expiry, ["shop.example"]);
        var fragment = new Fragment.Ingress(ingress, [], [new TlsClaim("shop.example", certificate, name, new Rank(DateTimeOffset.UnixEpoch, Make.Aws, ingress))], [Make.Aws], []);
        return Changed(new EntityRecord.Ingress(ingress, [], fragment), 1);
    }

    private static TableProtocol.Changed Publish(long version, string address)
    {
        var endpoints = new BackendPort("", 80, "", [new BackendEndpoint(address, 8080, "", "", "")]);
        var fragment = new Fragment.Backend(Shop.Key, [new MemberBackend(Make.Aws, [endpoints])]);
        return Changed(new EntityRecord.Backend(Shop.Key, [], [], fragment), version);
    }

    private static TableProtocol.Changed Changed(EntityRecord record, long version) =>
        new([new TableEntry(EntityKeys.Of(record.Entity), new TableVersion(1, version), record)]);

    private static string Shown(RouteTableProtocol.ReadinessChanged changed)
    {
        var readiness = changed.Readiness;
        var missing = readiness.Missing.IsEmpty ? "none" : string.Join(' ', readiness.Missing);
        return $"{missing} missing{(readiness.MayStart ? ", may start" : "")}{(readiness.IsComplete ? ", complete" : "")}{(readiness.RemembersMissing ? ", remembered" : "")}";
    }
}
