using System.Collections.Immutable;
using System.Text;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Tests.Contract;

/// <summary>What holds for every database; each test has one of its own.</summary>
public abstract class DatabaseContract : IAsyncLifetime
{
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    protected static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private ITestSite? _site;
    private IDatabase? _database;

    protected ITestSite Site => _site!;

    protected IDatabase Database => _database!;

    protected IJournal Journal => Database.Journal;

    protected ISnapshotStore Snapshots => Database.Snapshots;

    protected ILeaseStore Leases => Database.Leases;

    protected static CancellationToken None => CancellationToken.None;

    protected abstract Task<ITestSite> CreateSiteAsync();

    public async Task InitializeAsync()
    {
        _site = await CreateSiteAsync();
        _database = Site.Open();
    }

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        if (_site is not null)
            await _site.DisposeAsync();
    }

    /// <summary>The old one is closed.</summary>
    protected async Task ReopenAsync(Func<Task>? meanwhile = null)
    {
        await Database.DisposeAsync();
        if (meanwhile is not null)
            await meanwhile();
        _database = Site.Open();
    }

    /// <summary>Element by element, where ImmutableArray's own equality would ask for the same array.</summary>
    protected static void AssertSequence<T>(IEnumerable<T> expected, IEnumerable<T> actual) => Assert.Equal(expected, actual);

    protected static EventData Event(string text, DateTimeOffset? at = null) => new(at ?? Noon, "test-event", 1, Encoding.UTF8.GetBytes(text));

    protected static EventBatch Batch(string id, long epoch, long first, params string[] texts) =>
        new(id, epoch, first, [.. texts.Select(text => Event(text))]);

    protected static SnapshotWrite State(string id, long epoch, long sequenceNumber, string text) =>
        new(id, epoch, sequenceNumber, new SnapshotBody("test-state", 3, Encoding.UTF8.GetBytes(text)));

    protected static string Text(JournalEvent stored) => Encoding.UTF8.GetString(stored.Payload.Span);

    protected static string? Text(RecoveryPoint? point) => point?.Snapshot is { } snapshot ? Encoding.UTF8.GetString(snapshot.Body.Payload.Span) : null;

    protected async Task<AppendResult> AppendAsync(EventBatch batch, IDatabase? database = null) =>
        Assert.Single(await (database ?? Database).Journal.AppendAsync([batch], None));

    protected async Task<AppendResult> AppendAsync(string id, long epoch, long first, params string[] texts) =>
        await AppendAsync(Batch(id, epoch, first, texts));

    protected async Task<SnapshotResult> SaveAsync(SnapshotWrite write) => Assert.Single(await Snapshots.SaveAsync([write], None));

    protected Task<SnapshotResult> SaveAsync(string id, long epoch, long sequenceNumber, string text) =>
        SaveAsync(State(id, epoch, sequenceNumber, text));

    protected async Task<ImmutableArray<JournalEvent>> EventsAsync(string id, long from = 1) => await ListAsync(Journal.ReadAsync(id, from, None));

    protected async Task<IEnumerable<string>> TextsAsync(string id, long from = 1) => (await EventsAsync(id, from)).Select(Text);

    protected static async Task<ImmutableArray<T>> ListAsync<T>(IAsyncEnumerable<T> source)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        await foreach (var item in source)
            items.Add(item);
        return items.ToImmutable();
    }
}
