using System.Net;
using System.Text.Json;
using MultiCluster.Controller.Metrics;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Metrics;

/// <summary>What <c>/metrics</c> tells of requests that really came, through every HAProxy at hand.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mc-e2e-").FullName;

    private const int Requests = 20;
    private const string Cart = "proxy=\"local\",namespace=\"metered\",service=\"cart\",port=\"8080\"";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [Shows("haproxy.org/", "request-capture", "request-capture-len")]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Requests_are_told_by_real_names_also_after_a_reload(HAProxyBinary binary)
    {
        await using var pods = await EchoPods.StartAsync();
        var aws = new ApiMember(await FakeCluster.StartAsync(new FakeClusterOptions { Name = "aws" }));
        var own = new IPEndPoint(IPAddress.Loopback, TestKit.Loopback.FreePort(IPAddress.Loopback));
        await using var collector = await Collector.StartAsync();
        await using var product = await Product.StartAsync(new Setting(binary, [aws])
        {
            More = $"metrics {{ listen = \"{own}\", otlp {{ endpoint = \"{collector.Endpoint}\", protocol = http, interval = 1s }} }}\n"
                + $"haproxy.log-receiver {{ output = \"file:{_folder}/access.log\", request-headers = [x-shop] }}\n",
            PoolSize = 2,
        });
        var carts = pods.New(2, "aws", "metered", "cart");
        await aws.ApplyAsync(Yaml.Join(
            Yaml.IngressClass(Yaml.Class),
            Yaml.Service("metered", "cart"),
            Yaml.Slice("metered", "cart", pods.Port, carts),
            Yaml.Ingress("metered", "cart", "cart.metered.test", [Yaml.Path("/", "Prefix", "cart")])
                .Replace("namespace: metered}", "namespace: metered, annotations: {haproxy.org/request-capture: hdr(x-shop), haproxy.org/request-capture-len: \"3\"} }", StringComparison.Ordinal)));
        await product.UntilPodsAsync("http://cart.metered.test/", carts);

        var before = await Scrape.OfAsync(product.Setting.AdminListen);
        await SendAsync(product.Client, Requests);
        var after = await Scrape.OfAsync(own);

        Assert.True(after[$"multicluster_service_requests_total{{{Cart}}}"] > 0, "no requests");
        Assert.Equal(Requests, after[$"multicluster_service_requests_total{{{Cart}}}"] - before[$"multicluster_service_requests_total{{{Cart}}}"]);
        Assert.Equal(Requests, after[$"multicluster_service_responses_total{{{Cart},code=\"2xx\"}}"] - before[$"multicluster_service_responses_total{{{Cart},code=\"2xx\"}}"]);
        Assert.Equal(after[$"multicluster_service_requests_total{{{Cart}}}"], after.Sum("multicluster_endpoint_requests_total", Cart));
        foreach (var pod in carts)
        {
            var series = $"{{{Cart},member=\"aws\",pod=\"{pod.Name}\",address=\"{pod.Address}:{pods.Port}\"}}";
            Assert.True(after[$"multicluster_endpoint_requests_total{series}"] > before[$"multicluster_endpoint_requests_total{series}"], $"{series} has no requests");
            Assert.Equal(1, after[$"multicluster_endpoint_up{series}"]);
        }

        Assert.Equal(2, after[$"multicluster_service_endpoints_up{{{Cart}}}"]);
        Assert.Equal(0, after["multicluster_haproxy_unnamed{proxy=\"local\"}"]);
        Assert.Equal(1, after[$"multicluster_haproxy_info{{proxy=\"local\",version=\"{binary.FullVersion}\"}}"]);
        Assert.Equal("", await Promtool.CheckMetricsAsync(after.Text));
        Assert.Equal(MetricsCatalogue.All.Select(static family => family.Name).Order(StringComparer.Ordinal), after.Families.Order(StringComparer.Ordinal));

        await Await.NothingMissingAsync(async () => MissingOfLog(before, await Scrape.OfAsync(own)));
        AssertLines($"{_folder}/access.log", carts);
        if (binary == HAProxyBinaries.Default)
            await DrawAsync(aws, pods, product, own);
        await GrowAsync(aws, pods, product);
        await collector.UntilToldAsync("multicluster.event.applied", "multicluster.shards.owned", "multicluster.proxy.commands", "multicluster.process.memory", "actor.mailbox.depth");
        await Await.NothingMissingAsync(async () => Missing(await Scrape.OfAsync(own)));
        // Connections from before the reload are the old worker's, whose statistics nobody reads any more.
        using var client = new ProxyClient(product.Setting.Http, product.Setting.Https);
        await SendAsync(client, Requests);
        var last = await Scrape.OfAsync(own);
        Assert.Equal(2 * Requests, last[$"multicluster_service_requests_total{{{Cart}}}"] - before[$"multicluster_service_requests_total{{{Cart}}}"]);
        Assert.Equal(2 * Requests, last.Sum("multicluster_endpoint_requests_total", Cart) - before.Sum("multicluster_endpoint_requests_total", Cart));
    }

    /// <summary>Every query of the dashboard has data in a Prometheus that scrapes while requests come and pods change.</summary>
    private static async Task DrawAsync(ApiMember aws, EchoPods pods, Product product, IPEndPoint address)
    {
        using var prometheus = new PrometheusServer(address);
        using var stop = new CancellationTokenSource();
        var others = pods.New(2, "aws", "metered", "other");
        var load = LoadAsync();
        await prometheus.UntilDataAsync([.. RulesTests.Queries()]);
        await stop.CancelAsync();
        await load;

        async Task LoadAsync()
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await aws.ApplyAsync(Yaml.Join(Yaml.Service("metered", "other"), Yaml.Slice("metered", "other", pods.Port, [others[i % 2]]), Yaml.Ingress("metered", "other", "other.metered.test", [Yaml.Path("/", "Prefix", "other")])));
                for (var n = 0; n < 10 && !stop.IsCancellationRequested; n++)
                    await product.Client.GetAsync("http://other.metered.test/");
                await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, stop.Token));
            }
        }
    }

    /// <summary>Lines come after answers.</summary>
    private static string? MissingOfLog(Scrape before, Scrape after)
    {
        var took = Grown($"multicluster_service_request_duration_seconds_count{{{Cart}}}");
        var fine = Grown("multicluster_ingress_requests_total{proxy=\"local\",namespace=\"metered\",ingress=\"cart\",code=\"2xx\"}");
        return took < Requests || fine < Requests ? $"{Requests} requests in the log; {took} have a time, {fine} were answered" : null;

        double? Grown(string series) => after[series] - (before[series] ?? 0);
    }

    private static void AssertLines(string path, List<Pod> carts)
    {
        var lines = File.ReadLines(path).Select(static line => JsonDocument.Parse(line).RootElement).Where(static line => line.TryGetProperty("captures", out _)).ToList();
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            Assert.Equal(("local", "metered/cart", "metered/cart", "8080", "aws"), (Of("proxy"), Of("ingress"), Of("service"), Of("service_port"), Of("member")));
            Assert.Contains(carts, pod => pod.Name == Of("pod") && pod.Address.ToString() == Of("address"));
            Assert.Equal(("blu", "blue"), (line.GetProperty("captures").GetProperty("req.hdr(x-shop)").GetString(), line.GetProperty("request_headers").GetProperty("x-shop").GetString()));
            string? Of(string key) => line.GetProperty(key).GetString();
        }
    }

    /// <returns>What a controller should tell by now and does not; watchers tell a few times a second.</returns>
    private static string? Missing(Scrape scrape)
    {
        (string Series, Func<double, bool> IsRight)[] wanted =
        [
            ("multicluster_event_applied_seconds_count{member=\"aws\",proxy=\"local\"}", static count => count > 0),
            ("multicluster_event_applied_seconds_sum{member=\"aws\",proxy=\"local\"}", static seconds => seconds is > 0 and < 60),
            ("multicluster_member_objects{member=\"aws\",kind=\"endpoints\"}", static endpoints => endpoints >= 5),
            ("multicluster_member_stale{member=\"aws\"}", static stale => stale == 0),
            ("multicluster_shards_owned", static shards => shards == 64),
            ("multicluster_lease_valid", static valid => valid == 1),
            ("multicluster_proxy_serving{proxy=\"local\"}", static serving => serving == 1),
            ("multicluster_proxy_commands_total{proxy=\"local\"}", static commands => commands > 0),
            ("multicluster_process_resident_memory_bytes", static bytes => bytes > 1e6),
        ];
        return wanted.Where(item => scrape[item.Series] is not { } value || !item.IsRight(value)).Select(item => $"{item.Series}, which is {scrape[item.Series]}").FirstOrDefault();
    }

    /// <summary>More Services than there are slots: before 3.4 HAProxy reloads, and its counters begin anew.</summary>
    private static async Task GrowAsync(ApiMember aws, EchoPods pods, Product product)
    {
        for (var i = 0; i < 3; i++)
        {
            await aws.ApplyAsync(Yaml.Join(
                Yaml.Service("metered", $"more-{i}"),
                Yaml.Slice("metered", $"more-{i}", pods.Port, [pods.New("aws", "metered", $"more-{i}")]),
                Yaml.Ingress("metered", $"more-{i}", $"more-{i}.metered.test", [Yaml.Path("/", "Prefix", $"more-{i}")])));
            await product.UntilServiceAsync($"http://more-{i}.metered.test/", $"more-{i}");
        }
    }

    private static async Task SendAsync(ProxyClient client, int count)
    {
        for (var i = 0; i < count; i++)
            Assert.Equal("cart", (await client.SendAsync(HttpMethod.Get, "http://cart.metered.test/", static headers => headers.Add("x-shop", "blue"))).Service);
    }
}
