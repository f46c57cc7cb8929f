using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

public sealed class ObservabilityTests
{
    [Fact]
    public async Task The_hierarchy_shows_path_type_state_depth_and_restarts()
    {
        await using var test = new DeterministicSystem();
        var child = LambdaActor.Props((_, m) =>
        {
            if (m is "fail")
                throw new Boom();
        });
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), child), "parent");
        test.Run();
        parent.Tell("fail");
        test.Run();
        parent.Tell("waits");
        var root = test.System.Hierarchy();
        Assert.Equal(["/user", "/user/parent", "/user/parent/child"], root.Flatten().Select(n => n.Path.ToString()));
        var node = Assert.Single(root.Children);
        Assert.Equal((nameof(LambdaActor), ActorState.Running, 1, 0), (node.Type, node.State, node.MailboxDepth, node.Restarts));
        Assert.Equal(1, Assert.Single(node.Children).Restarts);
    }

    [Fact]
    public async Task No_more_than_a_hundred_quarantined_children_are_kept_for_show()
    {
        await using var test = new DeterministicSystem(configure: o => o with { GuardianStrategy = Supervisor.Always(Directive.Stop) });
        for (var i = 0; i < 150; i++)
            test.ActorOf(LambdaActor.Props((_, _) => throw new Boom()), $"n{i}").Tell("x");
        test.Run();
        var shown = test.System.Hierarchy().Children;
        Assert.Equal(100, shown.Count);
        Assert.All(shown, n => Assert.Equal(ActorState.Quarantined, n.State));
    }

    [Fact]
    public async Task The_meter_counts_dead_letters_by_reason_and_restarts_and_gauges_depth()
    {
        var sums = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "MultiCluster.Actors" && instrument.Meter.Tags!.Any(t => t.Value is "metered"))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) =>
            sums.AddOrUpdate($"{i.Name} {(tags.Length > 0 ? tags[0].Value : "")}", value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => sums[$"{i.Name} {tags[0].Value}"] = value);
        listener.Start();
        var dispatcher = new DeterministicDispatcher(1);
        await using var system = new ActorSystem("metered", new ActorSystemOptions { Dispatcher = dispatcher, GuardianStrategy = Supervisor.Always(Directive.Restart) });
        var actor = system.ActorOf(LambdaActor.Props((self, m) =>
        {
            if (m is "fail")
                throw new Boom();
            self.Drop(m);
        }));
        actor.Tell("fail");
        actor.Tell("unknown");
        listener.RecordObservableInstruments();
        Assert.Equal(2, sums["actor.mailbox.depth LambdaActor"]);
        dispatcher.RunUntilIdle();
        listener.RecordObservableInstruments();
        Assert.Equal(0, sums["actor.mailbox.depth LambdaActor"]);
        Assert.Equal(1, sums["actor.restarts LambdaActor"]);
        Assert.Equal(1, sums["actor.dead_letters Unhandled"]);
        var end = system.TerminateAsync(Deadline.Generous);
        dispatcher.RunUntilIdle();
        await end;
    }
}
