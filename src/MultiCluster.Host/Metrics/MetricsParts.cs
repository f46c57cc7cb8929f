using Microsoft.Extensions.Logging;
using MultiCluster.Controller.Metrics;
using MultiCluster.Controller.Metrics.Traffic;
using MultiCluster.Controller.Proxies;
using MultiCluster.Host.Configuration;

namespace MultiCluster.Host.Metrics;

/// <summary>What a process has to tell, by its role.</summary>
internal static class MetricsParts
{
    /// <param name="proxy">Of the HAProxy beside this process; null: there is none.</param>
    public static MetricsPage Page(MetricsOptions options, ProxySettings? proxy, TimeProvider time, ILoggerFactory loggers)
    {
        List<IMetricSource> sources = [];
        if (proxy is not null)
            sources.Add(new HAProxySource(proxy.Name, proxy.Paths.WorkerSocket, () => proxy.Live.Backends, options.Traffic, time, loggers.CreateLogger<HAProxySource>()));
        return new MetricsPage(sources, loggers.CreateLogger<MetricsPage>());
    }
}
