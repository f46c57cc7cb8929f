using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit;

namespace MultiCluster.EndToEnd.Tests.Conformance;

/// <summary>A server that is no pod, at the addresses that the name localhost may have.</summary>
internal sealed class OutsideServer(WebApplication web, int port) : IAsyncDisposable
{
    public int Port => port;

    public static async Task<OutsideServer> StartAsync()
    {
        var port = Loopback.FreePort(IPAddress.Loopback);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var web = builder.Build();
        web.Run(static context => context.Response.WriteAsync("outside"));
        await web.StartAsync();
        return new OutsideServer(web, port);
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();
}
