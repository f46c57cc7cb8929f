using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Transport.Http2.Client;

namespace MultiCluster.Cluster.Transport.Http2.Server;

/// <summary>A Kestrel of its own for streams between peers, apart from servers with public listeners and their limits.</summary>
public sealed class PeerServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _disposed;

    private PeerServer(WebApplication app, string address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>Where it listens, with the port that it was given if it asked for any (0).</summary>
    public string Address { get; }

    /// <param name="listen"><c>ip:port</c>, <c>*:port</c> for all addresses, <c>localhost:port</c>, or <c>unix:/path</c>.</param>
    /// <param name="map">Maps what is served, such as <see cref="TransportEndpoints.MapClusterTransport"/>.</param>
    /// <returns>Or what is wrong with the address.</returns>
    public static async Task<(PeerServer? Server, string? Error)> StartAsync(
        string listen, TransportOptions options, Action<IEndpointRouteBuilder> map, ILoggerFactory loggers, CancellationToken cancellation)
    {
        if (options.Limits.Fault() is { } fault)
            return (null, fault);
        var (address, malformed) = PeerAddress.Parse(listen.StartsWith("*:", StringComparison.Ordinal) ? "0.0.0.0" + listen[1..] : listen);
        if (address is null)
            return (null, malformed);
        if (options.Tls is null && !address.IsLocal)
            return (null, $"{listen} is not listened on without TLS, which is for loopback and unix sockets only: set certificate, key and authority");
        if (address.Host is { } host && host != "localhost" && !IPAddress.TryParse(host, out _))
            return (null, $"{listen} must be an IP address, '*' or 'localhost' to listen on");
        var app = Build(address, options, loggers);
        map(app);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            await app.DisposeAsync();
            return (null, $"can't listen on {listen}: {failure.Message}");
        }
        return (new PeerServer(app, Bound(app, address)), null);
    }

    /// <summary>Ends all streams in peace and stops listening. May be done again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(PeerAddress address, TransportOptions options, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        // Signals are the program's, which stops this server in its turn.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.UseTransportLimits(options.Limits);
            void Configure(ListenOptions listener) => listener.UseTransport(options);
            if (address.Path is { } path)
                server.ListenUnixSocket(path, Configure);
            else if (address.Host == "localhost")
                server.Listen(IPAddress.Loopback, address.Port, Configure);
            else
                server.Listen(address.Host == "0.0.0.0" ? IPAddress.Any : IPAddress.Parse(address.Host!), address.Port, Configure);
        });
        return builder.Build();
    }

    private static string Bound(WebApplication app, PeerAddress address)
    {
        if (address.Path is not null)
            return address.ToString();
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return (address with { Port = new Uri(bound).Port }).ToString();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
