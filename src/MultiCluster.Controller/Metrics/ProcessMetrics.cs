using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MultiCluster.Controller.Metrics;

/// <summary>What is told of this process.</summary>
public sealed class ProcessMetrics : IDisposable
{
    private readonly Meter _meter;

    /// <param name="scope">See <see cref="MeterSource"/>.</param>
    public ProcessMetrics(object scope, string role)
    {
        var version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "";
        using var self = Process.GetCurrentProcess();
        var start = new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000d;
        _meter = new Meter(new MeterOptions("MultiCluster.Process") { Scope = scope });
        _meter.CreateObservableGauge("multicluster.build", () => new Measurement<int>(1, new("version", version), new("role", role), new("runtime", RuntimeInformation.FrameworkDescription)));
        _meter.CreateObservableCounter("multicluster.process.cpu", static () => Environment.CpuUsage.TotalTime.TotalSeconds, "s");
        _meter.CreateObservableGauge("multicluster.process.memory", static () => Environment.WorkingSet, "By");
        _meter.CreateObservableGauge("multicluster.process.heap", static () => GC.GetTotalMemory(forceFullCollection: false), "By");
        _meter.CreateObservableCounter("multicluster.process.allocated", static () => GC.GetTotalAllocatedBytes(), "By");
        _meter.CreateObservableGauge("multicluster.process.start", () => start, "s");
        _meter.CreateObservableCounter("multicluster.process.collections", static () => Enumerable.Range(0, GC.MaxGeneration + 1)
            .Select(static generation => new Measurement<int>(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", generation))));
        _meter.CreateObservableCounter("multicluster.process.pauses", static () => GC.GetTotalPauseDuration().TotalSeconds, "s");
    }

    public void Dispose() => _meter.Dispose();
}
