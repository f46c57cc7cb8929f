using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MultiCluster.TestKit.FakeApiServer;

internal static class Responses
{
    public static Task SendAsync(HttpContext context, StatusObject status)
    {
        if (status.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return SendAsync(context, status.Code, Bytes(status.ToNode()));
    }

    public static Task SendAsync(HttpContext context, int code, ReadOnlyMemory<byte> json)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    public static async Task SendCompressedAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(json, context.RequestAborted);
    }

    public static Task SendHtmlAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync("<!DOCTYPE html><html><body>Please log in</body></html>", context.RequestAborted);
    }

    /// <summary>Half of the body; then the connection ends as <paramref name="cut"/> says.</summary>
    public static async Task SendHalfAsync(HttpContext context, ReadOnlyMemory<byte> json, bool cut)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(json[..(json.Length / 2)], context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (cut)
            context.Abort();
    }

    public static async Task StallAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node);
}
