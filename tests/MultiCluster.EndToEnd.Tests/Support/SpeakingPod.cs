using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using MultiCluster.TestKit;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>A pod with a port for each protocol, which answers with the one that it was asked in, such as <c>HTTP/2 https</c>.</summary>
internal sealed class SpeakingPod : IAsyncDisposable
{
    private readonly TestAuthority _authority = new("pods");
    private readonly WebApplication _web;
    private const string Sni = "sni";

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
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificateSelector = (connection, name) =>
                    {
                        connection!.Items[Sni] = name;
                        return certificate;
                    },
                    ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                    ClientCertificateValidation = static (_, _, _) => true,
                });
            });
            kestrel.Listen(Address, Http2Tls, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(certificate);
            });
        });
        _web = builder.Build();
        _web.Run(static context => context.Response.WriteAsync(context.Request.Path == "/tls" && context.Features.Get<ITlsHandshakeFeature>() is { } tls
            ? $"sni={context.Features.Get<IConnectionItemsFeature>()!.Items[Sni]} client={context.Connection.ClientCertificate?.Subject} {tls.Protocol} {tls.NegotiatedCipherSuite}"
            : $"{context.Request.Protocol} {(context.Features.Get<ITlsHandshakeFeature>() is null ? "http" : "https")}"));
    }

    public IPAddress Address { get; } = PodAddresses.New();

    /// <summary>Signs the certificate, which is for pod.test.</summary>
    public TestAuthority Authority => _authority;

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
