using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MultiCluster.Controller;
using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Rehearsals;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.State;
using MultiCluster.Host.Admin;
using MultiCluster.Host.Configuration;
using MultiCluster.Host.Logging;
using HostOptions = MultiCluster.Host.Configuration.HostOptions;

namespace MultiCluster.Host;

/// <summary>One process with all roles: checks its surroundings, starts the actors and the admin API.</summary>
public sealed class ControllerHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly ControllerSystem _controller;
    private readonly StateDirectory _state;

    private ControllerHost(WebApplication web, ControllerSystem controller, StateDirectory state)
    {
        _web = web;
        _controller = controller;
        _state = state;
    }

    public ControllerSystem Controller => _controller;

    /// <summary>Where the admin API listens; the port is the real one when 0 was configured.</summary>
    public Uri AdminAddress => new(_web.Urls.First());

    /// <returns>A running host, or what keeps it from running, for the operator.</returns>
    public static async Task<(ControllerHost? Host, string? Error)> StartAsync(
        HostOptions options, TimeProvider time, IRuntimeTranscript? transcript, CancellationToken cancellationToken)
    {
        var rehearsal = Rehearsal.PlayAsync(time);
        var binary = await HAProxyBinary.InspectAsync(options.HAProxyBinary, time, cancellationToken);
        if (!binary.IsOk)
            return (null, binary.Error);
        if (SocketProblem(options.StateDirectory) is { } tooLong)
            return (null, $"haproxy.state-directory: {tooLong}");
        var web = BuildWeb(options, time);
        var loggers = web.Services.GetRequiredService<ILoggerFactory>();
        var state = StateDirectory.Open(options.StateDirectory, loggers.CreateLogger<StateDirectory>());
        if (!state.IsOk)
            return (null, state.Error);
        options = options with { Program = DescriptorLimit.Fit(options.Program, loggers.CreateLogger<ControllerHost>()) };
        var (members, error) = Members(options, loggers, time);
        var (certificate, problem) = DefaultCertificate.LoadOrCreate(state.Value.Path, time, loggers.CreateLogger<ControllerHost>());
        if ((error ??= problem) is not null)
        {
            state.Value.Dispose();
            return (null, error);
        }

        var controller = ControllerSystem.Start(ToController(options, binary.Value, state.Value, certificate!, members, transcript, loggers, time), loggers, time);
        var host = new ControllerHost(web, controller, state.Value);
        web.MapAdminApi(new AdminQueries(controller), options.AdminHosts.Items);
        web.MapClusterApi(controller, options.AdminHosts.Items);
        try
        {
            await web.StartAsync(cancellationToken);
            await rehearsal;
            return (host, null);
        }
        catch (IOException failure)
        {
            await host.DisposeAsync();
            return (null, $"the admin API can't listen on {options.AdminListen} (admin.listen): {failure.Message}");
        }
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _web.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _controller.DisposeAsync();
        await _web.DisposeAsync();
        _state.Dispose();
    }

    /// <summary>HAProxy's sockets lie there, and a path of theirs that is too long shows only when it starts.</summary>
    private static string? SocketProblem(string stateDirectory) =>
        UnixSocketPath.Problem(Path.Combine(Path.GetFullPath(stateDirectory), "worker.sock"));

    private static WebApplication BuildWeb(HostOptions options, TimeProvider time)
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
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(Endpoint(options.AdminListen)));
        return builder.Build();
    }

    private static IPEndPoint Endpoint(string address) => IPEndPoint.TryParse(address, out var endpoint)
        ? endpoint
        : new IPEndPoint(IPAddress.Loopback, int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture));

    private static (List<MemberRegistration> Members, string? Error) Members(HostOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        var created = options.Members.Select(member => MemberFactory.Create(member, loggers, time)).ToList();
        var errors = created.Select(static item => item.Error).OfType<string>().ToList();
        return ([.. created.Select(static item => item.Member).OfType<MemberRegistration>()], errors.Count == 0 ? null : string.Join('\n', errors));
    }

    private static ControllerOptions ToController(
        HostOptions options,
        HAProxyBinary binary,
        StateDirectory state,
        string defaultCertificate,
        List<MemberRegistration> members,
        IRuntimeTranscript? transcript,
        ILoggerFactory loggers,
        TimeProvider time)
    {
        var proxy = new ProxySettings(
            "local",
            binary,
            options.Program,
            state,
            defaultCertificate,
            options.StartFileDelay,
            options.VerifyInterval,
            transcript,
            loggers);
        return new ControllerOptions(
            [.. members], options.Classes, options.MemberTimeout, options.StatusAddresses, proxy, new SystemHostResolver(), ClusterSetup.Alone())
        {
            Endpoints = options.Endpoints,
        };
    }
}
