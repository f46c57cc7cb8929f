using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Children_stop_before_their_parents()
    {
        await using var test = new DeterministicSystem(seed: 7);
        List<string> stopped = [];
        var root = test.ActorOf(Tree(3, stopped), "root");
        var probe = test.Probe();
        probe.Watch(root);
        test.Run();
        root.Tell(PoisonPill.Instance);
        test.Run();
        await probe.ExpectAsync<Terminated>();
        Assert.Equal(15, stopped.Count);
        Assert.All(stopped, path => Assert.True(
            stopped.Where(other => other.StartsWith(path + "/", StringComparison.Ordinal)).All(o => stopped.IndexOf(o) < stopped.IndexOf(path)),
            $"{path} stopped before a child."));
    }

    [Fact]
    public async Task Stop_is_idempotent_and_its_hook_runs_once()
    {
        await using var test = new DeterministicSystem();
        var stops = 0;
        var actor = test.ActorOf(Props.Create(() => new LambdaActor((_, _) => { })
        {
            PostStop = _ =>
            {
                stops++;
                return default;
            },
        }));
        test.Run();
        var first = test.System.StopAsync(actor, Deadline.Generous);
        var second = test.System.StopAsync(actor, Deadline.Generous);
        test.Run();
        await Task.WhenAll(first, second);
        var third = test.System.StopAsync(actor, Deadline.Generous);
        test.Run();
        await third;
        Assert.Equal(1, stops);
    }

    [Fact]
    public async Task A_name_is_free_once_terminated_has_come_and_until_then_the_error_says_so()
    {
        await using var test = new DeterministicSystem();
        var gate = new TaskCompletionSource();
        var slow = Props.Create(() => new LambdaActor((_, _) => { }) { PostStop = async _ => await gate.Task });
        var old = test.ActorOf(slow, "one");
        test.Run();
        Assert.Contains("running", Assert.Throws<InvalidActorNameException>(() => test.ActorOf(slow, "one")).Message, StringComparison.Ordinal);
        var probe = test.Probe();
        probe.Watch(old);
        old.Tell(PoisonPill.Instance);
        test.Run();
        Assert.Contains("still stopping", Assert.Throws<InvalidActorNameException>(() => test.ActorOf(slow, "one")).Message, StringComparison.Ordinal);
        gate.SetResult();
        test.Run();
        await probe.ExpectAsync<Terminated>();
        var reborn = test.ActorOf(LambdaActor.Props((self, _) => self.Ctx.Reply("new")), "one");
        Assert.Equal(old.Path, reborn.Path);
        var answer = reborn.AskAsync<string>("who", Deadline.Generous);
        test.Run();
        Assert.Equal("new", await answer);
        var stale = old.AskAsync<string>("who", Deadline.Generous);
        test.Run();
        await Assert.ThrowsAsync<UndeliverableException>(() => stale);
    }

    [Fact]
    public async Task Whoever_hears_of_the_end_can_use_the_name_at_once_on_real_threads()
    {
        await using var system = new ActorSystem("names");
        var probe = new TestProbe(system);
        for (var i = 0; i < 2_000; i++)
        {
            var actor = system.ActorOf(LambdaActor.Idle(), "same");
            probe.Watch(actor);
            actor.Tell(PoisonPill.Instance);
            await probe.ExpectAsync<Terminated>();
        }
    }

    [Fact]
    public async Task The_name_is_free_before_the_first_watcher_is_told()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Idle(), "same");
        var reuse = new Reuse(test);
        ((IWatchable)actor).AddWatch(reuse);
        actor.Tell(PoisonPill.Instance);
        test.Run();
        Assert.Equal(actor.Path, reuse.Second?.Path);
    }

    [Fact]
    public async Task A_stop_before_the_start_reaches_a_start_hook_that_awaits_something_long()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(Props.Create(() => new LambdaActor((_, _) => { })
        {
            PreStart = self => new ValueTask(Task.Delay(Timeout.InfiniteTimeSpan, test.Time, self.Ctx.Stopping)),
        }));
        var stop = test.System.StopAsync(actor, Deadline.Generous);
        test.Run();
        await stop.WithinAsync("the stop");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("$1")]
    [InlineData("a\n")]
    public async Task A_malformed_name_is_refused(string name)
    {
        await using var test = new DeterministicSystem();
        Assert.Throws<InvalidActorNameException>(() => test.ActorOf(LambdaActor.Idle(), name));
    }

    [Fact]
    public async Task A_failing_stop_hook_is_no_obstacle()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(Props.Create(() => new LambdaActor((_, _) => { }) { PostStop = _ => throw new Boom() }));
        var probe = test.Probe();
        probe.Watch(actor);
        actor.Tell(PoisonPill.Instance);
        test.Run();
        Assert.Null((await probe.ExpectAsync<Terminated>()).Cause);
    }

    [Fact]
    public async Task An_actor_that_awaits_its_own_stop_gets_the_time_out_and_then_stops()
    {
        await using var test = new DeterministicSystem();
        Exception? caught = null;
        var actor = test.ActorOf(LambdaActor.Props(async (self, _) =>
        {
            try
            {
                await self.Ctx.System.StopAsync(self.Ctx.Self, TimeSpan.FromSeconds(5));
            }
            catch (TimeoutException e)
            {
                caught = e;
            }
        }), "narcissus");
        var probe = test.Probe();
        probe.Watch(actor);
        actor.Tell("go");
        test.Run();
        probe.ExpectNothing();
        test.Time.Advance(TimeSpan.FromSeconds(5));
        await RunUntilAsync(test, probe.ExpectAsync<Terminated>());
        Assert.Contains("/user/narcissus did not stop", caught?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_awaits_something_long_hears_of_the_stop()
    {
        await using var system = new ActorSystem("stopping");
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = system.ActorOf(LambdaActor.Props(async (self, _) =>
        {
            var stopping = self.Ctx.Stopping;
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
        }));
        actor.Tell("watch");
        await begun.Task.WithinAsync("the handler's begin");
        await system.StopAsync(actor, Deadline.Generous);
    }

    [Fact]
    public async Task A_terminated_system_refuses_new_actors_and_says_who_is_left()
    {
        await using var test = new DeterministicSystem();
        var hangs = new TaskCompletionSource();
        test.ActorOf(LambdaActor.Idle(), "good");
        test.ActorOf(LambdaActor.Props(async (_, _) => await hangs.Task), "hangs").Tell("go");
        test.Run();
        var end = test.System.TerminateAsync(TimeSpan.FromSeconds(1));
        test.Run();
        test.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["/user/hangs"], (await end).Select(p => p.ToString()));
        Assert.Throws<InvalidOperationException>(() => test.ActorOf(LambdaActor.Idle()));
        hangs.SetResult();
        test.Run();
        await test.System.Terminated.WithinAsync("the end of the system");
        Assert.Empty(await test.System.TerminateAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task An_actor_cannot_stop_what_is_not_its_own()
    {
        await using var test = new DeterministicSystem();
        var other = test.ActorOf(LambdaActor.Idle(), "other");
        var actor = test.ActorOf(LambdaActor.Props((self, _) =>
        {
            var e = Assert.Throws<ArgumentException>(() => self.Ctx.Stop(other));
            self.Ctx.Reply(e.Message);
        }));
        var answer = actor.AskAsync<string>("go", Deadline.Generous);
        test.Run();
        Assert.Contains("/user/other", await answer, StringComparison.Ordinal);
    }

    /// <summary>For what comes back through the thread pool before the dispatcher has it.</summary>
    private static async Task<T> RunUntilAsync<T>(DeterministicSystem test, Task<T> task)
    {
        while (!task.IsCompleted)
        {
            test.Run();
            await Task.Yield();
        }
        return await task;
    }

    private static Props Tree(int depth, List<string> stopped) => Props.Create(() => new LambdaActor((_, _) => { })
    {
        PreStart = self =>
        {
            for (var i = 0; i < (depth > 0 ? 2 : 0); i++)
                self.Ctx.ActorOf(Tree(depth - 1, stopped), $"c{i}");
            return default;
        },
        PostStop = self =>
        {
            stopped.Add(self.Ctx.Self.Path.ToString());
            return default;
        },
    });

    private sealed class Reuse(DeterministicSystem test) : WatchHandle
    {
        public IActorRef? Second { get; private set; }

        public override void TargetTerminated(IActorRef target, Exception? cause) =>
            Second = test.ActorOf(LambdaActor.Idle(), target.Path.Name);
    }
}
