using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>Kestrel on a loopback port; can be stopped and started again on the same port.</summary>
internal sealed class FakeServer(FakeCluster cluster, FakeClusterOptions options) : IAsyncDisposable
{
    private WebApplication? _app;
    private CancellationTokenSource _stopping = new();
    private int _port;

    public FakePki? Pki { get; } = options.Https ? new FakePki(options.Time.GetUtcNow()) : null;

    public Uri Address => new($"{(options.Https ? "https" : "http")}://127.0.0.1:{_port}/");

    public CancellationToken Stopping => _stopping.Token;

    public async Task StartAsync()
    {
        _stopping.Dispose();
        _stopping = new CancellationTokenSource();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port, Listen));
        _app = builder.Build();
        IApplicationBuilder pipeline = _app;
        pipeline.Run(new ApiEndpoint(cluster, options, Pki).HandleAsync);
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        _port = new Uri(addresses.Addresses.First()).Port;
    }

    public async Task StopAsync()
    {
        if (_app is null)
            return;
        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        Pki?.Dispose();
    }

    private void Listen(ListenOptions listen)
    {
        if (Pki is null)
        {
            listen.Protocols = HttpProtocols.Http1;
            return;
        }

        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = Pki.Server,
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = (certificate, _, _) => Pki.IsOurs(certificate),
        });
    }
}
