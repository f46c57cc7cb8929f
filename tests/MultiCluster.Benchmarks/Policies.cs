using System.Diagnostics;
using System.Globalization;
using MultiCluster.Benchmarks.Support;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.Benchmarks;

/// <summary>
/// CPU of a request under a policy, as data of our program and as lines written by hand into a configuration with one route. One thread each, the
/// same pods; the two of a policy take turns.
/// </summary>
internal static class Policies
{
    private const string Networks = "10.1.0.0/16,10.2.0.0/16,10.3.0.0/16,10.4.0.0/16,10.5.0.0/16,192.0.2.0/24,198.51.100.0/24,203.0.113.0/24,172.16.0.0/12,100.64.0.0/10";

    private static readonly Policy Deny = new("deny list of 10", $"\"haproxy.org/deny-list\":\"{Networks}\"", $"http-request deny if {{ src {Networks.Replace(',', ' ')} }}");

    private static readonly Policy Limit = new(
        "rate limit", "\"haproxy.org/rate-limit-requests\":\"100000000\"",
        "http-request track-sc0 src table rates", "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100000000 }");

    private static readonly Policy Cors = new(
        "CORS", "\"haproxy.org/cors-enable\":\"true\"",
        "http-request return status 204 if METH_OPTIONS { req.hdr(access-control-request-method) -m found }",
        "http-response set-header access-control-allow-origin *");

    private static readonly Policy Request = new("request header", "\"haproxy.org/request-set-header\":\"x-team shop\"", "http-request set-header x-team shop");

    private static readonly Policy Response = new("response header", "\"haproxy.org/response-set-header\":\"x-frame-options DENY\"", "http-response set-header x-frame-options DENY");

    private static readonly Policy Rewrite = new("rewrite", "\"haproxy.org/path-rewrite\":\"/(.*) /b/\\\\1\"", "http-request replace-path ^/(.*)$ /b/\\1");

    private static readonly Policy Times = new("timeout", "\"haproxy.org/timeout-server\":\"30s\"");

    private static readonly Policy[] All =
    [
        new Policy("no policy", ""), Deny, Limit, Cors, Request, Response, Rewrite, Times,
        new Policy(
            "six",
            string.Join(',', new[] { Deny, Limit, Cors, Request, Response, Rewrite }.Select(static policy => policy.Annotations)),
            [.. new[] { Deny, Limit, Cors, Request, Response, Rewrite }.SelectMany(static policy => policy.Lines)]),
    ];

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var (routes, rounds, seconds) = (options.Number("routes", 1000), options.Number("rounds", 5), options.Number("seconds", 1));
        var share = routes / All.Length;
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
        using var pods = await Pods.StartAsync(scratch.Path, options.HAProxy, 1, cancellationToken);
        Objects.ApplyClass(cluster);
        Objects.ApplyService(cluster, 0);
        Objects.ApplySlice(cluster, 0, pods.Port, (Objects.Name(0) + "-a", pods.Addresses[0]));
        for (var i = 0; i < share * All.Length; i++)
            Objects.ApplyIngress(cluster, Objects.Key(i), Objects.Host(i), Objects.Name(0), All[i / share].Annotations);
        var started = Stopwatch.GetTimestamp();
        using var product = await Product.StartAsync(
            new ProductConfig(scratch.Path, options.HAProxy.Path, cluster.KubeConfigPath, "haproxy { threads = 1 }"), scratch.Path, cancellationToken);
        await product.Admin.WhenAsync(view => view.Routes == share * All.Length && view.AppliedVersion == view.DesiredVersion, "all routes", cancellationToken);
        var worker = (await product.Admin.ProxyAsync(cancellationToken)).WorkerPid;
        using var wrk = new Wrk(scratch.Path, seconds);
        var (ratio, rate, failed) = (0.0, 0.0, 0L);
        for (var i = 0; i < All.Length; i++)
        {
            var ours = new LoadTarget(All[i].Name, product.Port, worker, share, i * share);
            using var reference = await StartAsync(scratch.Path, options.HAProxy, i, pods, cancellationToken);
            var byHand = new LoadTarget(All[i].Name, reference.Port, reference.Process.Id, 1);
            await wrk.SeparateAsync([ours, byHand], pods.ProcessId, cancellationToken);
            for (var round = 0; round < rounds; round++)
            {
                await wrk.LoadAsync(ours, cancellationToken);
                await wrk.LoadAsync(byHand, cancellationToken);
            }

            (ratio, rate) = (byHand.Cpu / ours.Cpu, ours.Rate);
            failed += ours.Failed + byHand.Failed;
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{ours.Name}: {ours.Cpu:F1} µs of CPU a request, {byHand.Cpu:F1} by hand; ratio {ratio:F2}"));
        }

        return new BenchLine("policies", options.HAProxy.FullVersion)
        {
            RatePerS = Math.Round(rate),
            Ratio = Math.Round(ratio, 3),
            FailedRequests = failed,
            Reloads = await product.Admin.ReloadsAsync(cancellationToken),
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1),
        };
    }

    /// <summary>Tells pods of the client as ours does.</summary>
    private static async Task<Reference> StartAsync(string folder, HAProxyBinary binary, int policy, Pods pods, CancellationToken cancellationToken)
    {
        var port = Ports.Free(1)[0];
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"policy-{policy}.cfg"));
        await File.WriteAllTextAsync(file, $$"""
            global
                nbthread 1
                maxconn 2000
            defaults
                mode http
                timeout connect 2s
                timeout client 60s
                timeout server {{(All[policy] == Times ? "30s" : "60s")}}
            frontend ingress
                bind 127.0.0.1:{{port}}
                option forwardfor
                http-request set-header x-forwarded-proto %[ssl_fc,iif(https,http)]
            {{string.Join('\n', All[policy].Lines.Select(static line => $"    {line}"))}}
                use_backend app if { req.hdr(host) -i {{Objects.Host(0)}} } { path_beg / }
            backend app
                server a {{pods.Addresses[0]}}:{{pods.Port}}
            backend rates
                stick-table type ip size 100k expire 10s store http_req_rate(1s)

            """, cancellationToken);
        var process = ChildProcess.Start(binary.Path, ["-db", "-f", file], file + ".log");
        await process.WhenListeningAsync("127.0.0.1", port, cancellationToken);
        return new Reference(process, port);
    }

    /// <param name="Annotations">Members of a JSON object.</param>
    /// <param name="Lines">The same in a frontend, written by hand.</param>
    private sealed record Policy(string Name, string Annotations, params string[] Lines);
}
