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

    /// <summary>
    /// A watcher holds its source back at 1,024 events in its mailbox, and nobody is told more than a few things about each of a hundred
    /// entities at once; a mailbox that takes less than comes would have several thousands by the end.
    /// </summary>
    private const int LongestMailbox = 2_000;

    /// <summary>Of each entity: it is written down once in 250 ms, and that is committed soon after; more if a commit takes a second.</summary>
    private const int EventsPerEntity = 4;

    /// <summary>Of each entity: what is due to be written down, and what is on its way.</summary>
    private const int SnapshotsPerEntity = 2;

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

        using var store = await Store.StartAsync(options.Text("store", "sqlite"), scratch.Path, cancellationToken);
        using var product = await StartAsync(options, scratch, cluster, store, cancellationToken);
        await product.Admin.WhenAsync(static view => view.Routes > Services && view.DesiredVersion == view.AppliedVersion, "all routes", cancellationToken);
        return await MeasureAsync(options, length, cluster, pods, product, cancellationToken);
    }

    /// <summary>All in one process, or controllers and a proxy, between which there are sessions.</summary>
    private static async Task<IServedProduct> StartAsync(
        BenchOptions options, Scratch scratch, FakeCluster cluster, Store store, CancellationToken cancellationToken)
    {
        if (!options.Values.ContainsKey("controllers"))
        {
            return await Product.StartAsync(
                new ProductConfig(scratch.Path, options.HAProxy.Path, cluster.KubeConfigPath, store.Configuration), scratch.Path, cancellationToken);
        }

        var fleet = await Fleet.StartAsync(
            scratch.Path, options.HAProxy, options.Number("controllers", 1), store.Configuration, $"bench {{ kubeconfig = \"{cluster.KubeConfigPath}\" }}", cancellationToken);
        await ClusterWaits.WhenSharedAsync(fleet, cancellationToken);
        return fleet;
    }

    private static async Task<BenchLine> MeasureAsync(
        BenchOptions options, TimeSpan length, FakeCluster cluster, Pods pods, IServedProduct product, CancellationToken cancellationToken)
    {
        using var traffic = Traffic.Start(product.Port, 8, FirstRate, [.. Enumerable.Range(0, Services).Select(static i => HttpProbe.Request(Objects.Host(i)))]);
        await using var watch = QueueWatch.Start(product);
        var samples = new Samples();
        Grow(length, cluster, pods, product.Port, traffic, samples, cancellationToken);
        var queues = await watch.EndAsync();
        await product.Admin.WhenAsync(view => view.DesiredVersion == view.AppliedVersion, "all that was changed", cancellationToken);
        var view = await product.Admin.ProxyAsync(cancellationToken);
        await Console.Error.WriteLineAsync(
            $"{traffic.Done} requests, {view.Servers} servers at the end; {samples.Count} samples; p50 of the first 50: {samples.FirstMedian(50)} ms, of the last 50: {samples.LastMedian(50)} ms; worst {samples.Worst(8)}; "
            + $"longest mailbox in {queues.Looks} looks: {queues.FullestActor}");
        Check(queues, await product.Processes[0].EntitiesAsync(cancellationToken));
        return new BenchLine("surge", options.HAProxy.FullVersion)
        {
            P50Ms = samples.Percentile(50),
            P99Ms = samples.Percentile(99),
            RatePerS = Math.Round(traffic.PerSecond),
            Reloads = await product.Admin.ReloadsAsync(cancellationToken),
            FailedRequests = traffic.Failed,
            RssMib = product.Resident(),
            Seconds = length.TotalSeconds,
            Queues = queues,
        };
    }

    private static void Grow(
        TimeSpan length, FakeCluster cluster, Pods pods, int port, Traffic traffic, Samples samples, CancellationToken cancellationToken)
    {
        using var marker = new Marker(cluster, pods, port);
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
    }

    /// <exception cref="BenchException">More waited than may.</exception>
    private static void Check(Queues queues, int entities)
    {
        AtMost(queues.Mailbox, LongestMailbox, $"messages waited in the mailbox of {queues.FullestActor}");
        AtMost(queues.StoreEvents, EventsPerEntity * entities, $"events of {entities} entities waited for the database");
        AtMost(queues.StoreSnapshots, SnapshotsPerEntity * entities, $"snapshots of {entities} entities waited for the database");
        AtMost(queues.Session ?? 0, entities, $"rows of {entities} entities waited for a proxy");
    }

    private static void AtMost(int greatest, int limit, string what)
    {
        if (greatest > limit)
            throw new BenchException($"a queue is not bounded: {greatest} {what}, at most {limit} may");
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
