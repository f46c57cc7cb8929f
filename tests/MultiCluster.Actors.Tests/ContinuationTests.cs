using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

/// <summary>Timers and piped results: nothing of a stopped or restarted incarnation runs.</summary>
public sealed class ContinuationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_single_timer_fires_once_a_periodic_one_until_cancelled()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var actor = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            got.Add(m);
            if (m is "go")
            {
                self.Ctx.Timers.StartSingle("one", Second, "single");
                self.Ctx.Timers.StartPeriodic("many", Second * 2, "tick");
            }
            if (got.Count(x => x is "tick") == 3)
                self.Ctx.Timers.Cancel("many");
        }));
        actor.Tell("go");
        test.Advance(Second * 60);
        Assert.Equal(["go", "single", "tick", "tick", "tick"], got);
        Assert.Equal(0, test.Time.ActiveTimers);
    }

    [Fact]
    public async Task A_key_holds_one_timer_and_the_replaced_one_never_arrives_even_from_the_mailbox()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var gate = new TaskCompletionSource();
        var actor = test.ActorOf(LambdaActor.Props(async (self, m) =>
        {
            got.Add(m);
            if (m is not "go")
                return;
            self.Ctx.Timers.StartSingle("key", Second, "old");
            await gate.Task;
            self.Ctx.Timers.StartSingle("key", Second, "new");
        }));
        actor.Tell("go");
        test.Advance(Second);
        gate.SetResult();
        test.Advance(Second);
        Assert.Equal(["go", "new"], got);
        Assert.Equal(1, test.System.DeadLetters.Count(DeadLetterReason.StaleTimer));
    }

    [Fact]
    public async Task A_periodic_tick_waits_in_the_mailbox_once_however_slow_the_actor()
    {
        await using var test = new DeterministicSystem();
        var ticks = 0;
        var gate = new TaskCompletionSource();
        var actor = test.ActorOf(LambdaActor.Props(async (self, m) =>
        {
            if (m is "tick")
            {
                ticks++;
                return;
            }
            self.Ctx.Timers.StartPeriodic("t", Second, "tick");
            await gate.Task;
        }));
        actor.Tell("go");
        test.Advance(Second * 100);
        gate.SetResult();
        test.Run();
        Assert.Equal(1, ticks);
    }

    [Fact]
    public async Task A_timer_from_before_a_restart_never_arrives_whether_it_had_fired_or_not()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var gate = new TaskCompletionSource();
        var child = LambdaActor.Props(async (self, m) =>
        {
            got.Add(m);
            if (m is not "go")
                return;
            self.Ctx.Timers.StartSingle("fired", Second, "fired");
            self.Ctx.Timers.StartSingle("running", Second * 2, "running");
            self.Ctx.Timers.StartPeriodic("periodic", Second, "periodic");
            await gate.Task;
            throw new Boom();
        });
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), child));
        test.Run();
        parent.Tell("go");
        parent.Tell("after");
        test.Advance(Second);
        gate.SetResult();
        test.Advance(Second * 10);
        Assert.Equal(["go", "after"], got);
        Assert.Equal(2, test.System.DeadLetters.Count(DeadLetterReason.StaleTimer));
        Assert.Equal(0, test.Time.ActiveTimers);
    }

    [Fact]
    public async Task A_stop_cancels_the_timers()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Props((self, _) => self.Ctx.Timers.StartPeriodic("t", Second, "tick")));
        actor.Tell("go");
        test.Run();
        Assert.Equal(1, test.Time.ActiveTimers);
        actor.Tell(PoisonPill.Instance);
        test.Run();
        Assert.Equal(0, test.Time.ActiveTimers);
    }

    [Fact]
    public async Task A_piped_result_comes_back_as_a_message_also_a_failed_or_cancelled_one()
    {
        await using var test = new DeterministicSystem();
        List<string> got = [];
        Task<int>[] tasks = [Task.FromResult(42), Task.FromException<int>(new Boom()), Task.FromCanceled<int>(new CancellationToken(canceled: true))];
        var actor = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            if (m is Task<int> task)
                self.Ctx.PipeToSelf(task, r => $"ok {r}", e => $"failed {e.GetType().Name}");
            else
                got.Add((string)m);
        }));
        foreach (var task in tasks)
            actor.Tell(task);
        test.Run();
        Assert.Equal(["failed Boom", "failed TaskCanceledException", "ok 42"], got.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_mapping_of_a_result_runs_in_the_actors_turn_and_its_fault_is_the_actors()
    {
        await using var test = new DeterministicSystem(configure: o => o with { GuardianStrategy = Supervisor.Always(Directive.Stop) });
        var source = new TaskCompletionSource();
        var mapped = false;
        var actor = test.ActorOf(LambdaActor.Props((self, _) => self.Ctx.PipeToSelf(source.Task, () =>
        {
            mapped = true;
            throw new Boom("mapping");
        }, e => e)));
        var probe = test.Probe();
        probe.Watch(actor);
        actor.Tell("go");
        test.Run();
        source.SetResult();
        Assert.False(mapped);
        test.Run();
        Assert.Equal("mapping", (await probe.ExpectAsync<Terminated>()).Cause?.Message);
    }

    [Fact]
    public async Task A_result_piped_to_an_incarnation_that_is_gone_is_dropped_unmapped()
    {
        foreach (var directive in (Directive[])[Directive.Restart, Directive.Stop])
        {
            await using var test = new DeterministicSystem();
            List<object> got = [];
            var mapped = false;
            var source = new TaskCompletionSource<int>();
            var child = LambdaActor.Props((self, m) =>
            {
                got.Add(m);
                if (m is "pipe")
                    self.Ctx.PipeToSelf(source.Task, _ => mapped = true, e => e);
                if (m is "fail")
                    throw new Boom();
            });
            var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(directive), child));
            test.Run();
            parent.Tell("pipe");
            parent.Tell("fail");
            test.Run();
            source.SetResult(1);
            test.Run();
            Assert.Equal(["pipe", "fail"], got);
            Assert.False(mapped);
            Assert.Equal(1, test.System.DeadLetters.Count(DeadLetterReason.StaleResult));
        }
    }

    [Fact]
    public async Task The_context_of_an_ended_incarnation_refuses_everything()
    {
        await using var test = new DeterministicSystem();
        ActorContext? old = null;
        var child = LambdaActor.Props((self, m) =>
        {
            old ??= self.Ctx;
            if (m is "fail")
                throw new Boom();
        });
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), child));
        test.Run();
        parent.Tell("fail");
        test.Run();
        Action[] uses =
        [
            () => old!.ActorOf(LambdaActor.Idle()),
            () => old!.Stop(old.Self),
            () => old!.Watch(parent),
            () => old!.Timers.StartSingle("k", Second, "m"),
            () => old!.PipeToSelf(Task.CompletedTask, () => 1, e => e),
            () => old!.Become(_ => default),
            () => old!.Stash(),
            () => old!.UnstashAll(),
            () => old!.Reply("x"),
        ];
        Assert.All(uses, use => Assert.Contains("has ended", Assert.Throws<InvalidOperationException>(use).Message, StringComparison.Ordinal));
        Assert.True(old!.Stopping.IsCancellationRequested);
    }
}
