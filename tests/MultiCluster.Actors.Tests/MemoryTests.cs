using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

/// <summary>
/// Each operation is done 20,000 times to warm up and then 200,000 times; what stays afterwards may not grow by more than a few
/// bytes per operation, while one forgotten entry anywhere costs at least forty.
/// </summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const int WarmUp = 20_000;
    private const int Operations = 200_000;
    private const double BytesPerOperation = 8;
    private const int Rounds = 3;

    [Fact]
    public Task Asks_leave_nothing_behind() => IsFlatAsync(
        LambdaActor.Props((self, m) => self.Ctx.Reply(m)),
        async (test, actor, _) =>
        {
            var answer = actor.AskAsync<string>("x", Deadline.Generous);
            test.Run();
            await answer;
        });

    [Fact]
    public Task Asks_that_time_out_leave_nothing_behind() => IsFlatAsync(
        LambdaActor.Idle(),
        async (test, actor, _) =>
        {
            var answer = actor.AskAsync<string>("x", TimeSpan.FromSeconds(1));
            test.Advance(TimeSpan.FromSeconds(1));
            await answer.ContinueWith(static _ => { }, TaskScheduler.Default);
            Assert.True(answer.IsFaulted);
        },
        scale: 0.1);

    [Fact]
    public Task Asks_that_are_cancelled_before_they_begin_leave_nothing_behind() => IsFlatAsync(
        LambdaActor.Idle(),
        async (test, actor, _) =>
        {
            var answer = actor.AskAsync<string>("x", Deadline.Generous, new CancellationToken(canceled: true));
            test.Run();
            await answer.ContinueWith(static _ => { }, TaskScheduler.Default);
            Assert.True(answer.IsCanceled);
        },
        scale: 0.1);

    [Fact]
    public Task Watches_leave_nothing_behind_whether_given_up_or_answered() => IsFlatAsync(
        LambdaActor.Props((self, m) =>
        {
            if (m is not IActorRef target)
                return;
            self.Ctx.Watch(target);
            self.Ctx.Unwatch(target);
            // Ends with a watch that it has not given up.
            var child = self.Ctx.ActorOf(Props.Create(() => new LambdaActor((_, _) => { })
            {
                PreStart = c =>
                {
                    c.Ctx.Watch(target);
                    return default;
                },
            }), "same-name");
            self.Ctx.Watch(child);
            self.Ctx.Stop(child);
        }),
        (test, actor, target) =>
        {
            actor.Tell(target);
            test.Run();
            return Task.CompletedTask;
        });

    [Fact]
    public Task Timers_leave_nothing_behind() => IsFlatAsync(
        LambdaActor.Props((self, m) =>
        {
            if (m is "fired")
                return;
            self.Ctx.Timers.StartSingle("a", TimeSpan.FromSeconds(1), "fired");
            self.Ctx.Timers.StartSingle("b", TimeSpan.FromHours(1), "never");
            self.Ctx.Timers.StartSingle(m, TimeSpan.FromHours(1), "never");
            self.Ctx.Timers.Cancel(m);
        }),
        (test, actor, _) =>
        {
            actor.Tell(new object());
            test.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        });

    [Fact]
    public Task Subscriptions_leave_nothing_behind() => IsFlatAsync(
        LambdaActor.Idle(),
        (test, actor, _) =>
        {
            actor.Tell(new object());
            using var subscription = test.System.DeadLetters.Subscribe(_ => { });
            test.Run();
            return Task.CompletedTask;
        });

    private static async Task IsFlatAsync(Props props, Func<DeterministicSystem, IActorRef, IActorRef, Task> operation, double scale = 1)
    {
        await using var test = new DeterministicSystem();
        var actor = test.ActorOf(props, "subject");
        var target = test.ActorOf(LambdaActor.Idle(), "target");
        for (var i = 0; i < WarmUp * scale; i++)
            await operation(test, actor, target);
        // What the runtime and the test host keep meanwhile is not ours, and not the same each time; a leak is.
        var perOperation = double.MaxValue;
        for (var round = 0; round < Rounds && perOperation >= BytesPerOperation; round++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 0; i < Operations * scale; i++)
                await operation(test, actor, target);
            perOperation = (GC.GetTotalMemory(forceFullCollection: true) - before) / (Operations * scale);
        }

        Assert.True(perOperation < BytesPerOperation, $"{perOperation:F1} bytes stay per operation.");
        Assert.Equal(0, test.System.Hierarchy().Flatten().Sum(n => n.MailboxDepth));
    }

    /// <summary>The heap is everybody's: while it is measured no other test runs.</summary>
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
