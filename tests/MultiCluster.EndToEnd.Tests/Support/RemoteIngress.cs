using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using MultiCluster.TestKit;
using MultiCluster.TestKit.Network;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>How a member's ingress listens.</summary>
[Flags]
internal enum Listening
{
    Plain = 0,
    Tls = 1,
    Proxy = 2,
}

/// <summary>
/// What a member may have instead of pods that can be reached: an ingress on an address of its own, with a port for each way to listen. It
/// answers as pods do, and says in headers whom it takes for the client and which name the connection asked for.
/// </summary>
internal sealed class RemoteIngress : IAsyncDisposable
{
    public const string ClientHeader = "x-client";

    public const string NameHeader = "x-name";

    private readonly string _member;
    private readonly WebApplication _web;
    private readonly Dictionary<Listening, int> _ports;
    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new();
    private volatile X509Certificate2 _certificate;

    private RemoteIngress(string member, X509Certificate2 certificate)
    {
        (_member, _certificate) = (member, certificate);
        _ports = Enumerable.Range(0, 4).ToDictionary(static how => (Listening)how, _ => Loopback.FreePort(Address));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var (how, port) in _ports)
                kestrel.Listen(Address, port, listen => Listen(listen, how));
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        _web = builder.Build();
        _web.Run(AnswerAsync);
    }

    public IPAddress Address { get; } = PodAddresses.New();

    /// <summary>Versions of PROXY headers that came; 0 for a connection that was refused for want of one.</summary>
    public ConcurrentQueue<int> ProxyVersions { get; } = new();

    /// <summary>As an EndpointSlice or a load balancer has it.</summary>
    public Pod Pod => new(_member, "", "ingress", "ingress-0", Address);

    public int this[Listening how] => _ports[how];

    public static async Task<RemoteIngress> StartAsync(string member, X509Certificate2 certificate)
    {
        var ingress = new RemoteIngress(member, certificate);
        await ingress._web.StartAsync();
        return ingress;
    }

    /// <summary>From the next connection on; those that are open end, as when an ingress restarts.</summary>
    public void Present(X509Certificate2 certificate)
    {
        _certificate = certificate;
        foreach (var connection in _open.Keys)
            connection.Abort();
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private void Listen(ListenOptions listen, Listening how)
    {
        if (how.HasFlag(Listening.Proxy))
            listen.Use(next => connection => WithHeaderAsync(connection, next));
        if (how.HasFlag(Listening.Tls))
            listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => _certificate);
        listen.Use(next => async connection =>
        {
            _open[connection] = true;
            await next(connection);
            _open.TryRemove(connection, out _);
        });
    }

    /// <summary>Whoever does not begin with the header is no proxy of ours.</summary>
    private async Task WithHeaderAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var header = await ProxyHeader.ReadAsync(connection.Transport.Input, connection.ConnectionClosed);
        ProxyVersions.Enqueue(header?.Version ?? 0);
        if (header is null)
        {
            connection.Abort();
            return;
        }

        connection.RemoteEndPoint = header.Client ?? connection.RemoteEndPoint;
        await next(connection);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        context.Response.Headers[ClientHeader] = context.Connection.RemoteIpAddress?.ToString();
        context.Response.Headers[NameHeader] = context.Features.Get<ITlsHandshakeFeature>()?.HostName ?? "";
        var answer = new EchoAnswer(
            context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            request.Host.Value ?? "",
            request.Method,
            request.Protocol,
            request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            _member,
            "",
            "",
            "web",
            Pod.Name,
            context.Connection.LocalPort,
            request.Headers["x-forwarded-proto"].ToString());
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, JsonSerializerOptions.Web), context.RequestAborted);
    }
}
