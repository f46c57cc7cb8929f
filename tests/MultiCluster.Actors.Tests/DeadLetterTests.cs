using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

public sealed class DeadLetterTests
{
    [Fact]
    public async Task A_dead_letter_shows_reason_target_message_and_sender()
    {
        await using var test = new DeterministicSystem();
        List<DeadLetter> letters = [];
        var probe = test.Probe();
        var actor = test.ActorOf(LambdaActor.Props((self, m) => self.Drop(m)));
        using (test.System.DeadLetters.Subscribe(letters.Add))
        {
            actor.Tell("unhandled", probe.Ref);
            test.Run();
        }
        actor.Tell("not seen any more");
        test.Run();
        Assert.Equal(new DeadLetter(DeadLetterReason.Unhandled, actor, "unhandled", probe.Ref), Assert.Single(letters));
        Assert.Equal(2, test.System.DeadLetters.Count(DeadLetterReason.Unhandled));
    }

    [Fact]
    public async Task A_reply_without_sender_is_one()
    {
        await using var test = new DeterministicSystem();
        test.ActorOf(LambdaActor.Props((self, _) => self.Ctx.Reply("to whom"))).Tell("go");
        test.Run();
        Assert.Equal(1, test.System.DeadLetters.Count(DeadLetterReason.NoSender));
    }

    [Fact]
    public async Task A_subscriber_that_throws_harms_neither_sender_nor_other_subscribers()
    {
        await using var test = new DeterministicSystem();
        List<DeadLetter> letters = [];
        using var bad = test.System.DeadLetters.Subscribe(_ => throw new Boom());
        using var good = test.System.DeadLetters.Subscribe(letters.Add);
        var actor = test.ActorOf(LambdaActor.Idle());
        actor.Tell(PoisonPill.Instance);
        test.Run();
        actor.Tell("late");
        Assert.Single(letters);
    }
}
