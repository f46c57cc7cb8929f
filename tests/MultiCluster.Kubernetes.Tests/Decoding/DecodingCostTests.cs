using System.Diagnostics;
using System.Text;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Resources;
using Xunit.Abstractions;

namespace MultiCluster.Kubernetes.Tests.Decoding;

public sealed class DecodingCostTests(ITestOutputHelper output)
{
    /// <summary>Prints time; holds only the allocation to a bound, since that is the same on every machine.</summary>
    [Fact]
    public void Slice_event_allocates_little_beside_what_is_kept()
    {
        var decoder = new ResourceDecoder();
        var line = Encoding.UTF8.GetBytes($$"""{"type":"MODIFIED","object":{{Samples.Slice.ReplaceLineEndings("")}}}""");
        for (var i = 0; i < 2_000; i++)
            decoder.DecodeWatchEvent(ResourceKind.EndpointSlice, line);

        const int events = 50_000;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < events; i++)
            decoder.DecodeWatchEvent(ResourceKind.EndpointSlice, line);
        var elapsed = Stopwatch.GetElapsedTime(started);
        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / events;
        output.WriteLine($"EndpointSlice event of {line.Length} bytes: {elapsed.TotalNanoseconds / events:0} ns, {allocated} bytes allocated");
        Assert.InRange(allocated, 1, 1_600);
    }
}
