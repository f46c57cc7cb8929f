using System.Diagnostics;
using System.Globalization;
using MultiCluster.Benchmarks.Support;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.Benchmarks;

/// <summary>
/// Requests per second through routes programmed by the product, beside hand-written configurations with one route and with
/// as many rules. One thread each, nothing logged, the same pods; the three take turns, so that a busy neighbour hits all.
/// </summary>
internal static class Dataplane
{
    private const string One = "one route";
    private const string Many = "rules";
    private const string Ours = "ours";

    /// <summary>
    /// Few, so that connections to pods are warm on all sides: HAProxy keeps them per server, and with a Service for each route
    /// the figure would be that of opening connections.
    /// </summary>
    private const int Services = 50;

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var (routes, rounds) = (options.Number("routes", 10_000), options.Number("rounds", 7));
        var seconds = options.Number("seconds", 2);
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
        using var pods = await Pods.StartAsync(scratch.Path, options.HAProxy, 1, cancellationToken);
        Fill(cluster, routes, pods);
        const string More = "haproxy { threads = 1 }";
        var started = Stopwatch.GetTimestamp();
        using var product = await Product.StartAsync(
            new ProductConfig(scratch.Path, options.HAProxy.Path, cluster.KubeConfigPath, More), scratch.Path, cancellationToken);
        await product.Admin.WhenAsync(view => view.Routes == routes && view.AppliedVersion == view.DesiredVersion, "all routes", cancellationToken);
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{routes} routes served {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s after the start; RSS of the product {product.Resident()} MiB"));
        using var one = await StartAsync(scratch.Path, options.HAProxy, One, 1, pods, cancellationToken);
        using var many = await StartAsync(scratch.Path, options.HAProxy, Many, routes, pods, cancellationToken);
        var worker = (await product.Admin.ProxyAsync(cancellationToken)).WorkerPid;
        LoadTarget[] targets =
        [
            new(Ours, product.Port, worker, routes),
            new(One, one.Port, one.Process.Id, 1),
            new(Many, many.Port, many.Process.Id, routes),
        ];
        using var wrk = new Wrk(scratch.Path, seconds);
        await wrk.SeparateAsync(targets, pods.ProcessId, cancellationToken);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var target in targets)
                await wrk.LoadAsync(target, cancellationToken);
        }

        await ReportAsync(targets);
        if (targets.Any(static target => target.Rate <= 0))
            throw new BenchException("a target answered nothing in most rounds: is the machine busy?");
        return new BenchLine("dataplane", options.HAProxy.FullVersion)
        {
            RatePerS = Math.Round(targets[0].Rate),
            Ratio = Math.Round(targets[0].Rate / targets[1].Rate, 3),
            FailedRequests = targets.Sum(static target => target.Failed),
            Reloads = await product.Admin.ReloadsAsync(cancellationToken),
            RssMib = product.Resident(),
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1),
        };
    }

    private static void Fill(FakeCluster cluster, int routes, Pods pods)
    {
        Objects.ApplyClass(cluster);
        for (var i = 0; i < routes; i++)
        {
            Objects.ApplyIngress(cluster, i, i % Services);
            if (i >= Services)
                continue;
            Objects.ApplyService(cluster, i);
            Objects.ApplySlice(cluster, i, pods.Port, (Objects.Name(i) + "-a", pods.Addresses[0]));
        }
    }

    private static async Task ReportAsync(LoadTarget[] targets)
    {
        foreach (var target in targets)
        {
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{target.Name}: {target.Rate:F0} requests/s, {target.Cpu:F1} µs of CPU a request; rounds {string.Join(' ', target.Rates.Select(static rate => rate.ToString("F0", CultureInfo.InvariantCulture)))}"));
        }

        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"ours ÷ one route by CPU a request: {targets[1].Cpu / targets[0].Cpu:F3}; ours ÷ rules: {targets[0].Rate / targets[2].Rate:F1}"));
    }

    /// <summary>
    /// A configuration as people write it: one use_backend per host and path. It tells pods of the client as ours does, so that
    /// what differs is how a route is found.
    /// </summary>
    private static async Task<Reference> StartAsync(
        string folder, HAProxyBinary binary, string name, int rules, Pods pods, CancellationToken cancellationToken)
    {
        var port = Ports.Free(1)[0];
        var file = Path.Combine(folder, $"{name.Replace(' ', '-')}.cfg");
        var lines = Enumerable.Range(0, rules).Select(static i => $"    use_backend app if {{ req.hdr(host) -i {Objects.Host(i)} }} {{ path_beg / }}");
        await File.WriteAllTextAsync(file, $"""
            global
                nbthread 1
                maxconn 2000
            defaults
                mode http
                timeout connect 2s
                timeout client 60s
                timeout server 60s
            frontend ingress
                bind 127.0.0.1:{port}
                option forwardfor
                http-request set-header x-forwarded-proto %[ssl_fc,iif(https,http)]
            {string.Join('\n', lines)}
            backend app
                server a {pods.Addresses[0]}:{pods.Port}

            """, cancellationToken);
        var process = ChildProcess.Start(binary.Path, ["-db", "-f", file], file + ".log");
        await process.WhenListeningAsync("127.0.0.1", port, cancellationToken);
        return new Reference(process, port);
    }
}
