using System.IO.Pipelines;
using System.Text;
using MultiCluster.Controller.Metrics;

namespace MultiCluster.Controller.Tests.Metrics;

public sealed class MetricWriterTests
{
    private static readonly MetricFamily Gauge = new("some_gauge", MetricKind.Gauge, "What \\ it\nis.", "name");

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a\"b\\c\nd", "a\\\"b\\\\c\\nd")]
    [InlineData("} 1\nfake_total 9", "} 1\\nfake_total 9")]
    [InlineData("ünï\t☃{}", "ünï\t☃{}")]
    public async Task Values_of_labels_stay_within_their_quotes(string value, string written) =>
        Assert.Equal($"some_gauge{{name=\"{written}\"}} 7\n", await SamplesAsync(writer => writer.Sample(LabelText.Of(("name", value)), 7)));

    [Theory]
    [InlineData(0.5, "0.5")]
    [InlineData(1e300, "1E+300")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    public async Task Numbers_are_those_of_the_format(double value, string written) =>
        Assert.Equal($"some_gauge {written}\n", await SamplesAsync(writer => writer.Sample(LabelText.None, value)));

    [Fact]
    public async Task Buckets_add_up() => Assert.Equal(
        "some_gauge_bucket{name=\"x\",le=\"0.1\"} 1\nsome_gauge_bucket{name=\"x\",le=\"1\"} 3\nsome_gauge_bucket{name=\"x\",le=\"+Inf\"} 6\nsome_gauge_sum{name=\"x\"} 9.5\nsome_gauge_count{name=\"x\"} 6\n",
        await SamplesAsync(static writer => writer.Histogram(LabelText.Of(("name", "x")), [0.1, 1], [1, 2, 3], 9.5)));

    private static async Task<string> SamplesAsync(Action<MetricWriter> write)
    {
        using var text = new MemoryStream();
        var pipe = PipeWriter.Create(text, new StreamPipeWriterOptions(leaveOpen: true));
        var writer = new MetricWriter(pipe);
        writer.Family(Gauge);
        write(writer);
        await writer.FlushAsync(CancellationToken.None);
        await pipe.CompleteAsync();
        const string Head = "# HELP some_gauge What \\\\ it\\nis.\n# TYPE some_gauge gauge\n";
        var all = Encoding.UTF8.GetString(text.ToArray());
        Assert.StartsWith(Head, all, StringComparison.Ordinal);
        return all[Head.Length..];
    }
}
