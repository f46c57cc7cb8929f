using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests.TestKit;

public sealed class TestProbeTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_failure_names_what_was_missing_what_came_before_and_what_waits()
    {
        await using var test = new DeterministicSystem();
        var probe = test.Probe("p");
        object[] sent = ["one", 2, "three"];
        foreach (var message in sent)
            probe.Ref.Tell(message);
        test.Run();
        await probe.ExpectAsync("one");
        var wrong = await Assert.ThrowsAsync<ProbeException>(() => probe.ExpectAsync<string>());
        Assert.Equal("/user/p: Expected String, but got 2. Came before: one, 2. Still waiting: three.", wrong.Message);
        var missing = await Assert.ThrowsAsync<ProbeException>(() => probe.ExpectAsync<Terminated>(Short));
        Assert.Contains("Missing Terminated: it did not come within", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fishing_passes_over_what_does_not_match()
    {
        await using var test = new DeterministicSystem();
        var probe = test.Probe();
        for (var i = 0; i < 5; i++)
            probe.Ref.Tell(i);
        test.Run();
        Assert.Equal(3, await probe.FishAsync<int>(n => n == 3, "a three"));
        var e = await Assert.ThrowsAsync<ProbeException>(() => probe.FishAsync<int>(n => n == 9, "a nine", Short));
        Assert.Contains("Missing a nine", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_expected_fails_on_something()
    {
        await using var test = new DeterministicSystem();
        var probe = test.Probe();
        probe.ExpectNothing();
        probe.Ref.Tell("surprise");
        test.Run();
        Assert.Contains("surprise", Assert.Throws<ProbeException>(probe.ExpectNothing).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_livelock_is_reported_with_its_seed()
    {
        var dispatcher = new DeterministicDispatcher(17);
        var system = new ActorSystem("livelock", new ActorSystemOptions { Dispatcher = dispatcher });
        system.ActorOf(LambdaActor.Props((self, m) => self.Ctx.Self.Tell(m))).Tell("again");
        var e = Assert.Throws<InvalidOperationException>(() => dispatcher.RunUntilIdle(stepLimit: 1_000));
        Assert.Contains("Seed 17", e.Message, StringComparison.Ordinal);
    }
}
