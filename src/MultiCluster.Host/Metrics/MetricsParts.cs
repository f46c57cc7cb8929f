using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Metrics;
using MultiCluster.Controller.Metrics.Access;
using MultiCluster.Controller.Metrics.Traffic;
using MultiCluster.Controller.Proxies;
using MultiCluster.Host.Configuration;
using HostOptions = MultiCluster.Host.Configuration.HostOptions;

namespace MultiCluster.Host.Metrics;

/// <summary>What a process has to tell, by its role.</summary>
internal sealed class MetricsParts : IDisposable
{
    private readonly List<IDisposable> _parts = [];

    private MetricsParts(MetricsPage page) => Page = page;

    public MetricsPage Page { get; }

    /// <param name="system">The actors of this process.</param>
    /// <param name="proxy">Of the HAProxy beside it; null: there is none.</param>
    public static MetricsParts Of(HostOptions options, ActorSystem system, ProxySettings? proxy, TimeProvider time, ILoggerFactory loggers)
    {
        List<IDisposable> parts = [new ProcessMetrics(system, options.Role.ToString().ToLowerInvariant())];
        if (proxy is not null)
            parts.Add(new ProxyMetrics(system, proxy));
        var meters = new MeterSource(system);
        parts.Add(meters);
        List<IMetricSource> sources = [meters];
        if (proxy is not null)
            sources.Add(new HAProxySource(proxy, options.Metrics.Traffic, time, loggers.CreateLogger<HAProxySource>()));
        if (proxy?.Options.LogReceiver is not null)
            sources.Add(new AccessSource(proxy, time));
        if (options.Metrics.Otlp is { } otlp)
            parts.Add(OtlpSender.Start(otlp, options.Node.Name));
        var all = new MetricsParts(new MetricsPage(sources, loggers.CreateLogger<MetricsPage>()));
        all._parts.AddRange(parts);
        return all;
    }

    public void Dispose()
    {
        Page.Dispose();
        foreach (var part in _parts)
            part.Dispose();
    }
}
