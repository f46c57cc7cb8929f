using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

public sealed class MailboxTests
{
    private static readonly string[] Counted = ["b-1", "b-2"];

    [Fact]
    public async Task User_messages_are_handled_in_the_order_of_one_sender()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var actor = test.ActorOf(LambdaActor.Props((_, m) => got.Add(m)));
        for (var i = 0; i < 1_000; i++)
            actor.Tell(i);
        test.Run();
        Assert.Equal(Enumerable.Range(0, 1_000).Cast<object>(), got);
    }

    [Fact]
    public async Task A_stop_overtakes_user_messages_that_wait_and_they_become_dead_letters()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var actor = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            got.Add(m);
            if (m is 2)
                self.Ctx.Stop(self.Ctx.Self);
        }));
        for (var i = 0; i < 10; i++)
            actor.Tell(i);
        test.Run();
        Assert.Equal([0, 1, 2], got);
        Assert.Equal(7, test.System.DeadLetters.Count(DeadLetterReason.Terminated));
    }

    [Fact]
    public async Task A_suspended_actor_still_handles_system_messages()
    {
        await using var test = new DeterministicSystem();
        var strategy = new OneForOneStrategy(minBackoff: TimeSpan.FromSeconds(1));
        var parent = test.ActorOf(Supervisor.Props(strategy, LambdaActor.Props((_, _) => throw new Boom())), "parent");
        var probe = test.Probe();
        parent.Tell("fail");
        test.Run();
        probe.Watch(parent);
        Assert.Equal(ActorState.Restarting, Assert.Single(Node(test, "parent").Children).State);
        parent.Tell(PoisonPill.Instance);
        test.Run();
        await probe.ExpectAsync<Terminated>();
    }

    [Fact]
    public async Task Suspension_is_a_count_a_child_that_failed_under_a_failed_parent_waits_for_both_verdicts()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        TaskCompletionSource middleFails = new(), topDecides = new();
        IActorRef? child = null, middle = null;
        var childProps = LambdaActor.Props((_, m) =>
        {
            got.Add(m);
            if (m is "fail")
                throw new Boom();
        });
        var middleProps = Props.Create(() => new LambdaActor(async (_, _) =>
        {
            await middleFails.Task;
            throw new Boom();
        })
        {
            PreStart = self => Started(child = self.Ctx.ActorOf(childProps)),
        }).WithSupervisor(Supervisor.Always(Directive.Resume));
        var top = test.ActorOf(Props.Create(() => new LambdaActor(async (_, _) => await topDecides.Task)
        {
            PreStart = self => Started(middle = self.Ctx.ActorOf(middleProps)),
        }).WithSupervisor(Supervisor.Always(Directive.Resume)));
        test.Run();
        top.Tell("busy");
        middle!.Tell("busy");
        child!.Tell("fail");
        child.Tell("after");
        test.Run();
        Assert.Equal(["fail"], got);
        middleFails.SetResult();
        test.Run();
        // By now the middle has resumed the child, whose second suspension is the middle's own failure.
        Assert.Equal(["fail"], got);
        topDecides.SetResult();
        test.Run();
        Assert.Equal(["fail", "after"], got);
        Assert.All(test.System.Hierarchy().Flatten(), n => Assert.Equal(ActorState.Running, n.State));
    }

    [Fact]
    public async Task One_handler_runs_at_a_time_its_awaits_included()
    {
        await using var test = new DeterministicSystem();
        List<string> steps = [];
        TaskCompletionSource[] gates = [new(), new()];
        var actor = test.ActorOf(LambdaActor.Props(async (_, m) =>
        {
            steps.Add($"begin {m}");
            await gates[(int)m].Task;
            steps.Add($"end {m}");
        }));
        actor.Tell(0);
        actor.Tell(1);
        test.Run();
        Assert.Equal(["begin 0"], steps);
        gates[1].SetResult();
        test.Run();
        Assert.Equal(["begin 0"], steps);
        gates[0].SetResult();
        test.Run();
        Assert.Equal(["begin 0", "end 0", "begin 1", "end 1"], steps);
    }

    [Fact]
    public async Task After_its_throughput_an_actor_yields_to_others()
    {
        await using var test = new DeterministicSystem();
        List<string> order = [];
        var options = new MailboxOptions { Throughput = 5 };
        var actors = Enumerable.Range(0, 2).Select(a => test.ActorOf(LambdaActor.Props((_, m) => order.Add($"{a}")).WithMailbox(options))).ToArray();
        test.Run();
        foreach (var actor in actors)
        {
            for (var i = 0; i < 500; i++)
                actor.Tell(i);
        }
        test.Run();
        var runs = order.Aggregate((Longest: 0, Current: 0, Last: ""), (s, a) =>
        {
            var current = a == s.Last ? s.Current + 1 : 1;
            return (Math.Max(s.Longest, current), current, a);
        });
        Assert.Equal(1_000, order.Count);
        // A scheduler that picks at random between two gives one of them 20 turns in a row once in a million.
        Assert.True(runs.Longest <= 100, $"One actor kept the thread for {runs.Longest} messages.");
        Assert.Contains("1", order.Take(505));
        Assert.Contains("0", order.Take(505));
    }

    [Fact]
    public async Task A_full_mailbox_refuses_the_newest()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        List<(DeadLetterReason, int)> letters = [];
        using var subscription = test.System.DeadLetters.Subscribe(l => letters.Add((l.Reason, (int)l.Message)));
        var actor = test.ActorOf(LambdaActor.Props((_, m) => got.Add(m)).WithMailbox(new MailboxOptions { Capacity = 3 }));
        test.Run();
        for (var i = 0; i < 5; i++)
            actor.Tell(i);
        test.Run();
        Assert.Equal([0, 1, 2], got);
        Assert.Equal([(DeadLetterReason.MailboxFull, 3), (DeadLetterReason.MailboxFull, 4)], letters);
    }

    [Fact]
    public async Task What_an_actor_causes_itself_is_never_dropped_for_want_of_room()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var watched = test.ActorOf(LambdaActor.Idle(), "watched");
        var actor = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            got.Add(m is Terminated ? "terminated" : m);
            if (m is not "start")
                return;
            self.Ctx.Watch(watched);
            self.Ctx.Timers.StartSingle("t", TimeSpan.FromSeconds(1), "timer");
            self.Ctx.PipeToSelf(Task.FromResult("piped"), r => r, e => e);
            self.Ctx.Self.Tell("first");
            self.Ctx.Self.Tell("second");
        }).WithMailbox(new MailboxOptions { Capacity = 1 }));
        actor.Tell("start");
        test.Run();
        watched.Tell(PoisonPill.Instance);
        test.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, got.Intersect(["start", "piped", "timer", "terminated"]).Count());
    }

    [Fact]
    public async Task A_tick_that_waits_takes_no_room()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var gate = new TaskCompletionSource();
        var actor = test.ActorOf(LambdaActor.Props(async (self, m) =>
        {
            got.Add(m);
            if (m is not "start")
                return;
            self.Ctx.Timers.StartSingle("t", TimeSpan.FromSeconds(1), "tick");
            await gate.Task;
        }).WithMailbox(new MailboxOptions { Capacity = 2 }));
        actor.Tell("start");
        test.Advance(TimeSpan.FromSeconds(1));
        for (var i = 1; i <= 3; i++)
            actor.Tell(i);
        gate.SetResult();
        test.Run();
        Assert.Equal(["start", "tick", 1, 2], got);
    }

    [Fact]
    public async Task Depth_is_what_waits()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Idle(), "deep");
        test.Run();
        for (var i = 0; i < 7; i++)
            actor.Tell(i);
        Assert.Equal(7, Node(test, "deep").MailboxDepth);
        test.Run();
        Assert.Equal(0, Node(test, "deep").MailboxDepth);
    }

    [Fact]
    public async Task A_batch_ends_once_for_all_that_had_arrived()
    {
        await using var test = new DeterministicSystem();
        List<string> steps = [];
        var seen = 0;
        var actor = test.ActorOf(Props.Create(() => new LambdaActor((_, _) => seen++)
        {
            AfterBatch = _ =>
            {
                steps.Add($"b-{steps.Count + 1}");
                return default;
            },
        }));
        test.Run();
        for (var i = 0; i < 10; i++)
            actor.Tell(i);
        test.Run();
        Assert.Equal(10, seen);
        Assert.Single(steps);
        actor.Tell("one more");
        test.Run();
        Assert.Equal(Counted, steps);
    }

    [Fact]
    public async Task A_batch_ends_at_the_throughput_too_and_awaits_before_the_next()
    {
        await using var test = new DeterministicSystem();
        List<string> steps = [];
        var gate = new TaskCompletionSource();
        var actor = test.ActorOf(Props.Create(() => new LambdaActor((_, m) => steps.Add($"{m}"))
        {
            AfterBatch = async _ =>
            {
                await gate.Task;
                steps.Add("end");
            },
        }).WithMailbox(new MailboxOptions { Throughput = 2 }));
        test.Run();
        for (var i = 0; i < 3; i++)
            actor.Tell(i);
        test.Run();
        Assert.Equal(["0", "1"], steps);
        gate.SetResult();
        test.Run();
        Assert.Equal(["0", "1", "end", "2", "end"], steps);
    }

    [Fact]
    public async Task A_batch_interrupted_by_a_failure_ends_after_resume_and_is_forgotten_by_restart()
    {
        foreach (var directive in (Directive[])[Directive.Resume, Directive.Restart])
        {
            await using var test = new DeterministicSystem();
            var ends = 0;
            var child = Props.Create(() => new LambdaActor((_, m) =>
            {
                if (m is "fail")
                    throw new Boom();
            })
            {
                AfterBatch = _ =>
                {
                    ends++;
                    return default;
                },
            });
            var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(directive), child));
            test.Run();
            parent.Tell("good");
            parent.Tell("fail");
            test.Run();
            Assert.Equal(directive == Directive.Resume ? 1 : 0, ends);
        }
    }

    private static ValueTask Started(IActorRef? _) => default;

    private static ActorNode Node(DeterministicSystem test, string name) =>
        test.System.Hierarchy().Flatten().Single(n => n.Path.Name == name);
}
