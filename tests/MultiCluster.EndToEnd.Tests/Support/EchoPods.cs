using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using MultiCluster.TestKit;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>A backend: one loopback address with two ports.</summary>
internal sealed record Pod(string Member, string Namespace, string Service, string Name, IPAddress Address);

/// <summary>Real HTTP servers in one Kestrel, each with an address of its own, that answer with what arrived and who they are.</summary>
internal sealed class EchoPods : IAsyncDisposable
{
    public const string ServerHeader = "echo/1";

    /// <summary>In answers to WebSocket handshakes, which have no body to say it in.</summary>
    public const string MemberHeader = "x-member";

    /// <summary>Begins names of headers that are sent back without it.</summary>
    public const string ReplyPrefix = "x-reply-";

    /// <summary>Milliseconds to wait before the answer.</summary>
    public const string DelayHeader = "x-reply-after";

    /// <summary>The connection ends without an answer.</summary>
    public const string NoneHeader = "x-reply-none";

    private const int DefaultCount = 100;

    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    private readonly ConcurrentDictionary<IPAddress, Pod> _pods = new();
    private readonly List<IPAddress> _addresses;
    private readonly WebApplication _web;
    private int _used = -1;

    private EchoPods(int count)
    {
        _addresses = [.. Enumerable.Range(0, count).Select(static _ => PodAddresses.New())];
        Port = Loopback.FreePort(_addresses[0]);
        OtherPort = Loopback.FreePort(_addresses[0]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var address in _addresses)
            {
                kestrel.Listen(address, Port);
                kestrel.Listen(address, OtherPort);
            }
        });
        _web = builder.Build();
        _web.UseWebSockets();
        _web.Run(AnswerAsync);
    }

    /// <summary>Called before any answer, on the request's own thread.</summary>
    public Action<Arrival>? Arrived { get; set; }

    /// <summary>Of every pod.</summary>
    public int Port { get; }

    /// <summary>Every pod listens here too.</summary>
    public int OtherPort { get; }

    /// <param name="count">That there can be at most.</param>
    public static async Task<EchoPods> StartAsync(int count = DefaultCount)
    {
        var pods = new EchoPods(count);
        await pods._web.StartAsync();
        return pods;
    }

    public Pod New(string member, string ns, string service, string? name = null)
    {
        var index = Interlocked.Increment(ref _used);
        Assert.True(index < _addresses.Count, $"the farm's {_addresses.Count} pods are used up; raise the number");
        var address = _addresses[index];
        return _pods[address] = new Pod(member, ns, service, name ?? $"{service}-{index}", address);
    }

    public List<Pod> New(int count, string member, string ns, string service) =>
        [.. Enumerable.Range(0, count).Select(_ => New(member, ns, service))];

    public static EchoAnswer? Read(string body)
    {
        try
        {
            return body.StartsWith('{') ? JsonSerializer.Deserialize<EchoAnswer>(body, Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.Server = ServerHeader;
        Arrived?.Invoke(new Arrival(
            context.Request.Method,
            context.Request.Host.Value ?? "",
            context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            _pods[context.Connection.LocalIpAddress!].Service));
        if (context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers[MemberHeader] = _pods[context.Connection.LocalIpAddress!].Member;
            await EchoMessageAsync(context);
            return;
        }

        var pod = _pods[context.Connection.LocalIpAddress!];
        var request = context.Request;
        if (request.Headers.ContainsKey(NoneHeader))
        {
            context.Abort();
            return;
        }

        if (int.TryParse(request.Headers[DelayHeader], CultureInfo.InvariantCulture, out var delay))
            await Task.Delay(delay, context.RequestAborted);
        foreach (var (name, value) in request.Headers.Where(static header => header.Key.StartsWith(ReplyPrefix, StringComparison.OrdinalIgnoreCase)))
            context.Response.Headers[name[ReplyPrefix.Length..]] = value;
        var answer = new EchoAnswer(
            context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            request.Host.Value ?? "",
            request.Method,
            request.Protocol,
            request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            pod.Member,
            pod.Namespace,
            "",
            pod.Service,
            pod.Name,
            context.Connection.LocalPort,
            request.Headers["x-forwarded-proto"].ToString());
        var json = JsonSerializer.SerializeToUtf8Bytes(answer, Json);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    private static async Task EchoMessageAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        var message = await socket.ReceiveAsync(buffer, context.RequestAborted);
        await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, endOfMessage: true, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }
}
