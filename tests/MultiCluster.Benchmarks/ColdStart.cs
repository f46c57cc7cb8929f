using System.Diagnostics;
using MultiCluster.Benchmarks.Support;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks;

/// <summary>
/// 10,000 ingresses in three members with ten endpoints each into one process that knows nothing, until HAProxy has been started on all of
/// it; then again with HAProxy gone and all members down, from what was stored.
/// </summary>
internal static class ColdStart
{
    private const int Members = 3;
    private const int Endpoints = 10;

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var routes = options.Number("routes", 10_000);
        using var scratch = new Scratch();
        var clusters = new List<FakeCluster>();
        try
        {
            for (var m = 0; m < Members; m++)
                clusters.Add(await MemberAsync(m, routes));
            var members = string.Join('\n', clusters.Select(static (cluster, m) => $"m{m} {{ kubeconfig = \"{cluster.KubeConfigPath}\" }}"));
            var config = new ProductConfig(scratch.Path, options.HAProxy.Path, members, $"haproxy.pool-size = {routes + 16}", many: true);

            var started = Stopwatch.GetTimestamp();
            double resident;
            double peak;
            TimeSpan cold;
            using (var first = await Product.StartAsync(config, scratch.Path, cancellationToken))
            {
                cold = Stopwatch.GetElapsedTime(started);
                await first.Admin.WhenAsync(view => view.Routes == routes && view.Servers == routes * Members * Endpoints, "all routes and servers", cancellationToken);
                await first.Admin.WhenStoredAsync(cancellationToken);
                resident = first.Resident();
                peak = first.Peak();
            }

            foreach (var cluster in clusters)
                await cluster.PauseAsync();
            started = Stopwatch.GetTimestamp();
            using var second = await Product.StartAsync(config, scratch.Path, cancellationToken);
            var serving = Stopwatch.GetElapsedTime(started);
            await second.Admin.WhenReadyAsync(cancellationToken);
            var ready = Stopwatch.GetElapsedTime(started);
            var view = await second.Admin.ProxyAsync(cancellationToken);
            await Console.Error.WriteLineAsync(
                $"cold: HAProxy listens {cold.TotalSeconds:F1} s after the start; with all members down: listens after {serving.TotalSeconds:F1} s, ready after {ready.TotalSeconds:F1} s with {view.Routes} routes and {view.Servers} servers");
            if (view.Routes != routes)
                throw new BenchException($"after the restart there are {view.Routes} routes");
            return new BenchLine("coldstart", options.HAProxy.FullVersion)
            {
                Seconds = Math.Round(cold.TotalSeconds, 1),
                RestartListeningSeconds = Math.Round(serving.TotalSeconds, 1),
                RestartSeconds = Math.Round(ready.TotalSeconds, 1),
                RssMib = resident,
                RssPeakMib = peak,
                Reloads = view.ReloadsByReason.Values.Sum(),
            };
        }
        finally
        {
            foreach (var cluster in clusters)
                await cluster.DisposeAsync();
        }
    }

    private static string Address(int member, int pod) => $"10.{(member * 80) + (pod / 62_500)}.{pod / 250 % 250}.{1 + (pod % 250)}";

    private static async Task<FakeCluster> MemberAsync(int member, int routes)
    {
        var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { Name = $"m{member}" });
        Objects.ApplyClass(cluster);
        for (var i = 0; i < routes; i++)
        {
            Objects.ApplyIngress(cluster, i);
            Objects.ApplyService(cluster, i);
            (string, string)[] pods = [.. Enumerable.Range(0, Endpoints).Select(e => ($"pod-{i}-{e}", Address(member, (i * Endpoints) + e)))];
            Objects.ApplySlice(cluster, i, 8080, pods);
        }

        return cluster;
    }
}
