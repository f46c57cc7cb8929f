using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MultiCluster.Actors;

public sealed record ActorSystemOptions
{
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    public IDispatcher Dispatcher { get; init; } = ThreadPoolDispatcher.Instance;

    /// <summary>For jitter only.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Decides about top-level actors.</summary>
    public OneForOneStrategy GuardianStrategy { get; init; } = OneForOneStrategy.Default;

    /// <summary>How long disposing the system waits for its actors.</summary>
    public TimeSpan ShutdownDeadline { get; init; } = TimeSpan.FromSeconds(30);
}
