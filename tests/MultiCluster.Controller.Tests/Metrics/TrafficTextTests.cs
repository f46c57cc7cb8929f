using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Controller.Metrics;
using MultiCluster.Controller.Metrics.Traffic;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.Controller.Tests.Metrics;

public sealed class TrafficTextTests
{
    private readonly TrafficBook _book;
    private readonly string _slot;

    public TrafficTextTests()
    {
        var pool = new BackendPool(ProxyFeatures.Of(new ProxyVersion(2, 6)), 3, []);
        _slot = pool.Acquire(BackendNames.Parse("web/cart:http@aws,gcp")!)!;
        _book = new TrafficBook("edge", () => pool.Directory, static () => TimeSpan.FromSeconds(60));
        _book.Read(
            1, StatText.Server(_slot, "aws:cart-1:10.0.0.7:8080", 3), StatText.Server(_slot, "aws:cart-2:10.0.0.8:8080", 4, "DOWN"), StatText.Server(_slot, "gcp:cart-3:10.1.0.8:8080", 5),
            StatText.Backend(_slot, 12));
    }

    [Fact]
    public async Task Above_the_limit_members_are_told_in_place_of_their_endpoints()
    {
        var text = await TextAsync(hasEndpoints: true, isSummed: true);
        Assert.Contains("multicluster_endpoint_requests_total{proxy=\"edge\",namespace=\"web\",service=\"cart\",port=\"http\",member=\"aws\"} 7\n", text, StringComparison.Ordinal);
        Assert.Contains("multicluster_endpoint_up{proxy=\"edge\",namespace=\"web\",service=\"cart\",port=\"http\",member=\"aws\"} 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pod=", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_endpoints_Services_are_told_all_the_same()
    {
        var text = await TextAsync(hasEndpoints: false, isSummed: false);
        Assert.DoesNotContain("multicluster_endpoint_", text, StringComparison.Ordinal);
        Assert.Contains("multicluster_service_requests_total{proxy=\"edge\",namespace=\"web\",service=\"cart\",port=\"http\"} 12\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_family_without_its_column_is_left_out()
    {
        _book.Read(1, 0, "# pxname,svname,stot,type", $"{_slot},BACKEND,13,1");
        var text = await TextAsync(hasEndpoints: true, isSummed: false);
        Assert.DoesNotContain("_bytes_total", text, StringComparison.Ordinal);
        Assert.DoesNotContain("responses_total", text, StringComparison.Ordinal);
        Assert.Contains("multicluster_service_requests_total{proxy=\"edge\",namespace=\"web\",service=\"cart\",port=\"http\"} 13\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_scrapes_at_once_some_are_turned_away()
    {
        var slow = new SlowSource();
        using var page = new MetricsPage([slow], NullLogger.Instance);
        var asked = Enumerable.Range(0, 10).Select(_ => page.WriteAsync(PipeWriter.Create(Stream.Null), CancellationToken.None).AsTask()).ToList();
        slow.End.SetResult();
        var answers = await Task.WhenAll(asked);
        Assert.Equal(5, answers.Count(static answered => answered));
        Assert.True(await page.WriteAsync(PipeWriter.Create(Stream.Null), CancellationToken.None));
    }

    private async Task<string> TextAsync(bool hasEndpoints, bool isSummed)
    {
        using var text = new MemoryStream();
        var pipe = PipeWriter.Create(text, new StreamPipeWriterOptions(leaveOpen: true));
        var writer = new MetricWriter(pipe);
        await new TrafficText(_book, writer, CancellationToken.None).WriteAsync(hasEndpoints, isSummed);
        await writer.FlushAsync(CancellationToken.None);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private sealed class SlowSource : IMetricSource
    {
        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<MetricFamily> Families => [];

        public async ValueTask WriteAsync(MetricWriter writer, CancellationToken cancellationToken) => await End.Task;
    }
}
