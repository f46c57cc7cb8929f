using Microsoft.Extensions.Logging;
using MultiCluster.Controller.Proxies;
using MultiCluster.HAProxy.Runtime.Statistics;

namespace MultiCluster.Controller.Metrics.Traffic;

/// <param name="HasEndpoints">Whether endpoints are told at all.</param>
/// <param name="EndpointLimit">Of more than these the sums of members are told.</param>
public sealed record TrafficMetricsOptions(bool HasEndpoints = true, int EndpointLimit = 10_000);

/// <summary>Reads HAProxy when it is asked, and tells what it read by the names that people gave.</summary>
public sealed partial class HAProxySource : IMetricSource
{
    private readonly TrafficMetricsOptions _options;
    private readonly ILogger _logger;
    private readonly TrafficBook _book;
    private readonly StatisticsClient _client;
    private readonly byte[] _labels;
    private readonly string _proxy;
    private bool _failed;

    public HAProxySource(ProxySettings proxy, TrafficMetricsOptions options, TimeProvider time, ILogger logger)
    {
        var began = time.GetTimestamp();
        (_proxy, _options, _logger) = (proxy.Name, options, logger);
        _labels = LabelText.Of(("proxy", proxy.Name));
        _book = new TrafficBook(proxy.Name, () => proxy.Live.Backends, () => time.GetElapsedTime(began));
        _client = new StatisticsClient(proxy.Paths.WorkerSocket, time, () => proxy.Live.IsApplying);
    }

    public IReadOnlyList<MetricFamily> Families { get; } = [.. WorkerFamilies.All, .. TrafficFamilies.All];

    public async ValueTask WriteAsync(MetricWriter writer, CancellationToken cancellationToken)
    {
        _book.Begin();
        var problem = await _client.ReadAsync(_book, cancellationToken);
        _book.End(problem is null);
        if (problem is not null && !_failed)
            LogUnread(_logger, _proxy, problem);
        _failed = problem is not null;
        writer.Family(WorkerFamilies.Up);
        writer.Sample(_labels, problem is null ? 1 : 0);
        if (problem is not null)
            return;
        WriteWorker(writer);
        await new TrafficText(_book, writer, cancellationToken).WriteAsync(_options.HasEndpoints, isSummed: _book.EndpointCount > _options.EndpointLimit);
    }

    private void WriteWorker(MetricWriter writer)
    {
        writer.Family(WorkerFamilies.Info);
        writer.Sample(LabelText.And(_labels, ("version", _book.Facts.Text("Version"u8))), 1);
        writer.Family(WorkerFamilies.Unnamed);
        writer.Sample(_labels, _book.Unnamed);
        writer.Family(WorkerFamilies.Endpoints);
        writer.Sample(_labels, _book.EndpointCount);
        writer.Family(WorkerFamilies.Summed);
        writer.Sample(_labels, _book.EndpointCount > _options.EndpointLimit ? 1 : 0);
        foreach (var item in WorkerFamilies.Numbers)
        {
            if (_book.Facts.Number(item.Field) is not { } value)
                continue;
            writer.Family(item.Family);
            writer.Sample(_labels, value * item.Factor);
        }
    }

    [LoggerMessage(1802, LogLevel.Warning, "Proxy {Proxy}: no metrics of HAProxy: {Problem}")]
    private static partial void LogUnread(ILogger logger, string proxy, string problem);
}
