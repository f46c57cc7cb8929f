using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;
using MultiCluster.Persistence.Writing;

namespace MultiCluster.Persistence.Tests.Contract;

/// <summary>Entities that count, over a real database and a real clock: an event adds one, a snapshot tells the count.</summary>
internal sealed class DirectOwner : IWriteBehindOwner, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly int _payload;

    public DirectOwner(IDatabase database, WriteBehindOptions options, int payload = 10)
    {
        _payload = payload;
        Writer = new WriteBehind(
            database.Journal, database.Snapshots, this, options, TimeProvider.System, NullLogger<WriteBehind>.Instance, new Random(1));
    }

    public WriteBehind Writer { get; }

    public void Count(string id)
    {
        lock (_gate)
        {
            var number = _counts[id] = _counts.GetValueOrDefault(id) + 1;
            var data = new EventData(DateTimeOffset.UnixEpoch.AddSeconds(number), "counted", 1, Encoding.UTF8.GetBytes($"{number}".PadRight(_payload)));
            if (Writer.Append(new EventBatch(id, 1, number, [data])) == EnqueueResult.SnapshotNeeded)
                Save(id, number);
        }
    }

    public void SnapshotWanted(string persistenceId, long epoch, long sequenceNumber)
    {
        lock (_gate)
            Save(persistenceId, _counts[persistenceId] = Math.Max(_counts[persistenceId], sequenceNumber));
    }

    public void Fenced(string persistenceId, long epoch, long highestEpoch) => Assert.Fail($"{persistenceId} is fenced by {highestEpoch}.");

    /// <summary>Waits, with a deadline, until the state is as described.</summary>
    public async Task WaitForAsync(Func<WriteBehindState, bool> condition, string what, TimeSpan deadline)
    {
        using var expired = new CancellationTokenSource(deadline);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition(Writer.State))
        {
            Assert.False(expired.IsCancellationRequested, $"Not within {deadline}: {what}; {Writer.State}");
            await poll.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Every entity recovers to its count, with a history whose numbers only grow and that begins before the first fault.</summary>
    public async Task AssertRecoversAsync(IDatabase database)
    {
        Assert.Equal(new FlushResult(true, 0), await Writer.FlushAsync(IdRange.All, TimeSpan.FromSeconds(60), CancellationToken.None));
        foreach (var (id, count) in _counts)
        {
            var point = await database.Snapshots.LoadAsync(id, CancellationToken.None);
            var replay = await EventReplay.ReadAsync(database.Journal, point!, CancellationToken.None);
            Assert.Null(replay.MissingSequenceNumber);
            var snapshot = point!.Snapshot is { } s ? long.Parse(Encoding.UTF8.GetString(s.Body.Payload.Span)) : 0;
            Assert.Equal(count, snapshot + replay.Events.Length);
            Assert.Equal(count, point.SequenceNumber);
        }
    }

    public ValueTask DisposeAsync() => Writer.DisposeAsync();

    private void Save(string id, long number) =>
        Writer.Save(id, 1, number, () => new SnapshotBody("count", 1, Encoding.UTF8.GetBytes($"{number}")));
}
