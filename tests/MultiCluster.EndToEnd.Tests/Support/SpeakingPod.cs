using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using MultiCluster.TestKit;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>A pod with a port for each protocol, which answers with the one that it was asked in, such as <c>HTTP/2 https</c>.</summary>
internal sealed class SpeakingPod : IAsyncDisposable
{
    private readonly TestAuthority _authority = new("pods");
    private readonly WebApplication _web;

    private SpeakingPod()
    {
        (Http2, Tls, Http2Tls) = (Loopback.FreePort(Address), Loopback.FreePort(Address), Loopback.FreePort(Address));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var certificate = _authority.Issue("pod.test");
            // HAProxy says https of every request that comes without a scheme.
            kestrel.AllowAlternateSchemes = true;
            kestrel.Listen(Address, Http2, static listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(Address, Tls, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(certificate);
            });
            kestrel.Listen(Address, Http2Tls, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(certificate);
            });
        });
        _web = builder.Build();
        _web.Run(static context => context.Response.WriteAsync($"{context.Request.Protocol} {(context.Features.Get<ITlsHandshakeFeature>() is null ? "http" : "https")}"));
    }

    public IPAddress Address { get; } = PodAddresses.New();

    /// <summary>In clear text.</summary>
    public int Http2 { get; }

    /// <summary>HTTP/1.1 only.</summary>
    public int Tls { get; }

    /// <summary>HTTP/2 only.</summary>
    public int Http2Tls { get; }

    public static async Task<SpeakingPod> StartAsync()
    {
        var pod = new SpeakingPod();
        await pod._web.StartAsync();
        return pod;
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _authority.Dispose();
    }
}
