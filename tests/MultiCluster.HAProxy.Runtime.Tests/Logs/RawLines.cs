using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Logs;

namespace MultiCluster.HAProxy.Runtime.Tests.Logs;

/// <summary>Lines as HAProxy hands them over, and what becomes of them.</summary>
internal static class RawLines
{
    public static readonly LogReceiverOptions Options = new()
    {
        Output = new LogOutput.Stdout(), RequestHeaders = ["x-shop", "cookie", "authorization"], ResponseHeaders = ["x-pod"], Redact = ["authorization", "token", "sid"],
    };

    /// <param name="asked">Version, method, host, path, query, User-Agent, Referer and traceparent, not yet in base64; null: it could not be read.</param>
    public static string Request(
        string[]? asked = null, string headers = "", string said = "-", string rule = "-", string block = "-", string backend = "web/cart:80@aws,gcp|~rr", string server = "aws:cart-1:10.0.0.7:8080:c-1f0c2a",
        string status = "200", string retries = "0", string total = "12")
    {
        var parts = asked is null ? "-" : $"{asked[0]},{string.Join(',', asked[1..].Select(Encoded))}{headers}";
        return $"h1 1700000000123456 3f1d 192.0.2.1 40000 443 TLSv1.3 TLS_AES_128_GCM_SHA256 {Encoded("shop.example")} {status} ---- {retries} 321 4567 0 1 2 3 4 5 {total} web/shop slot-7 {backend} {server} 10.0.0.7 8080 - {parts} {said} {rule} {block}";
    }

    public static readonly string[] Usual = ["1.1", "GET", "shop.example", "/cart", "a=1&token=x", "curl/8", "https://a.example/?sid=7", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"];

    public static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <returns>Null when nothing was written.</returns>
    public static JsonObject? Read(string line, LogReceiverOptions? options = null, IAccessObserver? observer = null) =>
        Read(Encoding.Latin1.GetBytes(line), options, observer);

    public static JsonObject? Read(byte[] line, LogReceiverOptions? options = null, IAccessObserver? observer = null)
    {
        using var writer = new AccessLineWriter("edge", options ?? Options, observer ?? new CountingObserver());
        var output = new ArrayBufferWriter<byte>();
        if (!writer.Write(line, output))
        {
            Assert.Equal(0, output.WrittenCount);
            return null;
        }

        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.Equal(text.Length - 1, text.IndexOf('\n', StringComparison.Ordinal));
        return JsonSerializer.Deserialize<JsonObject>(text);
    }
}

internal sealed class CountingObserver : IAccessObserver
{
    private long _written;
    private long _lost;

    public long Written => Interlocked.Read(ref _written);

    public long Lost => Interlocked.Read(ref _lost);

    public List<string> Requests { get; } = [];

    public HashSet<LineLoss> Reasons { get; } = [];

    public void OnRequest(ReadOnlySpan<byte> ingress, ReadOnlySpan<byte> service, int status, long total)
    {
        lock (Requests)
            Requests.Add($"{Encoding.UTF8.GetString(ingress)} {Encoding.UTF8.GetString(service)} {status} {total}");
    }

    public void OnWritten(long lines) => Interlocked.Add(ref _written, lines);

    public void OnLost(LineLoss reason, long lines)
    {
        lock (Reasons)
            Reasons.Add(reason);
        Interlocked.Add(ref _lost, lines);
    }
}
