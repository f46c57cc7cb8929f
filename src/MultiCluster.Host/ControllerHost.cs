using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MultiCluster.Controller;
using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Rehearsals;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.Host.Admin;
using MultiCluster.Host.Configuration;
using MultiCluster.Host.Logging;
using MultiCluster.Host.Metrics;
using MultiCluster.Host.Nodes;
using HostOptions = MultiCluster.Host.Configuration.HostOptions;

namespace MultiCluster.Host;

/// <summary>One process: checks its surroundings, starts the actors of its role and the admin API.</summary>
public sealed class ControllerHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private ProxyParts? _proxy;
    private ControllerRole? _controller;
    private ProxySystem? _agent;
    private MetricsParts? _metrics;
    private MetricsListener? _metricsListener;

    private AdminGate? _gate;

    private ControllerHost(WebApplication web) => _web = web;

    /// <exception cref="InvalidOperationException">A process of role proxy has none.</exception>
    public ControllerSystem Controller => _controller?.Controller ?? throw new InvalidOperationException("role proxy has no controller");

    /// <summary>Where the admin API listens; the port is the real one when 0 was configured.</summary>
    public Uri AdminAddress => new(_web.Urls.First());

    /// <param name="reload">Reads the configuration anew, for members that come and go; null where it is from no file.</param>
    /// <returns>A running host, or what keeps it from running, for the operator.</returns>
    public static async Task<(ControllerHost? Host, string? Error)> StartAsync(
        HostOptions options, TimeProvider time, IRuntimeTranscript? transcript, CancellationToken cancellationToken, Func<HostOptions>? reload = null)
    {
        var (web, wrong) = BuildWeb(options, time);
        if (web is null)
            return (null, wrong);
        var rehearsal = Rehearsal.PlayAsync(time);
        var host = new ControllerHost(web);
        try
        {
            var error = await host.OpenAsync(options, reload, time, transcript, cancellationToken);
            if (error is null)
            {
                await rehearsal;
                return (host, null);
            }

            await host.DisposeAsync();
            return (null, error);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _web.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_metricsListener is not null)
            await _metricsListener.DisposeAsync();
        if (_controller is not null)
            await _controller.DisposeAsync();
        if (_agent is not null)
            await _agent.DisposeAsync();
        await _web.DisposeAsync();
        _metrics?.Dispose();
        _proxy?.Dispose();
    }

    private async Task<string?> OpenAsync(HostOptions options, Func<HostOptions>? reload, TimeProvider time, IRuntimeTranscript? transcript, CancellationToken cancellationToken)
    {
        var loggers = _web.Services.GetRequiredService<ILoggerFactory>();
        (_gate, var refused) = Gate(options.Admin, time, loggers);
        if (refused is not null)
            return refused;
        if (options.Role != Role.Controller)
        {
            var proxy = await ProxyParts.OpenAsync(options, time, transcript, loggers, cancellationToken);
            if (!proxy.IsOk)
                return proxy.Error;
            _proxy = proxy.Value;
        }

        var problem = options.Role == Role.Proxy
            ? StartAgent(options, time, loggers)
            : await StartControllerAsync(options, reload, time, loggers, cancellationToken);
        problem ??= await TellMetricsAsync(options, time, loggers, cancellationToken);
        if (problem is not null)
            return problem;
        try
        {
            await _web.StartAsync(cancellationToken);
            return null;
        }
        catch (IOException failure)
        {
            return $"the admin API can't listen on {options.Admin.Listen} (admin.listen): {failure.Message}";
        }
    }

    private async Task<string?> StartControllerAsync(
        HostOptions options, Func<HostOptions>? reload, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var role = await ControllerRole.StartAsync(options, _proxy, reload, time, loggers, cancellationToken);
        if (!role.IsOk)
            return role.Error;
        _controller = role.Value;
        _web.MapAdminApi(new AdminQueries(role.Value.Controller), _gate!);
        _web.MapHistoryApi(new HistoryQueries(role.Value.Controller, time), _gate!);
        _web.MapMemberApi(role.Value.Controller, _gate!);
        _web.MapClusterApi(role.Value.Controller, _gate!);
        return null;
    }

    private async Task<string?> TellMetricsAsync(HostOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        _metrics = MetricsParts.Of(options, _controller?.Controller.System ?? _agent!.System, _proxy?.Settings, time, loggers);
        _web.MapMetrics(_metrics.Page, _gate!);
        if (options.Metrics.Listen is not { } address)
            return null;
        (_metricsListener, var problem) = await MetricsListener.StartAsync(IPEndPoint.Parse(address), _metrics.Page, loggers, cancellationToken);
        return problem;
    }

    private string? StartAgent(HostOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var system = ProxyRole.Start(options, _proxy!, time, loggers);
        if (!system.IsOk)
            return system.Error;
        _agent = system.Value;
        var queries = new ProxyQueries(system.Value);
        _web.MapProcessApi(system.Value.System, queries.Diffs, _gate!);
        _web.MapBackendApi(queries.Backends, _gate!);
        _web.MapProxyApi(queries, _gate!);
        return null;
    }

    private static (AdminGate? Gate, string? Error) Gate(AdminOptions admin, TimeProvider time, ILoggerFactory loggers)
    {
        var (tokens, error) = admin.TokensFile is { } path ? AdminTokenFile.Open(path, time, loggers.CreateLogger<AdminTokenFile>()) : default;
        return error is null ? (new AdminGate(admin.Hosts.Items, tokens, admin.Tls?.ClientAuthority is not null, time), null) : (null, $"admin.tokens-file: {error}");
    }

    private static (WebApplication? Web, string? Error) BuildWeb(HostOptions options, TimeProvider time)
    {
        // Our configuration is the HOCON file; the builder's own would watch the working directory, whatever goes on in there.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Services.AddSingleton(time);
        builder.Logging.ClearProviders();
        if (options.LogJson)
            builder.Logging.AddJsonConsole(static json => json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ");
        else
            builder.Logging.AddSimpleConsole(static text => (text.SingleLine, text.TimestampFormat) = (true, "HH:mm:ss.fff "));
        builder.Logging.AddLogRing(time).SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning);
        var (tls, error) = options.Admin.Tls is { } files ? AdminTls.Open(files) : default;
        if (error is not null)
            return (null, $"admin.tls: {error}");
        if (tls is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPEndPoint.Parse(options.Admin.Listen), listener => tls?.Use(listener)));
        var web = builder.Build();
        if (tls is not null)
            tls.Logger = web.Services.GetRequiredService<ILoggerFactory>().CreateLogger<AdminTls>();
        return (web, null);
    }
}
