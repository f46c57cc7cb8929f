using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;
using MultiCluster.Persistence.Writing;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Persistence.Tests.Writing;

internal sealed class WriteBehindRig : IWriteBehindOwner, IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _news = Channel.CreateUnbounded<string>();

    public WriteBehindRig(WriteBehindOptions? options = null, int seed = 1)
    {
        Options = options ?? new WriteBehindOptions();
        Writer = new WriteBehind(Store, Store, this, Options, Time, NullLogger<WriteBehind>.Instance, new Random(seed));
    }

    public WriteBehindOptions Options { get; }

    public ManualTimeProvider Time { get; } = new();

    public ScriptedStore Store { get; } = new();

    public WriteBehind Writer { get; }

    public int Rendered { get; private set; }

    /// <summary>So that a database that is up takes everything.</summary>
    public async Task FlushAsync() => Assert.Equal(new FlushResult(true, 0), await PumpAsync(Writer.FlushAsync(IdRange.All, TimeSpan.FromDays(1), CancellationToken.None)));

    /// <summary>Moves the clock until the task is done.</summary>
    public async Task<T> PumpAsync<T>(Task<T> task)
    {
        using var expired = new CancellationTokenSource(Deadline);
        while (!task.IsCompleted)
        {
            Assert.False(expired.IsCancellationRequested, $"Not done within {Deadline}; {Writer.State}");
            Time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
        return await task;
    }

    public EnqueueResult Append(string id, long epoch, long first, params string[] texts) => Writer.Append(
        new EventBatch(id, epoch, first, [.. texts.Select(text => new EventData(Time.GetUtcNow(), "event", 1, Encoding.UTF8.GetBytes(text)))]));

    public EnqueueResult Save(string id, long epoch, long sequenceNumber, string text) => Writer.Save(id, epoch, sequenceNumber, () =>
    {
        Rendered++;
        return new SnapshotBody("state", 1, Encoding.UTF8.GetBytes(text));
    });

    public async Task<string> NewsAsync() => await _news.Reader.ReadAsync().AsTask().WaitAsync(Deadline);

    public bool HasNews => _news.Reader.TryPeek(out _);

    /// <summary>"snapshot text@number|event,event", and "!" if events are missing.</summary>
    public async Task<string> StoredAsync(string id)
    {
        var point = await Store.LoadAsync(id, CancellationToken.None);
        if (point is null)
            return "nothing";
        var replay = await EventReplay.ReadAsync(Store, point, CancellationToken.None);
        var snapshot = point.Snapshot is { } s ? $"{Encoding.UTF8.GetString(s.Body.Payload.Span)}@{s.SequenceNumber}" : "";
        var events = string.Join(',', replay.Events.Select(stored => Encoding.UTF8.GetString(stored.Payload.Span)));
        return $"{snapshot}|{events}{(replay.MissingSequenceNumber is null ? "" : "!")}";
    }

    public async Task<string> HistoryAsync(string id)
    {
        var numbers = new List<long>();
        await foreach (var stored in Store.ReadAsync(id, 1, CancellationToken.None))
            numbers.Add(stored.SequenceNumber);
        return string.Join(',', numbers);
    }

    public void Fenced(string persistenceId, long epoch, long highestEpoch) => _news.Writer.TryWrite($"{persistenceId} {epoch} fenced by {highestEpoch}");

    public void SnapshotWanted(string persistenceId, long epoch, long sequenceNumber) => _news.Writer.TryWrite($"{persistenceId} {epoch} wants {sequenceNumber}");

    public ValueTask DisposeAsync() => Writer.DisposeAsync();
}
