using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Metrics;

/// <summary>Takes metrics by OTLP over HTTP and remembers the last message.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _web;
    private volatile string _last = "";

    private Collector(WebApplication web) => _web = web;

    public Uri Endpoint => new($"{_web.Urls.First()}/v1/metrics");

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector._web.MapPost("/v1/metrics", collector.TakeAsync);
        await collector._web.StartAsync();
        return collector;
    }

    /// <summary>Names stand in the message as they are.</summary>
    public Task UntilToldAsync(params string[] instruments) => Await.NothingMissingAsync(() =>
        Task.FromResult(instruments.FirstOrDefault(name => !_last.Contains(name, StringComparison.Ordinal)) is { } missing ? $"{missing} in {_last.Length} bytes" : null));

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task TakeAsync(HttpContext call)
    {
        using var body = new MemoryStream();
        await call.Request.Body.CopyToAsync(body);
        _last = Encoding.Latin1.GetString(body.ToArray());
        call.Response.ContentType = "application/x-protobuf";
    }
}
