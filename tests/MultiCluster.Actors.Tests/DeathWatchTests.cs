using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

public sealed class DeathWatchTests
{
    [Fact]
    public async Task One_terminated_comes_per_watch_after_all_that_the_target_had_sent()
    {
        await using var test = new DeterministicSystem();
        var probe = test.Probe();
        var target = test.ActorOf(LambdaActor.Props((self, _) =>
        {
            probe.Ref.Tell("last words");
            self.Ctx.Stop(self.Ctx.Self);
        }));
        probe.Watch(target);
        probe.Watch(target);
        test.Run();
        target.Tell("go");
        test.Run();
        await probe.ExpectAsync("last words");
        Assert.Equal(target, (await probe.ExpectAsync<Terminated>()).Actor);
        probe.ExpectNothing();
    }

    [Fact]
    public async Task A_target_that_is_gone_already_is_reported_with_its_cause()
    {
        await using var test = new DeterministicSystem(configure: o => o with { GuardianStrategy = Supervisor.Always(Directive.Stop) });
        var probe = test.Probe();
        var quiet = test.ActorOf(LambdaActor.Idle());
        var failing = test.ActorOf(LambdaActor.Props((_, _) => throw new Boom()));
        quiet.Tell(PoisonPill.Instance);
        failing.Tell("x");
        test.Run();
        probe.Watch(quiet);
        test.Run();
        Assert.Equal(new Terminated(quiet, null), await probe.ExpectAsync<Terminated>());
        probe.Watch(failing);
        test.Run();
        Assert.IsType<Boom>((await probe.ExpectAsync<Terminated>()).Cause);
        probe.ExpectNothing();
    }

    [Fact]
    public async Task After_unwatch_nothing_comes_even_if_it_waits_in_the_mailbox()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var target = test.ActorOf(LambdaActor.Idle());
        var gate = new TaskCompletionSource();
        var watcher = test.ActorOf(LambdaActor.Props(async (self, m) =>
        {
            got.Add(m);
            if (m is not "go")
                return;
            self.Ctx.Watch(target);
            await gate.Task;
            self.Ctx.Unwatch(target);
        }));
        watcher.Tell("go");
        test.Run();
        target.Tell(PoisonPill.Instance);
        test.Run();
        gate.SetResult();
        test.Run();
        Assert.Equal(["go"], got);
        Assert.Equal(1, test.System.DeadLetters.Count(DeadLetterReason.StaleNotice));
    }

    [Fact]
    public async Task Watch_unwatch_watch_gives_one_terminated_in_every_interleaving()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            await using var test = new DeterministicSystem(seed);
            var terminated = 0;
            var target = test.ActorOf(LambdaActor.Idle());
            var watcher = test.ActorOf(LambdaActor.Props((self, m) =>
            {
                if (m is Terminated)
                    terminated++;
                else if (m is "unwatch")
                    self.Ctx.Unwatch(target);
                else
                    self.Ctx.Watch(target);
            }).WithMailbox(new MailboxOptions { Throughput = 1 }));
            watcher.Tell("watch");
            watcher.Tell("unwatch");
            watcher.Tell("watch");
            target.Tell(PoisonPill.Instance);
            test.Run();
            // If the first one came before the unwatch there are two watches that ended, each told once.
            var stale = test.System.DeadLetters.Count(DeadLetterReason.StaleNotice);
            Assert.True((terminated, stale) is (1, _) or (2, 0), $"Seed {seed}: {terminated} Terminated, {stale} stale.");
        }
    }

    [Fact]
    public async Task A_watch_of_a_restarted_incarnation_tells_the_next_one_nothing()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var target = test.ActorOf(LambdaActor.Idle());
        var watcher = LambdaActor.Props((self, m) =>
        {
            got.Add(m);
            if (m is "watch")
                self.Ctx.Watch(target);
            if (m is "fail")
                throw new Boom();
        });
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), watcher));
        test.Run();
        parent.Tell("watch");
        parent.Tell("fail");
        test.Run();
        target.Tell(PoisonPill.Instance);
        test.Run();
        Assert.Equal(["watch", "fail"], got);
    }

    [Fact]
    public async Task A_terminated_can_be_stashed()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var target = test.ActorOf(LambdaActor.Idle());
        var watcher = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            if (m is "watch")
            {
                self.Ctx.Watch(target);
            }
            else if (m is "open")
            {
                self.Ctx.Become(x =>
                {
                    got.Add(x);
                    return default;
                });
                self.Ctx.UnstashAll();
            }
            else
            {
                self.Ctx.Stash();
            }
        }));
        watcher.Tell("watch");
        test.Run();
        target.Tell(PoisonPill.Instance);
        test.Run();
        watcher.Tell("open");
        test.Run();
        Assert.Equal(new Terminated(target, null), Assert.Single(got));
    }

    [Fact]
    public async Task Neither_itself_nor_what_is_no_actor_can_be_watched()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            Assert.Throws<ArgumentException>(() => self.Ctx.Watch(self.Ctx.Self));
            Assert.Throws<ArgumentException>(() => self.Ctx.Watch(self.Ctx.Sender!));
            self.Ctx.Reply("refused");
        }));
        var answer = actor.AskAsync<string>("go", Deadline.Generous);
        test.Run();
        Assert.Equal("refused", await answer);
    }
}
