using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

public sealed class StashAndBecomeTests
{
    [Fact]
    public async Task Unstashed_messages_come_in_order_before_those_that_wait_with_their_senders()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var probe = test.Probe();
        var actor = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            if (m is not "open")
            {
                self.Ctx.Stash();
                return;
            }
            self.Ctx.UnstashAll();
            self.Ctx.Become(x =>
            {
                got.Add(x);
                if (x is 2)
                    self.Ctx.Reply("two");
                return default;
            });
        }));
        object[] sent = [1, 2, 3, "open", 4];
        foreach (var message in sent)
            actor.Tell(message, probe.Ref);
        test.Run();
        Assert.Equal([1, 2, 3, 4], got);
        await probe.ExpectAsync("two");
        Assert.Equal(actor, probe.LastSender);
    }

    [Fact]
    public async Task Stashing_again_while_unstashing_ends_and_keeps_the_order()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var handled = 0;
        var actor = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            handled++;
            if (m is "try")
                self.Ctx.UnstashAll();
            else if (m is "flush")
                self.Ctx.Become(x =>
                {
                    got.Add(x);
                    return default;
                });
            else
                self.Ctx.Stash();
            if (m is "flush")
                self.Ctx.UnstashAll();
        }));
        object[] sent = [1, 2, "try", 3, "try", "flush"];
        foreach (var message in sent)
            actor.Tell(message);
        test.Run();
        Assert.Equal([1, 2, 3], got);
        Assert.Equal(6 + 2 + 3, handled);
    }

    [Fact]
    public async Task A_full_stash_makes_dead_letters_and_no_failure()
    {
        await using var test = new DeterministicSystem();
        List<bool> kept = [];
        var actor = test.ActorOf(LambdaActor.Props((self, _) => kept.Add(self.Ctx.Stash())).WithStash(2), "full");
        for (var i = 0; i < 4; i++)
            actor.Tell(i);
        test.Run();
        Assert.Equal([true, true, false, false], kept);
        Assert.Equal(2, test.System.DeadLetters.Count(DeadLetterReason.StashFull));
        Assert.Equal(0, test.System.Hierarchy().Children.Single(n => n.Path.Name == "full").Restarts);
    }

    [Fact]
    public async Task A_restart_puts_the_stash_back_and_a_stop_makes_it_dead_letters()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var closed = true;
        var child = LambdaActor.Props((self, m) =>
        {
            if (m is "fail")
            {
                closed = false;
                throw new Boom();
            }
            if (closed)
                self.Ctx.Stash();
            else
                got.Add(m);
        });
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), child));
        test.Run();
        object[] sent = [1, 2, "fail", 3];
        foreach (var message in sent)
            parent.Tell(message);
        test.Run();
        Assert.Equal([1, 2, 3], got);
        closed = true;
        parent.Tell(4);
        test.Run();
        parent.Tell(PoisonPill.Instance);
        test.Run();
        Assert.Equal(1, test.System.DeadLetters.Count(DeadLetterReason.Terminated));
    }

    [Fact]
    public async Task What_an_old_incarnation_stashed_of_its_own_timers_is_void_for_the_new_one()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var child = LambdaActor.Props((self, m) =>
        {
            got.Add(m);
            if (m is "go")
                self.Ctx.Timers.StartSingle("t", TimeSpan.FromSeconds(1), "timer");
            if (m is "timer")
                self.Ctx.Stash();
            if (m is "fail")
                throw new Boom();
        });
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), child));
        test.Run();
        parent.Tell("go");
        test.Advance(TimeSpan.FromSeconds(1));
        parent.Tell("fail");
        test.Run();
        Assert.Equal(["go", "timer", "fail"], got);
    }

    [Fact]
    public async Task Become_replaces_and_a_restart_goes_back_to_the_first_handler()
    {
        await using var test = new DeterministicSystem();
        List<string> got = [];
        var child = LambdaActor.Props((self, m) =>
        {
            got.Add($"first {m}");
            self.Ctx.Become(async x =>
            {
                await Task.Yield();
                got.Add($"second {x}");
                self.Ctx.Become(_ => throw new Boom());
            });
        });
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), child));
        test.Run();
        for (var i = 1; i <= 4; i++)
            parent.Tell(i);
        test.Run();
        Assert.Equal(["first 1", "second 2", "first 4"], got);
    }
}
