using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Text;
using MultiCluster.Controller.Metrics;

namespace MultiCluster.Controller.Tests.Metrics;

public sealed class MeterSourceTests
{
    [Fact]
    public async Task Instruments_of_its_scope_are_told_and_no_others()
    {
        var scope = new object();
        using var source = new MeterSource(scope);
        using var meter = new Meter(new MeterOptions(MetricInstruments.MeterName) { Scope = scope });
        using var other = new Meter(new MeterOptions(MetricInstruments.MeterName) { Scope = new object() });
        var shards = 3;
        meter.CreateObservableGauge("multicluster.shards.owned", () => shards);
        meter.CreateObservableGauge("multicluster.unheard.of", static () => 1);
        var events = meter.CreateHistogram<double>("multicluster.event.published");
        var elsewhere = other.CreateHistogram<double>("multicluster.event.published");
        elsewhere.Record(1, new KeyValuePair<string, object?>("member", "aws"));
        events.Record(0.0005, new KeyValuePair<string, object?>("member", "a\"ws"));
        events.Record(60, new KeyValuePair<string, object?>("member", "a\"ws"));
        shards = 4;

        var text = await TextAsync(source);

        Assert.Contains("multicluster_shards_owned 4\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("unheard", text, StringComparison.Ordinal);
        Assert.Contains("multicluster_event_published_seconds_bucket{member=\"a\\\"ws\",le=\"0.0005\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("multicluster_event_published_seconds_bucket{member=\"a\\\"ws\",le=\"30\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("multicluster_event_published_seconds_count{member=\"a\\\"ws\"} 2\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("member=\"aws\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Series_that_are_no_more_are_not_told_any_more()
    {
        var scope = new object();
        using var source = new MeterSource(scope);
        using var meter = new Meter(new MeterOptions(MetricInstruments.MeterName) { Scope = scope });
        var members = new List<string> { "aws", "gcp" };
        meter.CreateObservableGauge("multicluster.member.stale", () => members.Select(static member => new Measurement<int>(1, new KeyValuePair<string, object?>("member", member))));
        Assert.Contains("{member=\"gcp\"} 1\n", await TextAsync(source), StringComparison.Ordinal);
        members.Remove("gcp");
        Assert.DoesNotContain("gcp", await TextAsync(source), StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(MeterSource source)
    {
        using var text = new MemoryStream();
        var pipe = PipeWriter.Create(text, new StreamPipeWriterOptions(leaveOpen: true));
        var writer = new MetricWriter(pipe);
        await source.WriteAsync(writer, CancellationToken.None);
        await writer.FlushAsync(CancellationToken.None);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
