using System.Diagnostics;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.FakeApiServer;
using Xunit.Abstractions;

namespace MultiCluster.Kubernetes.Tests.Client;

public sealed class TransportTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Lists_and_watches_work_over_http2_with_gzip()
    {
        await using var fixture = await ClusterFixture.StartAsync(
            new FakeClusterOptions { Https = true, Authentication = FakeAuthentication.ClientCertificate, GzipFrom = 0 },
            static c => c.Apply(ClusterFixture.Services(700)));
        Assert.Equal(700, (await fixture.Sink.ListedAsync(ResourceKind.Service)).Items.Length);
        await fixture.Sink.ConnectedAsync(ResourceKind.Service);
        Assert.Equal("HTTP/2", fixture.Cluster.LastProtocol);
        fixture.Cluster.Apply(ClusterFixture.Service("a"));
        await fixture.Sink.UpsertedAsync<ServiceResource>("a");
        fixture.Cluster.ResetWatches(ResourcePath.Services);
        await fixture.Sink.DisconnectedAsync(ResourceKind.Service);
        fixture.Cluster.Apply(ClusterFixture.Service("b"));
        await fixture.Sink.UpsertedAsync<ServiceResource>("b");
    }

    [Fact]
    public async Task Each_event_is_reported_as_written()
    {
        await using var fixture = await ClusterFixture.StartAsync();
        await fixture.WatchingAsync();
        var written = new List<EventWritten>();
        var arrived = new List<long>();
        fixture.Cluster.EventWritten = written.Add;
        for (var i = 1; i <= 100; i++)
        {
            fixture.Cluster.Apply(ClusterFixture.Service("a", i));
            await fixture.Sink.UpsertedAsync<ServiceResource>("a", s => s.Ports[0].Number == i);
            arrived.Add(Stopwatch.GetTimestamp());
        }

        Assert.InRange(written.Count, 99, 100);
        var waits = written.Zip(arrived, static (w, at) => Stopwatch.GetElapsedTime(w.Timestamp, at).TotalMilliseconds).Order().ToList();
        output.WriteLine($"written to arrived: p50 {waits[waits.Count / 2]:0.000} ms, p99 {waits[^2]:0.000} ms");
        Assert.Equal(written.Select(static w => w.ResourceVersion).Order(), written.Select(static w => w.ResourceVersion));
    }
}
