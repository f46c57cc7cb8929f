using MultiCluster.Controller.Metrics;
using MultiCluster.Host.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace MultiCluster.Host.Metrics;

/// <summary>Sends what instruments have measured to a collector. HAProxy's counters are not among it: whoever wants them scrapes.</summary>
internal static class OtlpSender
{
    public static IDisposable Start(OtlpOptions options, string node)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("multicluster", serviceInstanceId: node))
            .AddMeter([.. MetricInstruments.Meters])
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = options.Endpoint;
                exporter.Protocol = options.IsHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Interval.TotalMilliseconds;
            });
        foreach (var instrument in MetricInstruments.ByName.Values.Where(static instrument => !instrument.Bounds.IsEmpty))
            builder.AddView(instrument.Instrument, new ExplicitBucketHistogramConfiguration { Boundaries = [.. instrument.Bounds] });
        return builder.Build();
    }
}
