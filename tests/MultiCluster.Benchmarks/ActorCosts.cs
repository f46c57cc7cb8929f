using System.Diagnostics;
using System.Globalization;
using MultiCluster.Actors;

namespace MultiCluster.Benchmarks;

/// <summary>What the actor core costs: messages, idle actors, and a million asks.</summary>
internal static class ActorCosts
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var messages = options.Number("messages", 5_000_000);
        var idle = options.Number("actors", 100_000);
        var asks = options.Number("asks", 1_000_000);
        await using var system = new ActorSystem("bench");
        await TellAsync(system, messages / 10);
        var rate = await TellAsync(system, messages);
        var bytes = await IdleAsync(idle);
        var (before, after, askRate) = await AskAsync(system, asks);
        await Console.Error.WriteLineAsync(
            $"{rate:N0} messages/s to one actor from one thread; {bytes:F0} bytes per idle actor of {idle:N0}; {askRate:N0} asks/s one after another; heap {before:F1} MiB before {asks:N0} asks, {after:F1} MiB after");
        return new BenchLine("actors", "") { RatePerS = Math.Round(rate), RssMib = Math.Round(after, 1), Ratio = Math.Round(before / after, 3) };
    }

    private static async Task<double> TellAsync(ActorSystem system, int count)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = system.ActorOf(Props.Create(() => new Counter(count, done)).WithMailbox(new MailboxOptions { Capacity = int.MaxValue }));
        var message = new Ping();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            actor.Tell(message);
        await done.Task.WaitAsync(Deadline);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> IdleAsync(int count)
    {
        await using var system = new ActorSystem("idle");
        var refs = new IActorRef[count];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
            refs[i] = system.ActorOf(Props.Create(static () => new Echo()), i.ToString(CultureInfo.InvariantCulture));
        await refs[^1].AskAsync<Ping>(new Ping(), Deadline);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(refs);
        return (after - before) / (double)count;
    }

    private static async Task<(double Before, double After, double Rate)> AskAsync(ActorSystem system, int count)
    {
        var actor = system.ActorOf(Props.Create(static () => new Echo()));
        for (var i = 0; i < 1000; i++)
            await actor.AskAsync<Ping>(new Ping(), Deadline);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            await actor.AskAsync<Ping>(new Ping(), Deadline);
        var rate = count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (before / 1048576.0, GC.GetTotalMemory(forceFullCollection: true) / 1048576.0, rate);
    }

    private sealed record Ping;

    private sealed class Counter(int count, TaskCompletionSource done) : Actor
    {
        private int _left = count;

        protected override ValueTask ReceiveAsync(object message)
        {
            if (--_left == 0)
                done.SetResult();
            return default;
        }
    }

    private sealed class Echo : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            Context.Reply(message);
            return default;
        }
    }
}
