using System.Globalization;
using MultiCluster.Benchmarks.Support;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks;

/// <summary>CPU of a request without an access log, with HAProxy's own, and with ours: of HAProxy's worker and of our process. The three take turns.</summary>
internal static class AccessLogCosts
{
    private const int Hosts = 10;

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var (rounds, seconds) = (options.Number("rounds", 5), options.Number("seconds", 3));
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
        using var pods = await Pods.StartAsync(scratch.Path, options.HAProxy, 1, [], cancellationToken);
        Objects.ApplyClass(cluster);
        for (var i = 0; i < Hosts; i++)
        {
            Objects.ApplyIngress(cluster, i, service: 0);
        }

        Objects.ApplyService(cluster, 0);
        Objects.ApplySlice(cluster, 0, pods.Port, (Objects.Name(0) + "-a", pods.Addresses[0]));
        List<Variant> variants = [];
        try
        {
            foreach (var (name, settings) in new[] { ("none", ""), ("of HAProxy", ", access-log = \"127.0.0.1:9 len 8192 format raw local0\""), ("ours", $", log-receiver.output = \"file:{Path.Combine(scratch.Path, "access.log")}\"") })
                variants.Add(await Variant.StartAsync(name, settings, options, cluster, cancellationToken));
            using var wrk = new Wrk(scratch.Path, seconds);
            await wrk.SeparateAsync(variants.Select(static variant => variant.Target), pods.ProcessId, cancellationToken);
            for (var round = 0; round < rounds; round++)
            {
                foreach (var variant in variants)
                    await variant.LoadAsync(wrk, cancellationToken);
            }

            foreach (var variant in variants)
            {
                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{variant.Target.Name}: {variant.Target.Cpu:F1} µs of CPU a request in HAProxy, {variant.Own:F1} in our process, {variant.Target.Rate:F0} requests/s"));
            }

            return new BenchLine("log", options.HAProxy.FullVersion)
            {
                RatePerS = Math.Round(variants[^1].Target.Rate),
                CpuUs = variants.ToDictionary(static variant => variant.Target.Name, static variant => Math.Round(variant.Target.Cpu + variant.Own, 1)),
                FailedRequests = variants.Sum(static variant => variant.Target.Failed),
            };
        }
        finally
        {
            foreach (var variant in variants)
                variant.Dispose();
        }
    }

    private sealed class Variant(Product product, LoadTarget target, Scratch scratch) : IDisposable
    {
        private readonly List<double> _own = [];

        public LoadTarget Target { get; } = target;

        /// <summary>Median of the rounds, microseconds of our process a request.</summary>
        public double Own => _own.Order().ElementAt(_own.Count / 2);

        public static async Task<Variant> StartAsync(string name, string settings, BenchOptions options, FakeCluster cluster, CancellationToken cancellationToken)
        {
            var scratch = new Scratch();
            var product = await Product.StartAsync(
                new ProductConfig(scratch.Path, options.HAProxy.Path, cluster.KubeConfigPath, $"haproxy {{ threads = 1{settings} }}"), scratch.Path, cancellationToken);
            await product.Admin.WhenAsync(static view => view.Routes == Hosts && view.AppliedVersion == view.DesiredVersion, "all routes", cancellationToken);
            var worker = (await product.Admin.ProxyAsync(cancellationToken)).WorkerPid;
            return new Variant(product, new LoadTarget(name, product.Port, worker, Hosts), scratch);
        }

        public async Task LoadAsync(Wrk wrk, CancellationToken cancellationToken)
        {
            var before = product.Cpu();
            await wrk.LoadAsync(Target, cancellationToken);
            var requests = Target.Requests;
            _own.Add((product.Cpu() - before).TotalMicroseconds / requests);
        }

        public void Dispose()
        {
            product.Dispose();
            scratch.Dispose();
        }
    }
}
