using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>Watches: bytes that are ready are pushed and flushed as soon as they are published.</summary>
internal sealed class WatchEndpoint(FakeCluster cluster, FakeClusterOptions options)
{
    public async Task HandleAsync(HttpContext context, ObjectStore store, ObjectFilter filter)
    {
        if (!TryReadVersion(context.Request, out var from))
        {
            await Responses.SendAsync(context, StatusObject.BadRequest("invalid resourceVersion"));
            return;
        }

        var bookmarks = context.Request.Query["allowWatchBookmarks"].ToString() is "true" or "1";
        var watcher = store.Subscribe(from, filter, bookmarks);
        if (watcher is null)
        {
            await RefuseAsync(context, from);
            return;
        }

        try
        {
            await OpenAsync(context);
            await PumpAsync(context, store, watcher);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or its timeoutSeconds are over: both end a watch in good order.
        }
        finally
        {
            store.Unsubscribe(watcher);
        }
    }

    private async Task RefuseAsync(HttpContext context, long? from)
    {
        var status = StatusObject.Expired($"too old resource version: {from}");
        if (options.GoneAnswer == GoneAnswer.Status)
        {
            await Responses.SendAsync(context, status);
            return;
        }

        await OpenAsync(context);
        await context.Response.Body.WriteAsync(ErrorLine(status), context.RequestAborted);
    }

    internal static ReadOnlyMemory<byte> ErrorLine(StatusObject status) =>
        (byte[])[.. Responses.Bytes(new JsonObject { ["type"] = "ERROR", ["object"] = status.ToNode() }), (byte)'\n'];

    private static async Task OpenAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";

        // StartAsync alone leaves HTTP/2 headers in the buffer.
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private async Task PumpAsync(HttpContext context, ObjectStore store, WatchSubscription watcher)
    {
        using var lifetime = Lifetime(context);
        var writer = context.Response.BodyWriter;
        var written = new List<WatchRecord>();
        while (await watcher.Records.WaitToReadAsync(lifetime.Token))
        {
            while (watcher.Records.TryRead(out var record))
            {
                if (record.Signal != WatchSignal.Line)
                {
                    await writer.FlushAsync(lifetime.Token);
                    await EndAsync(context, record.Signal);
                    return;
                }

                await WriteAsync(writer, record, lifetime.Token);
                if (record.IsObject)
                    written.Add(record);
            }

            await writer.FlushAsync(lifetime.Token);
            Report(store, written);
        }
    }

    private async ValueTask WriteAsync(PipeWriter writer, WatchRecord record, CancellationToken cancellationToken)
    {
        var chunk = cluster.Faults.WatchChunkSize;
        if (chunk <= 0)
        {
            System.Buffers.BuffersExtensions.Write(writer, record.Line.Span);
            return;
        }

        for (var at = 0; at < record.Line.Length; at += chunk)
            await writer.WriteAsync(record.Line.Slice(at, Math.Min(chunk, record.Line.Length - at)), cancellationToken);
    }

    private void Report(ObjectStore store, List<WatchRecord> written)
    {
        if (cluster.EventWritten is { } hook && written.Count > 0)
        {
            var now = Stopwatch.GetTimestamp();
            foreach (var record in written)
                hook(new EventWritten(store.Resource, record.Key, record.ResourceVersion, now));
        }

        written.Clear();
    }

    private static Task EndAsync(HttpContext context, WatchSignal signal)
    {
        if (signal == WatchSignal.Reset)
            context.Abort();
        return signal == WatchSignal.Stall ? Responses.StallAsync(context) : Task.CompletedTask;
    }

    private CancellationTokenSource Lifetime(HttpContext context)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, cluster.Stopping);
        if (int.TryParse(context.Request.Query["timeoutSeconds"], CultureInfo.InvariantCulture, out var seconds) && options.Time == TimeProvider.System)
            source.CancelAfter(TimeSpan.FromSeconds(seconds));
        return source;
    }

    /// <param name="from">Null for unset and "0", which both start with the present state.</param>
    private static bool TryReadVersion(HttpRequest request, out long? from)
    {
        var text = request.Query["resourceVersion"].ToString();
        from = null;
        if (text is "" or "0")
            return true;
        if (!long.TryParse(text, CultureInfo.InvariantCulture, out var version))
            return false;
        from = version;
        return true;
    }
}
