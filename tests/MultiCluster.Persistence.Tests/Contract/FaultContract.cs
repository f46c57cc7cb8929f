using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.Snapshots;
using MultiCluster.Persistence.Writing;

namespace MultiCluster.Persistence.Tests.Contract;

public abstract class FaultContract : DatabaseContract
{
    [ContractFact]
    public async Task A_failed_write_leaves_no_gap_and_no_part_and_can_be_sent_again()
    {
        await AppendAsync("a", 1, 1, "1");
        await Site.TakeDownAsync();

        var group = new[] { Batch("a", 1, 2, "2", "3"), Batch("b", 1, 1, "1") };
        var error = await Assert.ThrowsAsync<PersistenceException>(async () => await Journal.AppendAsync(group, None)).WaitAsync(Deadline);
        Assert.Equal(PersistenceFailure.Unavailable, error.Failure);

        await Site.BringUpAsync();
        Assert.Equal(["1"], await TextsAsync("a"));
        // What comes after the lost write can't slip in before it.
        Assert.Equal(new AppendResult.OutOfSequence(2), await AppendAsync("a", 1, 4, "4"));
        AssertSequence<AppendResult>([new AppendResult.Appended(3), new AppendResult.Appended(1)], await Journal.AppendAsync(group, None));
        Assert.Equal(["1", "2", "3"], await TextsAsync("a"));
    }

    [ContractFact]
    public async Task A_group_that_the_database_refuses_in_part_is_not_written_at_all()
    {
        await AppendAsync("b", 1, 1, "1");
        await Site.ExecuteAsync("UPDATE entity SET seq_nr = 0 WHERE persistence_id = 'b'");

        await Assert.ThrowsAsync<PersistenceException>(async () => await Journal.AppendAsync([Batch("a", 1, 1, "1"), Batch("b", 1, 1, "2")], None));

        Assert.Empty(await EventsAsync("a"));
        Assert.Null(await Snapshots.LoadAsync("a", None));
        Assert.Equal(new AppendResult.Appended(1), await AppendAsync("a", 1, 1, "1"));
    }

    [ContractFact]
    public async Task A_lease_store_that_is_down_says_so_and_serves_again_when_up()
    {
        var created = Assert.IsType<LeaseWriteResult.Written>((await Leases.WriteAsync([new("n", "1", null)], None))[0]).Version;
        await Site.TakeDownAsync();

        await Assert.ThrowsAsync<LeaseStoreException>(async () => await Leases.WriteAsync([new("n", "2", created)], None)).WaitAsync(Deadline);

        await Site.BringUpAsync();
        Assert.IsType<LeaseWriteResult.Written>((await Leases.WriteAsync([new("n", "3", created)], None))[0]);
    }

    [ContractFact]
    public async Task A_database_that_is_down_at_start_is_used_when_it_is_up()
    {
        await Site.TakeDownAsync();
        await Assert.ThrowsAsync<PersistenceException>(() => AppendAsync("a", 1, 1, "1")).WaitAsync(Deadline);
        await Site.BringUpAsync();

        Assert.Equal(new AppendResult.Appended(1), await AppendAsync("a", 1, 1, "1"));
    }

    [ContractFact]
    public async Task A_newer_schema_is_refused_with_both_versions_named()
    {
        var known = await Database.PrepareAsync(None);
        await Site.ExecuteAsync($"INSERT INTO schema_migration (version, name, applied_at) VALUES ({known + 6}, 'from the future', '2030-01-01T00:00:00Z')");
        await ReopenAsync();

        var error = await Assert.ThrowsAsync<PersistenceException>(() => AppendAsync("a", 1, 1, "1"));

        Assert.Equal(PersistenceFailure.NewerSchema, error.Failure);
        Assert.Contains($"schema version {known + 6}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"up to {known}", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Site.CountAsync("SELECT count(*) FROM journal"));
        var lease = await Assert.ThrowsAsync<LeaseStoreException>(async () => await Leases.ReadAllAsync(None));
        Assert.Contains($"schema version {known + 6}", lease.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_schema_is_migrated_once_and_found_again()
    {
        await AppendAsync("a", 1, 1, "1");
        await ReopenAsync();

        Assert.Equal(["1"], await TextsAsync("a"));
        Assert.Equal(await Database.PrepareAsync(None), await Site.CountAsync("SELECT count(*) FROM schema_migration"));
    }

    /// <summary>
    /// The database forgot events 3 and 4 and epoch 7. The journal names what it expects; the owner's next snapshot, at its own number, heals the
    /// entity; readers in global order are told; nobody with a lower epoch than the owner's gets in afterwards.
    /// </summary>
    [ContractFact]
    public async Task After_a_restore_from_an_old_backup_the_owner_goes_on_from_a_snapshot()
    {
        await AppendAsync("a", 5, 1, "1", "2");
        await SaveAsync("a", 5, 2, "at 2");
        var lease = Assert.IsType<LeaseWriteResult.Written>((await Leases.WriteAsync([new("shard-1", "epoch 5", null)], None))[0]).Version!;
        await ReopenAsync(Site.BackUpAsync);
        await AppendAsync("a", 7, 3, "3", "4");
        var position = (await Journal.ReadAllAsync(0, 10, None)).Next;
        var taken = Assert.IsType<LeaseWriteResult.Written>((await Leases.WriteAsync([new("shard-1", "epoch 7", lease)], None))[0]).Version!;

        await ReopenAsync(Site.RestoreAsync);

        Assert.Equal(new EventPage([], 0, WentBack: true), (await Journal.ReadAllAsync(position, 10, None)) with { Events = [] });
        Assert.Equal(5, await Journal.ReadHighestEpochAsync(None));
        Assert.Equal(new AppendResult.OutOfSequence(3), await AppendAsync("a", 7, 5, "5"));
        Assert.Equal(new SnapshotResult.Saved(), await SaveAsync("a", 7, 5, "at 5"));
        Assert.Equal(new AppendResult.Appended(6), await AppendAsync("a", 7, 6, "6"));
        Assert.Equal(new AppendResult.Fenced(7), await AppendAsync("a", 6, 7, "given out again"));
        var point = await Snapshots.LoadAsync("a", None);
        Assert.Equal(("at 5", 6L, 7L), (Text(point), point!.SequenceNumber, point.Epoch));
        // A version from the time that is gone fits nothing, and will not fit by chance later.
        var conflict = Assert.IsType<LeaseWriteResult.Conflict>((await Leases.WriteAsync([new("shard-1", "x", taken)], None))[0]);
        Assert.Equal(new LeaseRecord("shard-1", "epoch 5", lease), conflict.Current);
        var again = Assert.IsType<LeaseWriteResult.Written>((await Leases.WriteAsync([new("shard-1", "epoch 8", lease)], None))[0]).Version;
        Assert.NotEqual(taken, again);
    }

    [ContractFact]
    public async Task Write_behind_goes_through_an_outage_and_loses_no_state()
    {
        var options = new WriteBehindOptions { MaxEventsPerEntity = 20, BackoffCap = TimeSpan.FromMilliseconds(200) };
        await using var owner = new DirectOwner(Database, options);
        for (var i = 0; i < 50; i++)
            owner.Count($"e{i % 5}");
        await owner.WaitForAsync(state => state.WrittenEvents == 50, "the first events written", Deadline);

        await Site.TakeDownAsync();
        for (var i = 0; i < 500; i++)
            owner.Count($"e{i % 10}");
        await owner.WaitForAsync(state => state.FailingSince is not null, "the outage seen", Deadline);
        Assert.InRange(owner.Writer.State.QueuedEvents, 1, 200);
        await Site.BringUpAsync();

        await owner.AssertRecoversAsync(Database);
        Assert.Null(owner.Writer.State.FailingSince);
        Assert.InRange(owner.Writer.State.DroppedEvents, 1, 500);
    }
}
