using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

/// <summary>On real threads: what a deterministic dispatcher can't show.</summary>
public sealed class MailboxStressTests
{
    private const int Producers = 8;
    private const int PerProducer = 50_000;

    private int _refusedPills;

    [Fact]
    public async Task Many_producers_lose_nothing_keep_their_order_and_never_run_the_actor_twice_at_once()
    {
        await using var system = new ActorSystem("stress");
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = new int[Producers];
        var inside = 0;
        var count = 0;
        string? fault = null;
        var actor = system.ActorOf(LambdaActor.Props(async (_, m) =>
        {
            if (Interlocked.Increment(ref inside) != 1)
                fault = "two handlers at once";
            var (producer, number) = ((int, int))m;
            if (number != ++last[producer])
                fault ??= $"producer {producer}: {number} came where {last[producer]} was due";
            // Now and then a real await, so that the run is left and scheduled again while producers go on.
            if (number % 1_000 == 0)
                await Task.Yield();
            Interlocked.Decrement(ref inside);
            if (++count == Producers * PerProducer)
                done.SetResult();
        }).WithMailbox(new MailboxOptions { Capacity = int.MaxValue }));
        await Task.WhenAll(Enumerable.Range(0, Producers).Select(p => Task.Run(() =>
        {
            for (var i = 1; i <= PerProducer; i++)
                actor.Tell((p, i));
        })));
        await done.Task.WithinAsync($"all {Producers * PerProducer} messages");
        Assert.Null(fault);
        Assert.Equal(0, system.DeadLetters.Count(DeadLetterReason.Terminated));
    }

    [Fact]
    public async Task No_wake_up_is_lost_when_each_message_meets_a_mailbox_that_goes_idle()
    {
        await using var system = new ActorSystem("ping-pong");
        var actor = system.ActorOf(LambdaActor.Props((self, m) => self.Ctx.Reply(m)));
        // Each answer is awaited before the next question: the mailbox goes idle 20,000 times on each of the lanes while others wake it.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(lane => Task.Run(async () =>
        {
            for (var i = 0; i < 20_000; i++)
                Assert.Equal(i, await actor.AskAsync<int>(i, Deadline.Generous));
        }))).WithinAsync("80,000 answers");
    }

    [Fact]
    public async Task Messages_sent_while_an_actor_stops_are_handled_or_counted_none_vanishes()
    {
        for (var round = 0; round < 50; round++)
        {
            await using var system = new ActorSystem("stop-race");
            var handled = 0;
            var actor = system.ActorOf(LambdaActor.Props((_, _) => handled++));
            var producers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 500; i++)
                    actor.Tell(i);
            })).ToArray();
            await system.StopAsync(actor, Deadline.Generous);
            await Task.WhenAll(producers);
            Assert.Equal(1_500, handled + system.DeadLetters.Count(DeadLetterReason.Terminated));
        }
    }

    [Fact]
    public async Task A_slow_consumer_behind_fast_producers_keeps_a_bounded_mailbox_and_blocks_nobody()
    {
        await using var system = new ActorSystem("slow");
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = 0;
        var actor = system.ActorOf(
            LambdaActor.Props(async (_, _) =>
            {
                begun.TrySetResult();
                await gate.Task;
                handled++;
            }).WithMailbox(new MailboxOptions { Capacity = 100 }),
            "slow");
        var probe = new TestProbe(system);
        actor.Tell("first");
        await begun.Task.WithinAsync("the first message");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
                actor.Tell(i);
        }))).WithinAsync("the producers' return");
        Assert.Equal(100, system.Hierarchy().Children.Single(n => n.Path.Name == "slow").MailboxDepth);
        gate.SetResult();
        probe.Watch(actor);
        // At the back of the queue, so that everything before it is handled; refused as long as the queue is full.
        await StopWhenThereIsRoomAsync(system, actor, probe);
        Assert.Equal(40_001, handled + system.DeadLetters.Count(DeadLetterReason.MailboxFull) - _refusedPills);
    }

    private async Task StopWhenThereIsRoomAsync(ActorSystem system, IActorRef actor, TestProbe probe)
    {
        using var subscription = system.DeadLetters.Subscribe(letter =>
        {
            if (letter.Message is not PoisonPill)
                return;
            Interlocked.Increment(ref _refusedPills);
            ThreadPool.UnsafeQueueUserWorkItem(static a => a.Tell(PoisonPill.Instance), actor, preferLocal: false);
        });
        actor.Tell(PoisonPill.Instance);
        await probe.ExpectAsync<Terminated>(Deadline.Generous);
    }
}
