using System.Diagnostics;
using MultiCluster.Benchmarks.Support;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks;

/// <summary>
/// Routes (Ingress, Service, EndpointSlice) added one by one: from the last byte of the last of the three watch events until
/// the first 200 of a probe that asks all the time.
/// </summary>
internal sealed class Propagation : IDisposable
{
    private const int ObjectsPerRoute = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly FakeCluster _cluster;
    private readonly Pods _pods;
    private readonly HttpProbe _probe;
    private readonly Samples _samples = new();
    private long _written;
    private int _count;

    private Propagation(FakeCluster cluster, Pods pods, int port)
    {
        _cluster = cluster;
        _pods = pods;
        _probe = new HttpProbe(port);
        cluster.EventWritten = OnWritten;
    }

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
        using var pods = await StartAsync(options, scratch, cluster, cancellationToken);
        using var product = await Product.StartAsync(
            new ProductConfig(scratch.Path, options.HAProxy.Path, cluster.KubeConfigPath), scratch.Path, cancellationToken);
        return await MeasureAsync("propagation", options, cluster, pods, product, cancellationToken);
    }

    /// <summary>The same through two controllers and a proxy that are processes of their own.</summary>
    public static async Task<BenchLine> RunClusterAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var kind = options.Text("store", "sqlite");
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
        using var pods = await StartAsync(options, scratch, cluster, cancellationToken);
        using var store = await Store.StartAsync(kind, scratch.Path, cancellationToken);
        using var fleet = await Fleet.StartAsync(
            scratch.Path, options.HAProxy, controllers: 2, store.Configuration, $"bench {{ kubeconfig = \"{cluster.KubeConfigPath}\" }}", cancellationToken);
        await ClusterWaits.WhenSharedAsync(fleet, cancellationToken);
        return await MeasureAsync($"cluster-propagation {kind}", options, cluster, pods, fleet, cancellationToken);
    }

    private static Task<Pods> StartAsync(BenchOptions options, Scratch scratch, FakeCluster cluster, CancellationToken cancellationToken)
    {
        Objects.ApplyClass(cluster);
        return Pods.StartAsync(scratch.Path, options.HAProxy, 1, cancellationToken);
    }

    private static async Task<BenchLine> MeasureAsync(
        string bench, BenchOptions options, FakeCluster cluster, Pods pods, IServedProduct product, CancellationToken cancellationToken)
    {
        var routes = options.Number("routes", 1000);
        using var run = new Propagation(cluster, pods, product.Port);
        Quiet.Start();
        var started = Stopwatch.GetTimestamp();
        var cpu = product.Cpu();
        for (var i = 0; i < routes; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            run.Add(i);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        cpu = product.Cpu() - cpu;
        await Console.Error.WriteLineAsync(
            $"p50 of the first 100: {run._samples.FirstMedian(100)} ms, of the last 100: {run._samples.LastMedian(100)} ms; "
            + $"CPU of the product {cpu.TotalMilliseconds / routes:F2} ms per route; worst {run._samples.Worst(12)}");
        return new BenchLine(bench, options.HAProxy.FullVersion)
        {
            P50Ms = run._samples.Percentile(50),
            P99Ms = run._samples.Percentile(99),
            Reloads = await product.Admin.ReloadsAsync(cancellationToken),
            FailedRequests = run._probe.Broken,
            RssMib = product.Resident(),
            Seconds = Math.Round(seconds, 2),
        };
    }

    public void Dispose() => _probe.Dispose();

    private void Add(int i)
    {
        var request = HttpProbe.Request(Objects.Host(i));
        if (_probe.Ask(request) is 200)
            throw new BenchException($"{Objects.Host(i)} answers before it exists");
        Interlocked.Exchange(ref _count, 0);
        Objects.ApplyIngress(_cluster, i);
        Objects.ApplyService(_cluster, i);
        Objects.ApplySlice(_cluster, i, _pods.Port, (Objects.Name(i) + "-a", _pods.Addresses[0]));
        var started = Stopwatch.GetTimestamp();
        while (_probe.Ask(request) != 200)
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
                throw new BenchException($"{Objects.Host(i)} did not answer within {Deadline.TotalSeconds} s");
        }

        var answered = Stopwatch.GetTimestamp();

        // The answer may overtake the hook's thread, never the bytes.
        SpinWait.SpinUntil(() => Volatile.Read(ref _count) == ObjectsPerRoute);
        _samples.Add(Math.Min(answered, Volatile.Read(ref _written)), answered);
    }

    private void OnWritten(EventWritten written)
    {
        var known = Volatile.Read(ref _written);
        while (written.Timestamp > known)
            known = Interlocked.CompareExchange(ref _written, written.Timestamp, known) is var seen && seen == known ? written.Timestamp : seen;
        Interlocked.Increment(ref _count);
    }
}
