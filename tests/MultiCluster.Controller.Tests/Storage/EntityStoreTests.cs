using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Storage;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Controller.Wire.Storage;
using MultiCluster.Model.Routing;
using MultiCluster.Persistence.InMemory;
using MultiCluster.Persistence.Writing;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Controller.Tests.Storage;

public sealed class EntityStoreTests
{
    private const int Shard = 3;

    private static readonly Cause Observed = new(CauseKind.Observed, null);
    private static readonly string Key = EntityKeys.Of(EntityId.Backend(Make.Key("shop")));

    [Fact]
    public async Task What_one_owner_left_the_next_one_finds_with_its_version()
    {
        await using var database = new InMemoryDatabase();
        await using (var store = Open(database))
            store.Write(Shard, new TableEntry(Key, new TableVersion(1, 7), Record("10.0.0.1")), before: null, Observed);
        await using var next = Open(database);
        var entry = Assert.Single(await next.LoadAsync(Shard, epoch: 2, CancellationToken.None));
        Assert.Equal(new TableEntry(Key, new TableVersion(1, 7), Record("10.0.0.1")), entry);
        Assert.Empty(await next.LoadAsync(Shard + 1, epoch: 2, CancellationToken.None));
    }

    [Fact]
    public async Task A_tombstone_is_left_too()
    {
        await using var database = new InMemoryDatabase();
        await using (var store = Open(database))
        {
            store.Write(Shard, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, Observed);
            await store.FlushAsync(Shard, epoch: 1, CancellationToken.None);
            store.Write(Shard, new TableEntry(Key, new TableVersion(1, 2), null), Record("10.0.0.1"), Observed);
        }

        await using var next = Open(database);
        Assert.Equal(new TableEntry(Key, new TableVersion(1, 2), null), Assert.Single(await next.LoadAsync(Shard, epoch: 2, CancellationToken.None)));
        Assert.IsType<Decision.EntityGone>((await EventsAsync(database))[^1]);
    }

    [Fact]
    public async Task Each_decision_is_an_event_with_its_cause()
    {
        await using var database = new InMemoryDatabase();
        await using (var store = Open(database))
        {
            store.Write(Shard, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, new Cause(CauseKind.Recovery, null));
            store.Write(Shard, new TableEntry(Key, new TableVersion(1, 2), Record("10.0.0.2")), Record("10.0.0.1"), Observed);
            store.Write(Shard, new TableEntry(Key, new TableVersion(1, 3), Record("10.0.0.2")), Record("10.0.0.2"), Observed);
        }

        var changes = (await EventsAsync(database)).OfType<Decision.BackendChanged>();
        Assert.Equal([("10.0.0.1", CauseKind.Recovery), ("10.0.0.2", CauseKind.Observed)], changes.Select(static change => (Address(change), change.Cause.Kind)));
    }

    [Fact]
    public async Task After_another_has_recovered_an_owner_of_before_writes_nothing_more()
    {
        await using var database = new InMemoryDatabase();
        await using var older = Open(database);
        older.Write(Shard, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, Observed);
        await older.FlushAsync(Shard, epoch: 1, CancellationToken.None);
        await using var newer = Open(database);
        Assert.Single(await newer.LoadAsync(Shard, epoch: 2, CancellationToken.None));

        older.Write(Shard, new TableEntry(Key, new TableVersion(1, 2), Record("10.0.0.9")), Record("10.0.0.1"), Observed);
        await older.FlushAsync(Shard, epoch: 1, CancellationToken.None);

        Assert.Equal(1, older.State.Fenced);
        Assert.Single((await EventsAsync(database)).OfType<Decision.BackendChanged>());
        await using var third = Open(database);
        Assert.Equal(Record("10.0.0.1"), Assert.Single(await third.LoadAsync(Shard, epoch: 3, CancellationToken.None)).Payload);
    }

    [Fact]
    public async Task An_entity_that_changes_all_the_time_is_written_down_once_in_a_while()
    {
        await using var database = new InMemoryDatabase();
        await using var store = Open(database, new ManualTimeProvider());
        for (var i = 1; i <= 100; i++)
            store.Write(Shard, new TableEntry(Key, new TableVersion(1, i), Record($"10.0.0.{i}")), i == 1 ? null : Record($"10.0.0.{i - 1}"), Observed);
        await store.FlushAsync(Shard, epoch: 1, CancellationToken.None);

        Assert.Equal(["10.0.0.1", "10.0.0.100"], (await EventsAsync(database)).OfType<Decision.BackendChanged>().Select(Address));
        await using var next = Open(database);
        Assert.Equal(new TableVersion(1, 100), Assert.Single(await next.LoadAsync(Shard, epoch: 2, CancellationToken.None)).Version);
    }

    [Fact]
    public async Task What_waits_for_its_turn_is_written_when_that_comes()
    {
        await using var database = new InMemoryDatabase();
        var time = new ManualTimeProvider();
        await using var store = Open(database, time);
        store.Write(Shard, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, Observed);
        var first = store.State.QueuedEvents + store.State.WrittenEvents;
        store.Write(Shard, new TableEntry(Key, new TableVersion(1, 2), Record("10.0.0.2")), Record("10.0.0.1"), Observed);
        Assert.Equal(first, store.State.QueuedEvents + store.State.WrittenEvents);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(first + 1, store.State.QueuedEvents + store.State.WrittenEvents);
    }

    [Fact]
    public async Task What_came_and_went_in_a_moment_leaves_no_event()
    {
        await using var database = new InMemoryDatabase();
        await using var store = Open(database, new ManualTimeProvider());
        store.Write(Shard, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, Observed);
        store.Write(Shard, new TableEntry(Key, new TableVersion(1, 2), Record("10.0.0.2")), Record("10.0.0.1"), Observed);
        store.Write(Shard, new TableEntry(Key, new TableVersion(1, 3), Record("10.0.0.1")), Record("10.0.0.2"), Observed);
        await store.FlushAsync(Shard, epoch: 1, CancellationToken.None);
        Assert.Equal(["10.0.0.1"], (await EventsAsync(database)).OfType<Decision.BackendChanged>().Select(Address));
    }

    [Fact]
    public async Task A_start_has_all_written_down_when_it_is_over()
    {
        await using var database = new InMemoryDatabase();
        var time = new ManualTimeProvider();
        await using var store = Open(database, time);
        store.Hold(TimeSpan.FromSeconds(30));
        store.Write(Shard, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, Observed);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal((0, 1), (store.State.QueuedEvents, store.State.QueuedSnapshots));

        store.Release();
        time.Advance(TimeSpan.Zero);
        await store.FlushAsync(Shard, epoch: 1, CancellationToken.None);
        Assert.Equal(["10.0.0.1"], (await EventsAsync(database)).OfType<Decision.BackendChanged>().Select(Address));
    }

    [Fact]
    public async Task A_start_that_takes_too_long_is_written_down_all_the_same()
    {
        await using var database = new InMemoryDatabase();
        var time = new ManualTimeProvider();
        await using var store = Open(database, time);
        store.Hold(TimeSpan.FromSeconds(30));
        store.Write(Shard, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, Observed);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(store.State.QueuedEvents + store.State.WrittenEvents > 0);
    }

    [Fact]
    public async Task A_shard_that_moves_during_a_start_takes_along_what_it_has()
    {
        await using var database = new InMemoryDatabase();
        await using var store = Open(database, new ManualTimeProvider());
        store.Hold(TimeSpan.FromSeconds(30));
        store.Write(Shard, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, Observed);
        store.Write(Shard + 1, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, Observed);
        await store.FlushAsync(Shard, epoch: 1, CancellationToken.None);
        await using var next = Open(database);
        Assert.Single(await next.LoadAsync(Shard, epoch: 2, CancellationToken.None));
        Assert.Empty(await next.LoadAsync(Shard + 1, epoch: 2, CancellationToken.None));
    }

    [Fact]
    public async Task A_journal_that_is_read_late_throws_nothing_away()
    {
        await using var database = new InMemoryDatabase();
        await using (var before = Open(database))
            before.Write(Shard, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, Observed);

        await using var store = Open(database, new ManualTimeProvider());
        store.Write(Shard, new TableEntry(Key, new TableVersion(2, 1), Record("10.0.0.2")), Record("10.0.0.1"), Observed);
        store.Write(Shard, new TableEntry(Key, new TableVersion(2, 2), Record("10.0.0.3")), Record("10.0.0.2"), Observed);
        await store.LoadAsync(Shard, epoch: 2, CancellationToken.None);
        await store.FlushAsync(Shard, epoch: 2, CancellationToken.None);

        await using var next = Open(database);
        Assert.Equal(new TableEntry(Key, new TableVersion(2, 2), Record("10.0.0.3")), Assert.Single(await next.LoadAsync(Shard, epoch: 3, CancellationToken.None)));
    }

    [Fact]
    public async Task Shards_that_are_flushed_at_once_miss_nothing_of_each_other()
    {
        const int Shards = 64;
        for (var round = 0; round < 20; round++)
        {
            await using var database = new InMemoryDatabase();
            await using var store = Open(database);
            store.Hold(TimeSpan.FromMinutes(1));
            for (var shard = 0; shard < Shards; shard++)
                store.Write(shard, new TableEntry(Key, new TableVersion(1, 1), Record("10.0.0.1")), before: null, Observed);
            await Task.WhenAll(Enumerable.Range(0, Shards).Select(shard => Task.Run(() => store.FlushAsync(shard, epoch: 1, CancellationToken.None).AsTask())));

            await using var next = Open(database);
            for (var shard = 0; shard < Shards; shard++)
                Assert.Single(await next.LoadAsync(shard, epoch: 2, CancellationToken.None));
        }
    }

    [Fact]
    public async Task What_an_owner_before_says_too_late_replaces_nothing()
    {
        await using var database = new InMemoryDatabase();
        await using var store = Open(database, new ManualTimeProvider());
        store.Write(Shard, new TableEntry(Key, new TableVersion(2, 1), Record("10.0.0.1")), before: null, Observed);
        store.Write(Shard, new TableEntry(Key, new TableVersion(2, 2), Record("10.0.0.2")), Record("10.0.0.1"), Observed);
        store.Write(Shard, new TableEntry(Key, new TableVersion(1, 9), Record("10.0.0.9")), Record("10.0.0.8"), Observed);
        await store.FlushAsync(Shard, epoch: 2, CancellationToken.None);
        await using var next = Open(database);
        Assert.Equal(new TableEntry(Key, new TableVersion(2, 2), Record("10.0.0.2")), Assert.Single(await next.LoadAsync(Shard, epoch: 3, CancellationToken.None)));
    }

    private static EntityStore Open(InMemoryDatabase database, TimeProvider? time = null) => new(
        database, new StoredForm(new SnapshotCodec(SnapshotKeys.None)), new WriteBehindOptions(), time ?? TimeProvider.System, NullLoggerFactory.Instance);

    private static EntityRecord.Backend Record(string address)
    {
        var port = new BackendPort("", 80, "", [new BackendEndpoint(address, 8080, "", "", "")]);
        return new EntityRecord.Backend(Make.Key("shop"), [], [], new Fragment.Backend(Make.Key("shop"), [new MemberBackend(Make.Aws, [port])]));
    }

    private static string Address(Decision.BackendChanged changed) => changed.Backend!.Ports.Single().Endpoints.Single().Address;

    private static async Task<List<Decision>> EventsAsync(InMemoryDatabase database)
    {
        var page = await database.Journal.ReadAllAsync(0, 1000, CancellationToken.None);
        return [.. page.Events.Select(static stored => JournalCodec.Decode(stored).Value!)];
    }
}
