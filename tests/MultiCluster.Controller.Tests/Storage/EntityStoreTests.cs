using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Storage;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Controller.Wire.Storage;
using MultiCluster.Model.Routing;
using MultiCluster.Persistence.InMemory;
using MultiCluster.Persistence.Writing;

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

    private static EntityStore Open(InMemoryDatabase database) => new(
        database, new StoredForm(new SnapshotCodec(SnapshotKeys.None)), new WriteBehindOptions(), TimeProvider.System, NullLoggerFactory.Instance);

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
