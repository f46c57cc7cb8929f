using System.IO.Pipelines;
using Microsoft.Extensions.Logging;

namespace MultiCluster.Controller.Metrics;

/// <summary>
/// All that a process tells of itself. One scrape at a time, since each reads HAProxy and keeps what it read; a few wait for their turn,
/// and more than these are turned away.
/// </summary>
public sealed partial class MetricsPage(IReadOnlyList<IMetricSource> sources, ILogger logger) : IDisposable
{
    private const int MostWaiting = 4;

    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;

    public IReadOnlyList<MetricFamily> Families { get; } = [.. sources.SelectMany(static source => source.Families).OrderBy(static family => family.Name, StringComparer.Ordinal)];

    /// <returns>False, and nothing written, when too many ask at once.</returns>
    public async ValueTask<bool> WriteAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            var writer = new MetricWriter(output);
            foreach (var source in sources)
                await WriteAsync(source, writer, cancellationToken);
            await writer.FlushAsync(cancellationToken);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>What one can't tell must not hide what the others can, as long as it has not begun to.</summary>
    private async ValueTask WriteAsync(IMetricSource source, MetricWriter writer, CancellationToken cancellationToken)
    {
        var before = writer.Written;
        try
        {
            await source.WriteAsync(writer, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && writer.Written == before)
        {
            LogSilent(logger, failure, source.GetType().Name);
        }
    }

    [LoggerMessage(1801, LogLevel.Warning, "{Source} can tell no metrics")]
    private static partial void LogSilent(ILogger logger, Exception failure, string source);
}
