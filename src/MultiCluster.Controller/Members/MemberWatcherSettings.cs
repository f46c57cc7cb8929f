using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Metrics;
using MultiCluster.Federation.Members;

namespace MultiCluster.Controller.Members;

/// <summary>Where a watcher reads.</summary>
/// <param name="Registry">Has the member's present registration.</param>
/// <param name="Timeout">After it a member that was not read yet counts as unreachable: owners go on with what is known of it.</param>
public sealed record MemberWatcherSettings(
    MemberRegistry Registry,
    ClassOptions Classes,
    TimeSpan Timeout,
    IActorRef RouteTable,
    ILogger Logger)
{
    public MemberTimes Times { get; init; } = new();

    /// <summary>Null where nobody reads any.</summary>
    public ControllerMetrics? Metrics { get; init; }

    /// <summary>Takes StatusProtocol.MemberSeen; null where nobody does.</summary>
    public IActorRef? Reports { get; init; }
}
