using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

public sealed class DeterminismTests
{
    [Fact]
    public async Task The_same_seed_gives_the_same_interleaving_and_other_seeds_give_others()
    {
        var first = await TraceAsync(42);
        Assert.Equal(first, await TraceAsync(42));
        var distinct = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < 10; seed++)
            distinct.Add(await TraceAsync(seed));
        Assert.True(distinct.Count > 5, $"Ten seeds gave {distinct.Count} interleavings.");
    }

    /// <summary>
    /// A small protocol under every interleaving that 500 seeds give: workers fail, restart after a back-off and pass tokens on; each
    /// token arrives, is a dead letter, or was the one that failed.
    /// </summary>
    [Fact]
    public async Task Under_many_interleavings_with_failures_every_message_is_accounted_for()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            await using var test = new DeterministicSystem(seed);
            var handled = 0;
            var failed = 0;
            var workers = new IActorRef[4];
            var worker = LambdaActor.Props(async (self, m) =>
            {
                var token = (Token)m;
                if (token.Poison)
                {
                    failed++;
                    throw new Boom();
                }
                await Task.Yield();
                handled++;
                if (token.Hops > 0)
                    workers[token.Hops % 4].Tell(token with { Hops = token.Hops - 1 });
            }).WithMailbox(new MailboxOptions { Throughput = 2, Capacity = 20 });
            for (var i = 0; i < workers.Length; i++)
                workers[i] = test.ActorOf(worker, $"w{i}");
            var sent = 0;
            for (var i = 0; i < 40; i++)
            {
                workers[i % 4].Tell(new Token(i % 5, i % 7 == 0));
                sent += i % 7 == 0 ? 1 : 1 + (i % 5);
            }
            test.Advance(TimeSpan.FromMinutes(5));
            // A token that is dropped with hops left takes those along.
            Assert.Equal(0, test.System.DeadLetters.Count(DeadLetterReason.MailboxFull));
            Assert.True(handled + failed == sent, $"Seed {seed}: {handled} handled and {failed} failed of {sent}.");
            Assert.All(test.System.Hierarchy().Flatten(), n => Assert.Equal((ActorState.Running, 0), (n.State, n.MailboxDepth)));
        }
    }

    private static async Task<string> TraceAsync(int seed)
    {
        await using var test = new DeterministicSystem(seed);
        List<string> trace = [];
        var actors = new IActorRef[3];
        for (var a = 0; a < actors.Length; a++)
        {
            var me = a;
            actors[a] = test.ActorOf(LambdaActor.Props(async (_, m) =>
            {
                trace.Add($"{me}:{m}");
                await Task.Yield();
                trace.Add($"{me}:{m}'");
                if ((int)m < 5)
                    actors[(me + 1) % 3].Tell((int)m + 1);
            }));
        }
        foreach (var actor in actors)
            actor.Tell(1);
        test.Run();
        return string.Join(' ', trace);
    }

    private sealed record Token(int Hops, bool Poison);
}
