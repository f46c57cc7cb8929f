using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Controller;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Sessions;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.Host.Configuration;
using MultiCluster.Host.Members;
using HostOptions = MultiCluster.Host.Configuration.HostOptions;

namespace MultiCluster.Host.Nodes;

/// <summary>The controller of a process, with the proxy beside it if there is one.</summary>
internal sealed partial class ControllerRole : IAsyncDisposable
{
    /// <summary>Others take over by themselves what was not given away by then.</summary>
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(10);

    private readonly NodeParts _parts;
    private readonly ILogger _logger;

    private ControllerRole(ControllerSystem controller, NodeParts parts, ILogger logger)
    {
        Controller = controller;
        _parts = parts;
        _logger = logger;
    }

    public ControllerSystem Controller { get; }

    public static async Task<Outcome<ControllerRole>> StartAsync(
        HostOptions options, ProxyParts? proxy, Func<HostOptions>? reload, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var factory = new MemberFactory(loggers, time) { TcpServices = options.TcpServices, HeaderMaps = options.HeaderMaps, ParametersNamespace = options.ParametersNamespace, PodLabels = options.PodLabels };
        MemberRegistration[] members = [.. options.Members.Select(member => factory.Create(member))];
        var (acme, problem) = options.Acme?.Open(hasOthers: options.Node.Listen is not null) ?? default;
        if (problem is not null)
            return new Failure(problem);
        var parts = NodeParts.Open(options, time, loggers);
        if (!parts.IsOk)
            return new Failure(parts.Error);
        var controller = ControllerSystem.Start(
            new ControllerOptions(
                [.. members], options.Classes, options.MemberTimeout, options.StatusAddresses, proxy?.Settings, new SystemHostResolver(), parts.Value.Setup)
            {
                Endpoints = options.Endpoints,
                MemberTimes = options.MemberTimes,
                Acme = acme,
                Mode = options.FederationMode,
                Defaults = options.Defaults,
                Feeds = MemberFeeds.Of(options, members, reload, factory, loggers, time),
                Sessions = options.Node.Listen is null ? null : new SessionOptions(),
            },
            loggers,
            time);
        var role = new ControllerRole(controller, parts.Value, loggers.CreateLogger<ControllerRole>());
        if (await parts.Value.ListenAsync(controller.Control, time, loggers, cancellationToken) is not { } refused)
            return role;
        await role.DisposeAsync();
        return new Failure(refused);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Controller.LeaveAsync(LeaveDeadline, CancellationToken.None);
        }
        catch (TimeoutException late)
        {
            LogNotLeft(_logger, late.Message);
        }

        await Controller.DisposeAsync();
        await _parts.DisposeAsync();
    }

    [LoggerMessage(3111, LogLevel.Warning, "Leaving without having given everything away; others take it over when the lease has ended: {Reason}")]
    private static partial void LogNotLeft(ILogger logger, string reason);
}
