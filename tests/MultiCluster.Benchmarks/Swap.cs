using System.Diagnostics;
using System.Text;
using MultiCluster.Benchmarks.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks;

/// <summary>
/// A pod replaced by another in one slice event, under a probe that asks every millisecond: from the last byte of the event
/// until the first answer of the new pod after which the old one never answers again.
/// </summary>
internal sealed class Swap : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Watching = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly FakeCluster _cluster;
    private readonly Pods _pods;
    private readonly HttpProbe _probe;
    private readonly byte[] _request = HttpProbe.Request(Objects.Host(0));
    private readonly byte[][] _addresses;
    private readonly ManualResetEventSlim _never = new();
    private Samples _samples = new();
    private int _made;
    private long _written;
    private long _failed;

    /// <summary>First answer of the new pod after the last one of the old; 0 while there is none.</summary>
    private long _since;

    public Swap(FakeCluster cluster, Pods pods, int port)
    {
        _cluster = cluster;
        _pods = pods;
        _probe = new HttpProbe(port);
        _addresses = [.. pods.Addresses.Select(Encoding.ASCII.GetBytes)];
        cluster.EventWritten = written =>
        {
            if (written.Resource == ResourcePath.EndpointSlices)
                Volatile.Write(ref _written, written.Timestamp);
        };
    }

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var swaps = options.Number("swaps", 200);
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
        using var pods = await Pods.StartAsync(scratch.Path, options.HAProxy, 16, cancellationToken);
        Objects.ApplyClass(cluster);
        Objects.ApplyIngress(cluster, 0);
        Objects.ApplyService(cluster, 0);
        Objects.ApplySlice(cluster, 0, pods.Port, ("pod-0", pods.Addresses[0]));
        using var product = await Product.StartAsync(
            new ProductConfig(scratch.Path, options.HAProxy.Path, cluster.KubeConfigPath), scratch.Path, cancellationToken);
        using var run = new Swap(cluster, pods, product.Port);
        Quiet.Start();
        var started = Stopwatch.GetTimestamp();
        run.Measure(swaps, cancellationToken);
        await Console.Error.WriteLineAsync(
            $"p50 of the first 50: {run._samples.FirstMedian(50)} ms, of the last 50: {run._samples.LastMedian(50)} ms; worst {run._samples.Worst(8)}");
        return new BenchLine("swap", options.HAProxy.FullVersion)
        {
            P50Ms = run._samples.Percentile(50),
            P99Ms = run._samples.Percentile(99),
            Reloads = await product.Admin.ReloadsAsync(cancellationToken),
            FailedRequests = run._failed,
            RssMib = product.Resident(),
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 2),
        };
    }

    public long Failed => _failed;

    public void Warm(int swaps) => Measure(swaps, CancellationToken.None);

    /// <returns>Of these alone.</returns>
    public Samples Measure(int swaps, CancellationToken cancellationToken)
    {
        _samples = new Samples();
        for (var i = 0; i < swaps; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Replace(++_made);
        }

        return _samples;
    }

    public void Dispose()
    {
        _probe.Dispose();
        _never.Dispose();
    }

    private void Replace(int i)
    {
        var (older, newer) = ((i - 1) % _addresses.Length, i % _addresses.Length);
        _since = 0;
        Volatile.Write(ref _written, 0);
        Objects.ApplySlice(_cluster, 0, _pods.Port, ($"pod-{i}", _pods.Addresses[newer]));
        var started = Stopwatch.GetTimestamp();
        while (!OnlyNew(older, newer))
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
                throw new BenchException($"the new pod did not take over within {Deadline.TotalSeconds} s");
        }

        _samples.Add(Math.Min(Volatile.Read(ref _written), _since), _since);
    }

    /// <summary>Asks every millisecond for some time and keeps <see cref="_since"/>.</summary>
    /// <returns>Whether only the new pod answered throughout.</returns>
    private bool OnlyNew(int older, int newer)
    {
        var started = Stopwatch.GetTimestamp();
        var onlyNew = true;
        do
        {
            var isOk = _probe.Ask(_request) == 200;
            var (isOld, isNew) = (isOk && _probe.Body.SequenceEqual(_addresses[older]), isOk && _probe.Body.SequenceEqual(_addresses[newer]));
            if (!isOld && !isNew)
                _failed++;
            onlyNew &= isNew;
            _since = !isNew ? 0 : _since == 0 ? Stopwatch.GetTimestamp() : _since;
            _never.Wait(Period);
        }
        while (Stopwatch.GetElapsedTime(started) < Watching);
        return onlyNew;
    }
}
