using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

public sealed class SupervisionTests
{
    [Fact]
    public async Task Resume_keeps_the_state_and_goes_on_with_the_next_message()
    {
        await using var test = new DeterministicSystem();
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Resume), Counter()));
        Assert.Equal("1, 2", await CountAroundFailureAsync(test, parent));
    }

    [Fact]
    public async Task Restart_begins_with_a_new_instance_and_keeps_mailbox_and_reference()
    {
        await using var test = new DeterministicSystem();
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), Counter()));
        Assert.Equal("1, 1", await CountAroundFailureAsync(test, parent));
        Assert.Equal(1, Find(test, "child").Restarts);
    }

    [Fact]
    public async Task Stop_ends_the_child_visibly_and_its_name_can_be_used_again()
    {
        await using var test = new DeterministicSystem();
        IActorRef? child = null;
        var parent = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            if (m is "spawn")
                child = self.Ctx.ActorOf(LambdaActor.Props((_, _) => throw new Boom("bad day")), "child");
        }).WithSupervisor(Supervisor.Always(Directive.Stop)));
        var probe = test.Probe();
        parent.Tell("spawn");
        test.Run();
        probe.Watch(child!);
        child!.Tell("x");
        test.Run();
        Assert.IsType<Boom>((await probe.ExpectAsync<Terminated>()).Cause);
        var node = Find(test, "child");
        Assert.Equal(ActorState.Quarantined, node.State);
        Assert.Equal("Boom: bad day", node.Fault);
        parent.Tell("spawn");
        test.Run();
        Assert.Equal(ActorState.Running, Find(test, "child").State);
    }

    [Fact]
    public async Task Escalate_makes_the_parent_fail_with_the_same_cause()
    {
        await using var test = new DeterministicSystem();
        Exception? seen = null;
        var strategy = new OneForOneStrategy(e =>
        {
            seen = e;
            return Directive.Restart;
        }, minBackoff: TimeSpan.Zero, maxBackoff: TimeSpan.Zero);
        var middle = Supervisor.Props(Supervisor.Always(Directive.Escalate), Counter());
        var top = test.ActorOf(Supervisor.Props(strategy, middle), "top");
        test.Run();
        Assert.Equal("1, 1", await CountAroundFailureAsync(test, top));
        Assert.IsType<Boom>(seen);
        // The middle was restarted, its child is a new one.
        var node = Assert.Single(test.System.Hierarchy().Children.Single(n => n.Path.Name == "top").Children);
        Assert.Equal(1, node.Restarts);
        Assert.Equal(0, Assert.Single(node.Children).Restarts);
    }

    [Fact]
    public async Task Escalate_answered_by_resume_lets_the_child_go_on_with_its_state()
    {
        await using var test = new DeterministicSystem();
        var middle = Supervisor.Props(Supervisor.Always(Directive.Escalate), Counter());
        var top = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Resume), middle));
        Assert.Equal("1, 2", await CountAroundFailureAsync(test, top));
        Assert.Equal("3, 4", await CountAroundFailureAsync(test, top));
    }

    [Fact]
    public async Task Escalate_at_the_top_stops_the_actor_and_nobody_else()
    {
        await using var test = new DeterministicSystem(configure: o => o with { GuardianStrategy = Supervisor.Always(Directive.Escalate) });
        var neighbour = test.ActorOf(Counter());
        test.ActorOf(Counter(), "bad").Tell("fail");
        test.Run();
        Assert.Equal(ActorState.Quarantined, Find(test, "bad").State);
        Assert.Equal("1", await CountAsync(test, neighbour));
    }

    [Fact]
    public async Task A_failed_actor_and_all_below_it_take_no_user_message_before_the_verdict_and_run_after_it()
    {
        foreach (var directive in (Directive[])[Directive.Resume, Directive.Restart])
        {
            for (var seed = 0; seed < 50; seed++)
                await VerdictAsync(seed, directive);
        }
    }

    [Fact]
    public async Task A_cancelled_task_in_a_handler_is_a_failure_and_freezes_nothing()
    {
        await using var test = new DeterministicSystem();
        Func<object, Task>[] cancelled =
        [
            _ => throw new OperationCanceledException(),
            _ => Task.FromCanceled(new CancellationToken(canceled: true)),
            async _ =>
            {
                await Task.Yield();
                throw new TaskCanceledException();
            },
        ];
        foreach (var fault in cancelled)
        {
            List<object> got = [];
            var child = LambdaActor.Props(async (_, m) =>
            {
                got.Add(m);
                if (m is "cancel")
                    await fault(m);
            });
            var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), child));
            test.Run();
            parent.Tell("cancel");
            parent.Tell("after");
            test.Run();
            Assert.Equal(["cancel", "after"], got);
        }
    }

    [Fact]
    public async Task A_failing_decider_stops_the_child()
    {
        await using var test = new DeterministicSystem();
        var parent = test.ActorOf(Supervisor.Props(new OneForOneStrategy(_ => throw new InvalidOperationException()), Counter()));
        test.Run();
        parent.Tell("fail");
        test.Run();
        Assert.Equal(ActorState.Quarantined, Find(test, "child").State);
    }

    [Fact]
    public async Task A_poison_message_is_retried_within_bounds_then_quarantined_and_the_neighbours_are_unharmed()
    {
        await using var test = new DeterministicSystem();
        var starts = 0;
        // What poisons it is read at each start, as an entity reads its journal.
        var poisoned = Props.Create(() => new LambdaActor((_, _) => { })
        {
            PreStart = _ =>
            {
                starts++;
                throw new Boom("poison");
            },
        });
        List<object> got = [];
        var parent = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            self.Ctx.ActorOf(poisoned, "poisoned");
            self.Ctx.ActorOf(LambdaActor.Props((_, x) => got.Add(x)), "healthy").Tell("served");
        }).WithSupervisor(new OneForOneStrategy(maxRestarts: 5, window: TimeSpan.FromMinutes(1))), "parent");
        parent.Tell("go");
        test.Run();
        Assert.Equal(["served"], got);
        Assert.Equal(1, starts);
        test.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(6, starts);
        var node = Find(test, "poisoned");
        Assert.Equal(ActorState.Quarantined, node.State);
        Assert.Equal("Boom: poison", node.Fault);
        Assert.Equal(ActorState.Running, Find(test, "parent").State);
        Assert.Equal(0, Find(test, "parent").Restarts);
        Assert.Equal(ActorState.Running, Find(test, "healthy").State);
    }

    [Fact]
    public async Task Between_restarts_the_back_off_passes_and_the_old_resources_are_released_at_once()
    {
        await using var test = new DeterministicSystem();
        List<string> steps = [];
        var child = Props.Create(() => new LambdaActor((_, m) =>
        {
            if (m is "fail")
                throw new Boom();
            steps.Add($"{m}");
        })
        {
            PreStart = _ => Step(steps, "start"),
            PostStop = _ => Step(steps, "release"),
        });
        var strategy = new OneForOneStrategy(minBackoff: TimeSpan.FromSeconds(1), maxBackoff: TimeSpan.FromSeconds(2), maxRestarts: 3, jitter: 0);
        var parent = test.ActorOf(Supervisor.Props(strategy, child));
        test.Run();
        parent.Tell("fail");
        parent.Tell("work");
        test.Run();
        Assert.Equal(["start", "release"], steps);
        test.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(["start", "release"], steps);
        test.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["start", "release", "start", "work"], steps);
        parent.Tell("fail");
        test.Advance(TimeSpan.FromMilliseconds(1_999));
        Assert.Equal(ActorState.Restarting, Find(test, "child").State);
        test.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ActorState.Running, Find(test, "child").State);
    }

    [Fact]
    public async Task A_stop_during_the_back_off_ends_it_and_leaves_no_timer()
    {
        await using var test = new DeterministicSystem();
        var stops = 0;
        var child = Props.Create(() => new LambdaActor((_, _) => throw new Boom())
        {
            PostStop = _ =>
            {
                stops++;
                return default;
            },
        });
        var parent = test.ActorOf(Supervisor.Props(new OneForOneStrategy(minBackoff: TimeSpan.FromSeconds(1)), child));
        test.Run();
        parent.Tell("fail");
        test.Run();
        Assert.Equal(1, test.Time.ActiveTimers);
        parent.Tell(PoisonPill.Instance);
        test.Run();
        Assert.Equal(0, test.Time.ActiveTimers);
        Assert.Equal(1, stops);
        Assert.Empty(test.System.Hierarchy().Children);
    }

    [Fact]
    public async Task A_restart_stops_the_children_before_the_new_instance_starts()
    {
        await using var test = new DeterministicSystem();
        List<string> steps = [];
        var grandchild = Props.Create(() => new LambdaActor((_, _) => { }) { PostStop = _ => Step(steps, "grandchild stops") });
        var child = Props.Create(() => new LambdaActor((_, _) => throw new Boom())
        {
            PreStart = self =>
            {
                self.Ctx.ActorOf(grandchild, "same-name-each-time");
                return Step(steps, "child starts");
            },
            PostStop = _ => Step(steps, "child stops"),
        });
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), child));
        test.Run();
        parent.Tell("fail");
        test.Run();
        Assert.Equal(["child starts", "child stops", "grandchild stops", "child starts"], steps);
    }

    [Fact]
    public async Task A_verdict_about_another_incarnation_is_void()
    {
        await using var test = new DeterministicSystem();
        var gate = new TaskCompletionSource();
        IActorRef? child = null;
        var busy = test.ActorOf(Props.Create(() => new LambdaActor(async (_, _) => await gate.Task)
        {
            PreStart = self =>
            {
                child = self.Ctx.ActorOf(Counter(), "other");
                return default;
            },
        }).WithSupervisor(Supervisor.Always(Directive.Resume)));
        busy.Tell("busy");
        test.Run();
        child!.Tell("fail");
        test.Run();
        var cell = (ActorCell)child;
        cell.TellSystem(new SystemMessage.ResumeFailed(7));
        cell.TellSystem(new SystemMessage.Restart(7, TimeSpan.Zero));
        test.Run();
        Assert.Equal(ActorState.Failed, Find(test, "other").State);
        gate.SetResult();
        test.Run();
        Assert.Equal((ActorState.Running, 0), (Find(test, "other").State, Find(test, "other").Restarts));
    }

    private static async Task VerdictAsync(int seed, Directive directive)
    {
        await using var test = new DeterministicSystem(seed);
        var decided = false;
        List<string> early = [];
        List<string> late = [];
        IActorRef? child = null, grandchild = null;
        void Note(string who) => (decided ? late : early).Add(who);
        var grandchildProps = LambdaActor.Props((_, _) => Note("grandchild"));
        var childProps = Props.Create(() => new LambdaActor((_, m) =>
        {
            if (m is "fail")
                throw new Boom();
            Note("child");
        })
        {
            PreStart = self =>
            {
                grandchild = self.Ctx.ActorOf(grandchildProps);
                return default;
            },
        });
        var gate = new TaskCompletionSource();
        var strategy = new OneForOneStrategy(
            _ =>
            {
                decided = true;
                return directive;
            },
            minBackoff: TimeSpan.Zero,
            maxBackoff: TimeSpan.Zero);
        var parent = test.ActorOf(Props.Create(() => new LambdaActor(async (_, _) => await gate.Task)
        {
            PreStart = self =>
            {
                child = self.Ctx.ActorOf(childProps);
                return default;
            },
        }).WithSupervisor(strategy));
        test.Run();
        // The parent is in a handler, so its verdict waits.
        parent.Tell("busy");
        test.Run();
        child!.Tell("fail");
        test.Run();
        child.Tell("x");
        grandchild!.Tell("x");
        test.Run();
        Assert.Empty(early);
        gate.SetResult();
        test.Run();
        child.Tell("y");
        test.Run();
        string[] expected = directive == Directive.Resume ? ["child", "child", "grandchild"] : ["child", "child"];
        Assert.Equal(expected, late.Order(StringComparer.Ordinal));
    }

    private static Props Counter() => Props.Create(() =>
    {
        var count = 0;
        return new LambdaActor((self, m) =>
        {
            if (m is "fail")
                throw new Boom();
            self.Ctx.Reply(++count);
        });
    });

    private static async Task<string> CountAroundFailureAsync(DeterministicSystem test, IActorRef actor)
    {
        var before = await CountAsync(test, actor);
        actor.Tell("fail");
        test.Run();
        return $"{before}, {await CountAsync(test, actor)}";
    }

    private static async Task<string> CountAsync(DeterministicSystem test, IActorRef actor)
    {
        test.Run();
        var answer = actor.AskAsync<int>("count", Deadline.Generous);
        test.Run();
        return $"{await answer.WithinAsync("the count")}";
    }

    private static ActorNode Find(DeterministicSystem test, string name) =>
        test.System.Hierarchy().Flatten().Single(n => n.Path.Name == name);

    private static ValueTask Step(List<string> steps, string step)
    {
        steps.Add(step);
        return default;
    }
}
