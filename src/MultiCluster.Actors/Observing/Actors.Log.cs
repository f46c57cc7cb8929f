using Microsoft.Extensions.Logging;

namespace MultiCluster.Actors;

internal static partial class ActorsLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Actor} failed; restarts after {Backoff}")]
    public static partial void Restarting(this ILogger logger, Exception cause, ActorPath actor, TimeSpan backoff);

    [LoggerMessage(2, LogLevel.Warning, "{Actor} failed; resumes with its next message")]
    public static partial void Resumed(this ILogger logger, Exception cause, ActorPath actor);

    [LoggerMessage(3, LogLevel.Error, "{Actor} failed; stopped by its supervisor")]
    public static partial void StoppedBySupervisor(this ILogger logger, Exception cause, ActorPath actor);

    [LoggerMessage(4, LogLevel.Error, "{Actor} quarantined: it used up {Budget} restarts in {Window}")]
    public static partial void Quarantined(this ILogger logger, Exception cause, ActorPath actor, int budget, TimeSpan window);

    [LoggerMessage(5, LogLevel.Warning, "{Actor} failed; {Supervisor} escalates")]
    public static partial void Escalated(this ILogger logger, Exception cause, ActorPath actor, ActorPath supervisor);

    [LoggerMessage(6, LogLevel.Critical, "{Actor} failed and nobody above decides: stopped")]
    public static partial void EscalatedAtTop(this ILogger logger, Exception cause, ActorPath actor);

    [LoggerMessage(7, LogLevel.Error, "The decider of {Supervisor} failed: {Actor} stops")]
    public static partial void DeciderFailed(this ILogger logger, Exception cause, ActorPath supervisor, ActorPath actor);

    [LoggerMessage(8, LogLevel.Error, "{Hook} of {Actor} failed; it goes on as if it had not")]
    public static partial void HookFailed(this ILogger logger, Exception cause, ActorPath actor, string hook);

    [LoggerMessage(9, LogLevel.Critical, "{Actor} could not handle its system message {Message}: this is a bug of the actor system")]
    public static partial void CellFault(this ILogger logger, Exception cause, ActorPath actor, string message);

    [LoggerMessage(10, LogLevel.Debug, "Dead letter ({Reason}) to {Target}: {Message}")]
    public static partial void DeadLetter(this ILogger logger, DeadLetterReason reason, ActorPath target, string message);

    [LoggerMessage(11, LogLevel.Error, "A subscriber to dead letters failed")]
    public static partial void SubscriberFailed(this ILogger logger, Exception cause);

    [LoggerMessage(12, LogLevel.Warning, "{System} ended without {Count} actors that did not stop in {Deadline}, {First} among them")]
    public static partial void Abandoned(this ILogger logger, string system, int count, TimeSpan deadline, ActorPath first);
}
