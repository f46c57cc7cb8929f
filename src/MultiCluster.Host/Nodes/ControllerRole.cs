using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Controller;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Sessions;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.Host.Configuration;
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
        var (members, error) = Members(options, loggers, time);
        if (error is not null)
            return new Failure(error);
        var parts = NodeParts.Open(options, time, loggers);
        if (!parts.IsOk)
            return new Failure(parts.Error);
        var controller = ControllerSystem.Start(
            new ControllerOptions(
                [.. members], options.Classes, options.MemberTimeout, options.StatusAddresses, proxy?.Settings, new SystemHostResolver(), parts.Value.Setup)
            {
                Endpoints = options.Endpoints,
                MemberTimes = options.MemberTimes,
                Mode = options.FederationMode,
                Feeds = Feeds(options, reload, loggers, time),
                Sessions = options.Node.Listen is null ? null : new SessionOptions(),
            },
            loggers,
            time);
        var role = new ControllerRole(controller, parts.Value, loggers.CreateLogger<ControllerRole>());
        if (await parts.Value.ListenAsync(controller.Control, time, loggers, cancellationToken) is not { } problem)
            return role;
        await role.DisposeAsync();
        return new Failure(problem);
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

    /// <param name="reload">Reads the configuration anew; null where it is from no file.</param>
    private static ImmutableArray<IMemberFeed> Feeds(HostOptions options, Func<HostOptions>? reload, ILoggerFactory loggers, TimeProvider time) => reload is null
        ? []
        : [new ConfigurationFeed(options.Members, () => reload().Members, member => MemberFactory.Create(member, loggers, time), time)];

    private static (List<MemberRegistration> Members, string? Error) Members(HostOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        var created = options.Members.Select(member => MemberFactory.Create(member, loggers, time)).ToList();
        var errors = created.Select(static item => item.Error).OfType<string>().ToList();
        return ([.. created.Select(static item => item.Member).OfType<MemberRegistration>()], errors.Count == 0 ? null : string.Join('\n', errors));
    }

    [LoggerMessage(3101, LogLevel.Warning, "Leaving without having given everything away; others take it over when the lease has ended: {Reason}")]
    private static partial void LogNotLeft(ILogger logger, string reason);
}
