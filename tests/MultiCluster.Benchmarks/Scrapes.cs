using System.Diagnostics;
using System.Globalization;
using System.Text;
using MultiCluster.Benchmarks.Support;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks;

/// <summary>
/// <c>/metrics</c> of a process whose HAProxy has very many servers: how long one scrape takes, alone, and how soon a replaced pod is served
/// without anybody scraping and with one scrape each second.
/// </summary>
internal static class Scrapes
{
    private const int PodsPerService = 3;
    private const int Rounds = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var (routes, swaps) = (options.Number("routes", 10_000), options.Number("swaps", 300));
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
        using var pods = await Pods.StartAsync(scratch.Path, options.HAProxy, 16, cancellationToken);
        Fill(cluster, pods, routes);
        var config = new ProductConfig(
            scratch.Path, options.HAProxy.Path, cluster.KubeConfigPath, $"haproxy.pool-size = {routes + 64}\nmetrics.endpoint-limit = 1000000\nlog.level = warn");
        using var product = await Product.StartAsync(config, scratch.Path, cancellationToken);
        await product.Admin.WhenAsync(
            view => view.Servers == ((routes - 1) * PodsPerService) + 1 && view.AppliedVersion == view.DesiredVersion && view.StartFileVersion == view.DesiredVersion, "all servers", cancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{config.AdminPort}") };
        using var swap = new Swap(cluster, pods, product.Port);
        Quiet.Start();
        swap.Warm(50);
        for (var i = 0; i < 3; i++)
            await ScrapeAsync(http, cancellationToken);
        var (seconds, bytes, allocated) = await MeasureAsync(http, cancellationToken);
        var alone = swap.Measure(swaps, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scraping = Task.Run(() => ScrapeOnAsync(http, stop.Token), cancellationToken);
        var beside = swap.Measure(swaps, cancellationToken);
        await stop.CancelAsync();
        var count = await scraping;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"one scrape: {seconds:F3} s, {bytes / 1e6:F1} MB, {allocated / 1e6:F1} MB allocated; a swap alone {alone.Percentile(50)} / {alone.Percentile(99)} ms, beside {count} scrapes {beside.Percentile(50)} / {beside.Percentile(99)} ms"));
        return new BenchLine("scrape", options.HAProxy.FullVersion)
        {
            Seconds = Math.Round(seconds, 3),
            P50Ms = beside.Percentile(50),
            P99Ms = beside.Percentile(99),
            Ratio = Math.Round(alone.Percentile(99) / beside.Percentile(99), 2),
            FailedRequests = swap.Failed,
            Reloads = await product.Admin.ReloadsAsync(cancellationToken),
            RssMib = product.Resident(),
        };
    }

    private static void Fill(FakeCluster cluster, Pods pods, int routes)
    {
        Objects.ApplyClass(cluster);
        for (var i = 0; i < routes; i++)
        {
            Objects.ApplyIngress(cluster, i);
            Objects.ApplyService(cluster, i);
            if (i > 0)
                Objects.ApplySlice(cluster, i, 8080, [.. Enumerable.Range(0, PodsPerService).Select(n => ($"app-{i}-{n}", SliceTranscript.Address((i * PodsPerService) + n)))]);
        }

        Objects.ApplySlice(cluster, 0, pods.Port, ("pod-0", pods.Addresses[0]));
    }

    private static async Task<(double Seconds, long Bytes, double Allocated)> MeasureAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        var (bytes, first, last) = (0L, 0.0, 0.0);
        for (var i = 0; i < Rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            (bytes, last) = await ScrapeAsync(http, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            first = i == 0 ? last : first;
        }

        return (times.Order().ElementAt(Rounds / 2), bytes, (last - first) / (Rounds - 1));
    }

    private static async Task<int> ScrapeOnAsync(HttpClient http, CancellationToken cancellationToken)
    {
        for (var count = 0; ; count++)
        {
            try
            {
                await ScrapeAsync(http, cancellationToken);
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return count;
            }
        }
    }

    /// <returns>Its length, and what the process had allocated by then.</returns>
    private static async Task<(long Bytes, double Allocated)> ScrapeAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri("/metrics", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[256 * 1024];
        var (bytes, allocated) = (0L, 0.0);
        for (int count; (count = await body.ReadAsync(buffer, cancellationToken)) > 0; bytes += count)
        {
            if (allocated == 0)
                allocated = Find(buffer.AsSpan(0, count));
        }

        return (bytes, allocated);
    }

    private static double Find(ReadOnlySpan<byte> text)
    {
        var name = "\nmulticluster_process_allocated_bytes_total "u8;
        var at = text.IndexOf(name);
        if (at < 0)
            return 0;
        var rest = text[(at + name.Length)..];
        return double.TryParse(Encoding.ASCII.GetString(rest[..Math.Max(0, rest.IndexOf((byte)'\n'))]), CultureInfo.InvariantCulture, out var value) ? value : 0;
    }
}
