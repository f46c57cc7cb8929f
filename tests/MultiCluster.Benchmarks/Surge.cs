using System.Diagnostics;
using MultiCluster.Benchmarks.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks;

/// <summary>
/// Traffic and pods grow to twenty times within a minute, all Services at once. Meanwhile one more Service has its only pod replaced again
/// and again, fifty times a second at most: from the last byte of that event until the first answer of the new pod.
/// </summary>
internal static class Surge
{
    private const int Services = 50;
    private const int Factor = 20;
    private const int FirstPods = 2;
    private const double FirstRate = 150;

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var length = TimeSpan.FromSeconds(options.Number("seconds", 60));
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
        using var pods = await Pods.StartAsync(scratch.Path, options.HAProxy, FirstPods * Factor, cancellationToken);
        Objects.ApplyClass(cluster);
        for (var i = 0; i <= Services; i++)
        {
            Objects.ApplyIngress(cluster, i);
            Objects.ApplyService(cluster, i);
            Scale(cluster, i, i == Services ? 1 : FirstPods, pods);
        }

        using var product = await Product.StartAsync(
            new ProductConfig(scratch.Path, options.HAProxy.Path, cluster.KubeConfigPath), scratch.Path, cancellationToken);
        await product.Admin.WhenAsync(static view => view.Routes > Services && view.DesiredVersion == view.AppliedVersion, "all routes", cancellationToken);
        using var traffic = Traffic.Start(product.Port, 8, FirstRate, [.. Enumerable.Range(0, Services).Select(static i => HttpProbe.Request(Objects.Host(i)))]);
        using var marker = new Marker(cluster, pods, product.Port);
        var samples = new Samples();
        var sizes = Enumerable.Repeat(FirstPods, Services).ToArray();
        var started = Stopwatch.GetTimestamp();
        for (var step = 0; Stopwatch.GetElapsedTime(started) < length; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var progress = Stopwatch.GetElapsedTime(started) / length;
            traffic.PerSecond = FirstRate * (1 + ((Factor - 1) * progress));
            for (var i = 0; i < Services; i++)
            {
                var wanted = (int)(FirstPods * (1 + ((Factor - 1) * progress)));
                if (wanted > sizes[i])
                    Scale(cluster, i, sizes[i] = wanted, pods);
            }

            marker.Replace(step, samples);
        }

        await product.Admin.WhenAsync(view => view.DesiredVersion == view.AppliedVersion, "all that was changed", cancellationToken);
        var view = await product.Admin.ProxyAsync(cancellationToken);
        await Console.Error.WriteLineAsync(
            $"{traffic.Done} requests, {view.Servers} servers at the end; {samples.Count} samples; p50 of the first 50: {samples.FirstMedian(50)} ms, of the last 50: {samples.LastMedian(50)} ms; worst {samples.Worst(8)}");
        return new BenchLine("surge", options.HAProxy.FullVersion)
        {
            P50Ms = samples.Percentile(50),
            P99Ms = samples.Percentile(99),
            RatePerS = Math.Round(traffic.PerSecond),
            Reloads = await product.Admin.ReloadsAsync(cancellationToken),
            FailedRequests = traffic.Failed,
            RssMib = product.Resident(),
            Seconds = length.TotalSeconds,
        };
    }

    private static void Scale(FakeCluster cluster, int service, int count, Pods pods)
    {
        (string, string)[] endpoints = [.. Enumerable.Range(0, count).Select(i => ($"pod-{service}-{i}", pods.Addresses[i]))];
        Objects.ApplySlice(cluster, service, pods.Port, endpoints);
    }

    /// <summary>The Service whose pod is replaced.</summary>
    private sealed class Marker : IDisposable
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
        private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(1);
        private static readonly TimeSpan ReplaceInterval = TimeSpan.FromMilliseconds(20);

        private readonly ManualResetEventSlim _never = new();
        private readonly FakeCluster _cluster;
        private readonly Pods _pods;
        private readonly HttpProbe _probe;
        private readonly byte[] _request = HttpProbe.Request(Objects.Host(Services));
        private long _written;

        public Marker(FakeCluster cluster, Pods pods, int port)
        {
            _cluster = cluster;
            _pods = pods;
            _probe = new HttpProbe(port);
            cluster.EventWritten = written =>
            {
                if (written.Resource == ResourcePath.EndpointSlices)
                    Volatile.Write(ref _written, written.Timestamp);
            };
        }

        public void Replace(int step, Samples samples)
        {
            var address = _pods.Addresses[(step + 1) % _pods.Addresses.Count];
            var wanted = System.Text.Encoding.ASCII.GetBytes(address);
            Objects.ApplySlice(_cluster, Services, _pods.Port, ($"marker-{step}", address));
            var started = Stopwatch.GetTimestamp();
            while (_probe.Ask(_request) != 200 || !_probe.Body.SequenceEqual(wanted))
            {
                if (Stopwatch.GetElapsedTime(started) > Deadline)
                    throw new BenchException($"a replaced pod did not answer within {Deadline.TotalSeconds} s");
                _never.Wait(AskInterval);
            }

            var answered = Stopwatch.GetTimestamp();
            // The event of the marker is the last one that was written, or its hook is still to come.
            samples.Add(Math.Max(started, Math.Min(Volatile.Read(ref _written), answered)), answered);
            if (ReplaceInterval - Stopwatch.GetElapsedTime(started) is var rest && rest > TimeSpan.Zero)
                _never.Wait(rest);
        }

        public void Dispose()
        {
            _probe.Dispose();
            _never.Dispose();
        }
    }
}
