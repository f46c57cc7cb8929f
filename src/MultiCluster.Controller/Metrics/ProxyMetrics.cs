using System.Diagnostics.Metrics;
using MultiCluster.Controller.Proxies;

namespace MultiCluster.Controller.Metrics;

/// <summary>What is told of how this process drives its HAProxy.</summary>
public sealed class ProxyMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly KeyValuePair<string, object?> _proxy;
    private readonly LiveProxy _live;

    /// <param name="scope">See <see cref="MeterSource"/>.</param>
    public ProxyMetrics(object scope, ProxySettings settings)
    {
        (_proxy, _live) = (new("proxy", settings.Name), settings.Live);
        _meter = new Meter(new MeterOptions("MultiCluster.Proxy") { Scope = scope });
        _meter.CreateObservableGauge("multicluster.proxy.serving", () => Of(_live.IsServing ? 1 : 0));
        _meter.CreateObservableGauge("multicluster.proxy.pending", () => new Measurement<double>(_live.Pending.TotalSeconds, _proxy), "s");
        _meter.CreateObservableGauge("multicluster.proxy.routes", () => Of(_live.Routes));
        _meter.CreateObservableGauge("multicluster.proxy.refused", () => Of(_live.Refused));
        _meter.CreateObservableGauge("multicluster.proxy.slots", () => Of(_live.Slots));
        _meter.CreateObservableGauge("multicluster.proxy.slots.used", () => Of(_live.SlotsUsed));
        _meter.CreateObservableCounter("multicluster.proxy.commands", () => Of(_live.Counters?.CommandsSent));
        _meter.CreateObservableCounter("multicluster.proxy.commands.refused", () => Of(_live.Counters?.CommandsRefused));
        _meter.CreateObservableCounter("multicluster.proxy.resyncs", () => Of(_live.Counters?.Resyncs));
        _meter.CreateObservableCounter("multicluster.proxy.drift", () => Of(_live.Counters?.DriftRepaired));
        _meter.CreateObservableCounter("multicluster.proxy.reloads", () => ByReason(_live.Counters?.ReloadsByReason));
        _meter.CreateObservableCounter("multicluster.proxy.reloads.failed", () => ByReason(_live.Counters?.FailedReloadsByReason));
    }

    public void Dispose() => _meter.Dispose();

    private Measurement<long> Of(long? value) => new(value ?? 0, _proxy);

    private IEnumerable<Measurement<long>> ByReason(IReadOnlyDictionary<string, long>? counts) =>
        (counts ?? new Dictionary<string, long>()).Select(item => new Measurement<long>(item.Value, _proxy, new("reason", item.Key)));
}
