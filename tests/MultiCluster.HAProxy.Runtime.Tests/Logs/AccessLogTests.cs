using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Logs;
using MultiCluster.HAProxy.Runtime.Tests.Policies;
using MultiCluster.HAProxy.Runtime.Tests.Support;
using MultiCluster.Model.Policies;
using MultiCluster.TestKit;
using MultiCluster.TestKit.HAProxyVersions;
using HAProxyBinary = MultiCluster.TestKit.HAProxyVersions.HAProxyBinary;

namespace MultiCluster.HAProxy.Runtime.Tests.Logs;

/// <summary>From a real HAProxy to lines that others read.</summary>
public sealed class AccessLogTests : IDisposable
{
    private static readonly string[] Values = ["", "-", "\"}\\", "a b, c=d", "%[src] %ci", "\x01\x1b[2J\x7f", "ümläut ☃", "${HOME} $(id)", "</script>", new string('x', 2500)];

    private static readonly Dictionary<string, RoutePolicy> Policies = new(StringComparer.Ordinal)
    {
        ["Captured"] = new() { Capture = new RequestCapture([new(CapturedKind.LastLine, "x-shop"), new(CapturedKind.Cookie, "Cart"), new(CapturedKind.Sample, "url")], 128) },
    };

    private readonly ScratchDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Each_line_is_JSON_whatever_clients_send(HAProxyBinary binary)
    {
        var file = _directory.File("access.log");
        var options = new LogReceiverOptions { Output = new LogOutput.File(file), RequestHeaders = ["x-0"], ResponseHeaders = ["content-length"], Redact = ["token"] };
        await using var world = await PolicyWorld.StartAsync(binary, atRunTime: false, Policies, options);
        var observer = new CountingObserver();
        await using var listener = (await LogListener.StartAsync(world.Paths.LogSocket, false, "edge", options, observer, TimeProvider.System, NullLogger.Instance, CancellationToken.None)).Value!;
        foreach (var value in Values)
            await world.AskAsync("Captured", Ask.With("/a?token=secret&b=1", $"user-agent: {value}", $"referer: {value}", $"x-0: {value}", $"x-shop: {value}", $"cookie: Cart={value}"));
        foreach (var garbage in new[] { "\x16\x03\x01 h1 - 200\r\n\r\n", "G\"T / HTTP/1.1\r\n\r\n" })
        {
            using var client = new TcpClient();
            await client.ConnectAsync(world.Endpoint);
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"PROXY TCP4 10.1.2.3 127.0.0.1 40000 80\r\n{garbage}"));
            await client.GetStream().ReadExactlyAsync(new byte[12]);
        }

        var count = Values.Length + 2;
        await Await.UntilAsync(() => observer.Written + observer.Lost >= count, $"not all of {count} lines are written");
        Assert.Equal(0, observer.Lost);
        var lines = (await File.ReadAllLinesAsync(file)).Select(static line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(count, lines.Count);
        foreach (var (value, line) in Values.Zip(lines))
        {
            Assert.Equal((200, "web/Captured", "token=REDACTED&b=1"), (line.GetProperty("status").GetInt32(), line.GetProperty("ingress").GetString(), line.GetProperty("query").GetString()));
            Assert.StartsWith("/a?token=REDACTED", line.GetProperty("captures").GetProperty("url").GetString(), StringComparison.Ordinal);
            Assert.Equal(value.Length > 0 ? value[..Math.Min(value.Length, 512)] : null, line.TryGetProperty("user_agent", out var agent) ? agent.GetString() : null);
            Assert.True(line.GetProperty("response_headers").TryGetProperty("content-length", out _));
            Assert.True(line.GetProperty("total_ms").GetInt64() >= 0);
        }

        Assert.All(lines[^2..], static line => Assert.Equal(400, line.GetProperty("status").GetInt32()));
        Assert.All(lines[^2..], static line => Assert.False(line.TryGetProperty("path", out _)));
    }
}
