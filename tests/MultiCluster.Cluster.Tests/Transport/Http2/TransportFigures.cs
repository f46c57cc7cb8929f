using System.Diagnostics;
using System.Globalization;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport.Http2;
using Xunit.Abstractions;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

/// <summary>
/// The figures in the README of the transport: both nodes in this process, over loopback. Without <c>MULTICLUSTER_BENCH=1</c> a short run
/// that shows only that the measurement works. <c>dotnet test --filter Category=Figures --logger "console;verbosity=detailed"</c>.
/// </summary>
[Trait("Category", "Figures")]
public sealed class TransportFigures(ITestOutputHelper output) : IDisposable
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("MULTICLUSTER_BENCH") == "1";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly TestPki _pki = new();

    public void Dispose() => _pki.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Round_trip(bool tls)
    {
        var (a, b) = await PairAsync(tls);
        await using var _ = a;
        await using var __ = b;
        var (warmUp, rounds) = IsLong ? (5_000, 50_000) : (10, 200);
        b.Receiver.Instead = frame => b.TrySend(a.Id, ((ShardMoving)frame.Message).Shard);
        using var answered = new SemaphoreSlim(0);
        a.Receiver.Instead = _ => answered.Release();
        var micros = new double[rounds];
        for (var round = -warmUp; round < rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            Assert.True(a.TrySend(b.Id, 1));
            Assert.True(await answered.WaitAsync(Deadline), "no answer");
            if (round >= 0)
                micros[round] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        }
        Array.Sort(micros);
        Say(tls, $"round trip p50 {micros[rounds / 2]:0} µs, p99 {micros[rounds * 99 / 100]:0} µs ({rounds} one after the other)");
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1024)]
    [InlineData(true, 1024)]
    public async Task Throughput(bool tls, int payload)
    {
        var (a, b) = await PairAsync(tls);
        await using var _ = a;
        await using var __ = b;
        await RunAsync(a, b, payload, IsLong ? 100_000 : 100);
        var count = IsLong ? 1_000_000 : 5_000;
        var began = Stopwatch.GetTimestamp();
        await RunAsync(a, b, payload, count);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Say(tls, $"{(payload == 0 ? "small messages" : $"{payload} B payloads")}: {count / seconds:0} messages/s one way ({count})");
    }

    private static async Task RunAsync(TestNode from, TestNode to, int payload, int count)
    {
        var (received, inOrder) = (0, true);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        to.Receiver.Instead = frame =>
        {
            var number = frame.Message is ShardMoving moving ? moving.Shard : (int)((ReplyEnvelope)frame.Message).Number;
            inOrder &= number == received;
            if (++received == count)
                done.TrySetResult();
        };
        var text = new string('x', payload);
        var send = Task.Run(async () =>
        {
            for (var number = 0; number < count;)
            {
                if (payload == 0 ? from.TrySend(to.Id, number) : from.TrySend(to.Id, new ReplyEnvelope(number, text)))
                    number++;
                else
                    await Task.Yield();
            }
        });
        await send.WaitAsync(Deadline);
        await done.Task.WaitAsync(Deadline);
        Assert.True(inOrder, "messages came out of order");
    }

    private async Task<(TestNode A, TestNode B)> PairAsync(bool tls)
    {
        var options = new TransportOptions { ClusterName = "test" };
        var a = await TestNode.StartAsync("a", options with { Tls = tls ? _pki.Node("a") : null });
        var b = await TestNode.StartAsync("b", options with { Tls = tls ? _pki.Node("b") : null });
        a.Join(b.AsPeer);
        b.Join(a.AsPeer);
        await a.Receiver.UpAsync(b.Id);
        await b.Receiver.UpAsync(a.Id);
        return (a, b);
    }

    private void Say(bool tls, FormattableString figure) => output.WriteLine($"{(tls ? "mTLS" : "h2c")}: {figure.ToString(CultureInfo.InvariantCulture)}");
}
