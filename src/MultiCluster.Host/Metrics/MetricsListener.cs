using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using MultiCluster.Controller.Metrics;

namespace MultiCluster.Host.Metrics;

/// <summary>An address for scrapers alone, so that they need not reach the admin API.</summary>
internal sealed class MetricsListener : IAsyncDisposable
{
    private readonly WebApplication _web;

    private MetricsListener(WebApplication web) => _web = web;

    /// <returns>One that listens, or why it can't.</returns>
    public static async Task<(MetricsListener? Listener, string? Problem)> StartAsync(IPEndPoint address, MetricsPage page, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Logging.ClearProviders().AddProvider(new Borrowed(loggers)).AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address));
        var web = builder.Build();
        web.MapMetrics(page);
        try
        {
            await web.StartAsync(cancellationToken);
            return (new MetricsListener(web), null);
        }
        catch (IOException failure)
        {
            await web.DisposeAsync();
            return (null, $"metrics can't be served on {address} (metrics.listen): {failure.Message}");
        }
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    /// <summary>Logs as the process does, and leaves its loggers to it.</summary>
    private sealed class Borrowed(ILoggerFactory loggers) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

        public void Dispose()
        {
        }
    }
}
