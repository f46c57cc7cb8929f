using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Persistence.InMemory;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Persistence.Tests;

public sealed class RetentionTests
{
    [Fact]
    public async Task Old_events_go_in_steps_when_the_interval_is_over()
    {
        var deadline = TimeSpan.FromSeconds(30);
        var time = new ManualTimeProvider();
        await using var database = new InMemoryDatabase();
        var start = time.GetUtcNow();
        await database.Journal.AppendAsync(
            [new EventBatch("a", 1, 1, [.. Enumerable.Range(0, 10).Select(n => new EventData(start.AddHours(n), "event", 1, default))])], CancellationToken.None);
        await database.Snapshots.SaveAsync([new SnapshotWrite("a", 1, 10, new SnapshotBody("state", 1, default))], CancellationToken.None);
        var retention = new Retention(
            database.Journal, new RetentionOptions(History: TimeSpan.FromHours(3), Interval: TimeSpan.FromHours(8), Step: 2), time, NullLogger<Retention>.Instance);
        using var stop = new CancellationTokenSource();
        var running = retention.RunAsync(stop.Token);

        await time.WaitForTimersAsync(1, deadline);
        time.Advance(TimeSpan.FromHours(8));
        await time.WaitForTimersAsync(1, deadline);

        // Five hours are too old to keep; the last of them tells the state that the history begins with.
        var left = await database.Journal.ReadAllAsync(0, 100, CancellationToken.None);
        Assert.Equal([5L, 6L, 7L, 8L, 9L, 10L], left.Events.Select(stored => stored.SequenceNumber));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
