using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MultiCluster.Model.Admin;

namespace MultiCluster.Host.Logging;

/// <summary>
/// The log as server-sent events. The next lines are taken when the reader has taken the last: one that is too slow for the log is told
/// how many lines it missed, and holds up nobody.
/// </summary>
public static class LogStream
{
    private const int Batch = 100;

    /// <summary>How long nothing is sent: a reader that is gone is noticed by then.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private static readonly AdminJson Compact = new(new JsonSerializerOptions(AdminJson.Default.Options) { WriteIndented = false });

    /// <param name="lines">To begin with.</param>
    public static async IAsyncEnumerable<SseItem<string>> ReadAsync(
        LogRing ring, LogLevel level, int lines, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        bool Passes(LogLineView line) => LogLevels.Parse(line.Level) >= level;
        var page = ring.Tail(lines, Passes);
        // The reader learns that it is heard, also while nothing is logged.
        yield return new SseItem<string>("", ClusterPaths.IdleEvent);
        while (!stop.IsCancellationRequested)
        {
            if (page.Missed > 0)
                yield return new SseItem<string>(JsonSerializer.Serialize(new LogGapView(page.Missed), Compact.LogGapView), ClusterPaths.GapEvent);
            foreach (var line in page.Lines.Where(Passes))
                yield return new SseItem<string>(JsonSerializer.Serialize(line, Compact.LogLineView), ClusterPaths.LineEvent);
            if (!await HasNewsAsync(ring, page.Next, time, stop))
                yield return new SseItem<string>("", ClusterPaths.IdleEvent);
            page = ring.Read(page.Next, Batch);
        }
    }

    private static async Task<bool> HasNewsAsync(LogRing ring, long number, TimeProvider time, CancellationToken stop)
    {
        try
        {
            await ring.UntilAsync(number).WaitAsync(Idle, time, stop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            // The end of the stream, which the caller sees by the same token.
            return true;
        }
    }
}
