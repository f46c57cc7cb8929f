using Microsoft.Extensions.Logging;
using MultiCluster.Persistence.Journal;

namespace MultiCluster.Persistence;

/// <param name="History">How long events stay that no recovery needs.</param>
/// <param name="Interval">Between two compactions; several nodes may compact one database.</param>
/// <param name="Step">Events deleted in one transaction, so that writers wait for a short one only.</param>
public sealed record RetentionOptions(TimeSpan History, TimeSpan Interval, int Step = 1_000);

/// <summary>Deletes events that are older than the history to keep.</summary>
public sealed partial class Retention(IJournal journal, RetentionOptions options, TimeProvider time, ILogger<Retention> logger)
{
    /// <summary>Runs until cancelled; a database that is down is tried again the next time.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(options.Interval, time, cancellationToken);
            try
            {
                var deleted = await CompactAsync(cancellationToken);
                if (deleted > 0)
                    LogCompacted(deleted, options.History);
            }
            catch (PersistenceException e)
            {
                LogFailed(e.Message, options.Interval);
            }
        }
    }

    /// <returns>How many events were deleted.</returns>
    public async Task<long> CompactAsync(CancellationToken cancellationToken)
    {
        var start = time.GetUtcNow() - options.History;
        long deleted = 0;
        int step;
        do
        {
            step = await journal.CompactAsync(start, options.Step, cancellationToken);
            deleted += step;
        }
        while (step == options.Step);
        return deleted;
    }

    [LoggerMessage(7101, LogLevel.Information, "Deleted {Events} events that happened more than {History} ago")]
    private partial void LogCompacted(long events, TimeSpan history);

    [LoggerMessage(7102, LogLevel.Warning, "Old events can't be deleted ({Error}); next try in {Interval}")]
    private partial void LogFailed(string error, TimeSpan interval);
}
