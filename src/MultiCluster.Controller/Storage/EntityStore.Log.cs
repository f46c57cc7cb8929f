using Microsoft.Extensions.Logging;

namespace MultiCluster.Controller.Storage;

public sealed partial class EntityStore
{
    [LoggerMessage(1601, LogLevel.Error, "{Id}: snapshot {Sequence} is corrupt, the one before is used: {Reason}")]
    private static partial void LogCorrupt(ILogger logger, string id, long sequence, string reason);

    [LoggerMessage(1602, LogLevel.Error, "{Id}: its snapshot can't be read whole; members deliver it anew: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string id, string reason);

    [LoggerMessage(1603, LogLevel.Warning, "{Id}: an owner of epoch {HighestEpoch} writes now, ours of epoch {Epoch} no longer does")]
    private static partial void LogFenced(ILogger logger, string id, long epoch, long highestEpoch);

    [LoggerMessage(1604, LogLevel.Error, "{Id}: a decision can't be written to the history: {Reason}")]
    private static partial void LogUnwritable(ILogger logger, string id, string reason);
}
