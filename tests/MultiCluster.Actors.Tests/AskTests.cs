using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

public sealed class AskTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task An_answer_completes_it_and_leaves_no_timer()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Props((self, m) => self.Ctx.Reply($"{m}!")));
        var answer = actor.AskAsync<string>("hey", Timeout);
        Assert.Equal(1, test.Time.ActiveTimers);
        test.Run();
        Assert.Equal("hey!", await answer);
        Assert.Equal(0, test.Time.ActiveTimers);
    }

    [Fact]
    public async Task The_time_out_is_by_the_systems_clock_and_names_both_sides()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Idle(), "mute");
        var answer = actor.AskAsync<string>(42, Timeout);
        test.Advance(Timeout - TimeSpan.FromTicks(1));
        Assert.False(answer.IsCompleted);
        test.Advance(TimeSpan.FromTicks(1));
        var e = await Assert.ThrowsAsync<AskTimeoutException>(() => answer);
        Assert.Contains("/user/mute did not answer Int32", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_completes_once_and_a_late_reply_is_a_dead_letter()
    {
        await using var test = new DeterministicSystem();
        IActorRef? asker = null;
        var actor = test.ActorOf(LambdaActor.Props((self, _) =>
        {
            asker = self.Ctx.Sender;
            self.Ctx.Reply(1);
            self.Ctx.Reply(2);
        }));
        var answer = actor.AskAsync<int>("go", Timeout);
        test.Run();
        Assert.Equal(1, await answer);
        asker!.Tell(3);
        Assert.Equal(2, test.System.DeadLetters.Count(DeadLetterReason.LateReply));
    }

    [Fact]
    public async Task A_failure_reply_surfaces_as_its_exception()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Props((self, _) => self.Ctx.Reply(new Status.Failure(new Boom("said so")))));
        var answer = actor.AskAsync<string>("go", Timeout);
        test.Run();
        Assert.Equal("said so", (await Assert.ThrowsAsync<Boom>(() => answer)).Message);
    }

    [Fact]
    public async Task A_handler_that_throws_fails_the_ask_at_once()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Props((_, _) => throw new Boom()));
        var answer = actor.AskAsync<string>("go", Timeout);
        test.Run();
        await Assert.ThrowsAsync<Boom>(() => answer.WithinAsync("the failure"));
    }

    [Fact]
    public async Task An_answer_of_another_type_says_which()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Props((self, _) => self.Ctx.Reply(42)));
        var answer = actor.AskAsync<string>("go", Timeout);
        test.Run();
        Assert.Contains("Int32, not String", (await Assert.ThrowsAsync<InvalidCastException>(() => answer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_target_fails_it_at_once_and_not_by_time_out()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Idle());
        actor.Tell(PoisonPill.Instance);
        test.Run();
        var e = await Assert.ThrowsAsync<UndeliverableException>(() => actor.AskAsync<string>("go", Timeout).WithinAsync("the failure"));
        Assert.Equal(DeadLetterReason.Terminated, e.Reason);
        Assert.Equal(0, test.Time.ActiveTimers);
    }

    [Fact]
    public async Task A_target_that_stops_with_the_question_waiting_or_taken_fails_it_at_once()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Props((self, m) =>
        {
            if (m is "stop")
                self.Ctx.Stop(self.Ctx.Self);
        }));
        var taken = actor.AskAsync<string>("taken", Timeout);
        actor.Tell("stop");
        var waiting = actor.AskAsync<string>("waiting", Timeout);
        test.Run();
        await Assert.ThrowsAsync<UndeliverableException>(() => taken.WithinAsync("the failure of the one taken"));
        await Assert.ThrowsAsync<UndeliverableException>(() => waiting.WithinAsync("the failure of the one waiting"));
    }

    [Fact]
    public async Task A_full_mailbox_fails_it_at_once()
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(LambdaActor.Idle().WithMailbox(new MailboxOptions { Capacity = 1 }));
        actor.Tell("fills it");
        var e = await Assert.ThrowsAsync<UndeliverableException>(() => actor.AskAsync<string>("go", Timeout).WithinAsync("the failure"));
        Assert.Equal(DeadLetterReason.MailboxFull, e.Reason);
    }

    [Fact]
    public async Task Cancellation_ends_it_also_when_it_came_before()
    {
        await using var test = new DeterministicSystem();
        List<object> got = [];
        var actor = test.ActorOf(LambdaActor.Props((_, m) => got.Add(m)));
        using var source = new CancellationTokenSource();
        var answer = actor.AskAsync<string>("first", Timeout, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => actor.AskAsync<string>("second", Timeout, source.Token));
        Assert.Equal(0, test.Time.ActiveTimers);
        test.Run();
        Assert.Equal(["first"], got);
    }
}
