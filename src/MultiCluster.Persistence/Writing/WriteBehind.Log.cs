using Microsoft.Extensions.Logging;

namespace MultiCluster.Persistence.Writing;

public sealed partial class WriteBehind
{
    [LoggerMessage(7001, LogLevel.Warning, "Database takes no writes ({Error}); {Events} events wait, next try in {Seconds:0.0} s, routing goes on")]
    private partial void LogFailed(string error, int events, double seconds);

    [LoggerMessage(7002, LogLevel.Information, "Database takes writes again after {Outage}; {Events} events wait")]
    private partial void LogRecovered(TimeSpan outage, int events);

    [LoggerMessage(7003, LogLevel.Warning, "{PersistenceId}: epoch {Epoch} is fenced by {HighestEpoch}; nothing more is written here")]
    private partial void LogFenced(string persistenceId, long epoch, long highestEpoch);

    [LoggerMessage(7004, LogLevel.Warning, "{PersistenceId}: event {SequenceNumber} refused, the journal expects {Expected}; a snapshot will take the place of what is lost")]
    private partial void LogOutOfSequence(string persistenceId, long sequenceNumber, long expected);

    [LoggerMessage(7005, LogLevel.Warning, "{PersistenceId}: snapshot at {SequenceNumber} refused, {Known} is known; a newer one will take its place")]
    private partial void LogStale(string persistenceId, long sequenceNumber, long known);

    [LoggerMessage(7006, LogLevel.Error, "{PersistenceId}: the database refuses this write for good, it is dropped: {Error}")]
    private partial void LogRejected(string persistenceId, string error);

    [LoggerMessage(7007, LogLevel.Error, "{PersistenceId}: the snapshot at {SequenceNumber} can't be rendered, it is dropped")]
    private partial void LogRenderFailed(Exception e, string persistenceId, long sequenceNumber);

    [LoggerMessage(7008, LogLevel.Error, "The owner failed on news from the database")]
    private partial void LogOwnerFailed(Exception e);
}
