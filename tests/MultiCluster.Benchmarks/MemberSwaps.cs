using System.Diagnostics;
using System.Globalization;
using System.Text;
using MultiCluster.Benchmarks.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks;

/// <param name="Busy">While another member changed all the time.</param>
/// <param name="ChangesPerSecond">That it really made.</param>
internal sealed record MemberLatencies(int Members, Samples Idle, Samples Busy, double ChangesPerSecond, long Failed, long Reloads);

/// <summary>
/// The pod of a random quiet member replaced by another, again and again, under a probe that asks every millisecond: from the last byte
/// of the watch event until the first answer of the new pod. Idle and busy rounds take turns, so that a slower hour of the machine is in both.
/// </summary>
internal sealed class MemberSwaps : IDisposable
{
    private const int Rounds = 4;
    private const int WarmUp = 50;
    private const double TrafficPerSecond = 100;
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan SwapInterval = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(4);
    private readonly ManualResetEventSlim _never = new();
    private readonly MemberBench _bench;
    private readonly HttpProbe _probe;
    private readonly byte[][] _requests;
    private readonly int _count;
    private long _written;
    private long _failed;
    private int _status;

    /// <summary>Answers of pods that were replaced two changes ago or earlier.</summary>
    private long _late;

    private MemberSwaps(MemberBench bench, int count, int port)
    {
        _bench = bench;
        _count = count;
        _probe = new HttpProbe(port);
        _requests = [.. FakeMembers.Requests(count)];
        for (var m = 1; m < count; m++)
            bench.Members[m].EventWritten = OnWritten;
    }

    public static async Task<MemberLatencies> RunAsync(MemberBench bench, int count, CancellationToken cancellationToken)
    {
        using var product = await bench.StartAsync(string.Create(CultureInfo.InvariantCulture, $"n{count}"), count, 0, 0, cancellationToken);
        using var run = new MemberSwaps(bench, count, product.Port);
        using var traffic = Traffic.Start(product.Port, 2, TrafficPerSecond, [.. run._requests, .. Churn.Requests]);
        var (idle, busy) = (new Samples(), new Samples());
        var swaps = Math.Max(1, bench.Options.Number("swaps", 400) / Rounds);

        // Code that runs for hours is compiled; a start is measured elsewhere.
        run.Round(WarmUp, new Samples(), cancellationToken);
        run.BusyRound(WarmUp, new Samples(), cancellationToken);
        bench.Churn.TakeRate();
        for (var i = 0; i < Rounds; i++)
        {
            run.Round(swaps, idle, cancellationToken);
            run.BusyRound(swaps, busy, cancellationToken);
        }

        var rate = bench.Churn.TakeRate();
        bench.Churn.AssertApplied(product.Port, cancellationToken);
        await product.Admin.WhenAsync(MemberBench.IsStill, "all that was changed", cancellationToken);
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} members, {swaps * Rounds} changes of quiet ones each: idle p50 {idle.Percentile(50)} p99 {idle.Percentile(99)} ms, worst {idle.Worst(4)}; while one makes {rate:F0} changes/s p50 {busy.Percentile(50)} p99 {busy.Percentile(99)} ms, worst {busy.Worst(4)}; {traffic.Failed} of {traffic.Done} requests{traffic.Failures} and {run._failed} of the probe's failed, {run._late} came from pods replaced before; {product.Resident()} MiB"));
        return new MemberLatencies(count, idle, busy, rate, run._failed + traffic.Failed, await product.Admin.ReloadsAsync(cancellationToken));
    }

    public void Dispose()
    {
        for (var m = 1; m < _count; m++)
            _bench.Members[m].EventWritten = null;
        _probe.Dispose();
        _never.Dispose();
    }

    private void BusyRound(int swaps, Samples samples, CancellationToken cancellationToken)
    {
        _bench.Churn.Begin();
        try
        {
            Round(swaps, samples, cancellationToken);
        }
        finally
        {
            _bench.Churn.End();
        }
    }

    private void Round(int swaps, Samples samples, CancellationToken cancellationToken)
    {
        Quiet.Start();
        for (var i = 0; i < swaps; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Replace(Member(), samples);
        }

        Quiet.End();
    }

    /// <summary>Any but the first, which is the busy one.</summary>
#pragma warning disable CA5394 // spreads load, guards nothing
    private int Member() => 1 + _random.Next(_count - 1);
#pragma warning restore CA5394

    private void Replace(int member, Samples samples)
    {
        var older = _bench.Members.Answer(member);
        Volatile.Write(ref _written, 0);
        var started = Stopwatch.GetTimestamp();
        _bench.Members.Replace(member);
        var newer = _bench.Members.Answer(member);
        while (!IsAnswered(member, older, newer))
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
            {
                throw new BenchException(
                    $"the new pod of member {member} of {_count}, {Text(newer)} instead of {Text(older)}, did not answer within {Deadline.TotalSeconds} s; "
                    + $"its event {(Volatile.Read(ref _written) == 0 ? "is not written" : "is written")}, the last answer was {_status} of {Text(_probe.Body)}, {_probe.Broken} connections broke");
            }

            _never.Wait(AskInterval);
        }

        var answered = Stopwatch.GetTimestamp();

        // The answer may overtake the hook's thread, never the bytes.
        SpinWait.SpinUntil(() => Volatile.Read(ref _written) != 0, Deadline);
        samples.Add(Math.Min(answered, Volatile.Read(ref _written)), answered);
        if (SwapInterval - Stopwatch.GetElapsedTime(started) is var rest && rest > TimeSpan.Zero)
            _never.Wait(rest);
    }

    private bool IsAnswered(int member, byte[] older, byte[] newer)
    {
        _status = _probe.Ask(_requests[member]);
        if (_status != 200)
            _failed++;
        else if (_probe.Body.SequenceEqual(newer))
            return true;
        else if (!_probe.Body.SequenceEqual(older))
            _late++;
        return false;
    }

    private static string Text(ReadOnlySpan<byte> ascii) => Encoding.ASCII.GetString(ascii);

    private void OnWritten(EventWritten written)
    {
        if (written.Resource == ResourcePath.EndpointSlices)
            Volatile.Write(ref _written, written.Timestamp);
    }
}
