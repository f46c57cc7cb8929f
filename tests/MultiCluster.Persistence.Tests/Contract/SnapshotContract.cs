using System.Collections.Immutable;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Tests.Contract;

public abstract class SnapshotContract : DatabaseContract
{
    [ContractFact]
    public async Task The_latest_snapshot_is_loaded_with_how_far_the_entity_is()
    {
        await AppendAsync("a", 2, 1, "1", "2");
        Assert.Equal(new SnapshotResult.Saved(), await SaveAsync("a", 2, 1, "at 1"));
        Assert.Equal(new SnapshotResult.Saved(), await SaveAsync("a", 2, 2, "at 2"));
        await AppendAsync("a", 3, 3, "3");

        var point = await Snapshots.LoadAsync("a", None);

        Assert.Equal(("a", 3L, 3L), (point!.PersistenceId, point.SequenceNumber, point.Epoch));
        Assert.Equal((2L, 2L, "test-state", 3), (point.Snapshot!.SequenceNumber, point.Snapshot.Epoch, point.Snapshot.Body.Type, point.Snapshot.Body.SchemaVersion));
        Assert.Equal("at 2", Text(point));
        Assert.Empty(point.Corrupt);
        Assert.True(point.HasEvents);
        var replay = await EventReplay.ReadAsync(Journal, point, None);
        Assert.Equal(["3"], replay.Events.Select(Text));
        Assert.Null(replay.MissingSequenceNumber);
        Assert.Null(await Snapshots.LoadAsync("unknown", None));
    }

    [ContractFact]
    public async Task State_may_change_without_an_event()
    {
        await SaveAsync("a", 1, 0, "first");
        await SaveAsync("a", 1, 0, "second");
        await SaveAsync("a", 1, 0, "third");

        var point = await Snapshots.LoadAsync("a", None);

        Assert.Equal((0L, "third", false), (point!.SequenceNumber, Text(point), point.HasEvents));
    }

    [ContractFact]
    public async Task Empty_payloads_are_payloads()
    {
        await SaveAsync("a", 1, 0, "");
        await AppendAsync("a", 1, 1, "");

        Assert.Equal("", Text(await Snapshots.LoadAsync("a", None)));
        Assert.Equal([""], await TextsAsync("a"));
    }

    [ContractFact]
    public async Task A_lower_epoch_is_refused()
    {
        await SaveAsync("a", 5, 0, "new");

        Assert.Equal(new SnapshotResult.Fenced(5), await SaveAsync("a", 4, 10, "late"));
        Assert.Equal(new AppendResult.Fenced(5), await AppendAsync("a", 4, 1, "late"));
        Assert.Equal("new", Text(await Snapshots.LoadAsync("a", None)));
    }

    [ContractFact]
    public async Task A_snapshot_may_lag_behind_its_writers_own_events_but_not_behind_anothers()
    {
        await AppendAsync("a", 1, 1, "1", "2", "3");
        Assert.Equal(new SnapshotResult.Saved(), await SaveAsync("a", 1, 2, "own, behind"));

        Assert.Equal(new SnapshotResult.Stale(3), await SaveAsync("a", 2, 2, "does not know 3"));
        await Journal.FenceAsync(IdRange.All, 3, None);
        Assert.Equal(new SnapshotResult.Stale(3), await SaveAsync("a", 3, 2, "does not know 3 either"));
        Assert.Equal(new SnapshotResult.Saved(), await SaveAsync("a", 3, 3, "knows"));
        Assert.Equal(new SnapshotResult.Stale(3), await SaveAsync("a", 3, 2, "goes back"));
    }

    [ContractFact]
    public async Task A_snapshot_beyond_the_events_stands_for_lost_ones()
    {
        await AppendAsync("a", 1, 1, "1");
        await SaveAsync("a", 1, 5, "at 5");

        Assert.Equal(new AppendResult.OutOfSequence(6), await AppendAsync("a", 1, 2, "2"));
        Assert.Equal(new AppendResult.Appended(6), await AppendAsync("a", 1, 6, "6"));
        var point = await Snapshots.LoadAsync("a", None);
        Assert.Equal(["6"], (await EventReplay.ReadAsync(Journal, point!, None)).Events.Select(Text));
        Assert.Equal(["1", "6"], await TextsAsync("a"));
    }

    [ContractFact]
    public async Task Snapshots_of_a_group_are_judged_each_alone()
    {
        await SaveAsync("b", 9, 0, "b");

        var results = await Snapshots.SaveAsync([State("a", 1, 0, "a"), State("b", 8, 0, "late"), State("a", 1, 1, "a again")], None);

        AssertSequence<SnapshotResult>([new SnapshotResult.Saved(), new SnapshotResult.Fenced(9), new SnapshotResult.Saved()], results);
        Assert.Equal("a again", Text(await Snapshots.LoadAsync("a", None)));
        Assert.Equal("b", Text(await Snapshots.LoadAsync("b", None)));
    }

    [ContractFact]
    public async Task Neither_deleting_nor_compacting_lowers_number_or_epoch()
    {
        await AppendAsync("a", 4, 1, "1", "2", "3");
        await SaveAsync("a", 4, 3, "at 3");
        Assert.Equal(new SnapshotResult.Saved(), await SaveAsync(new SnapshotWrite("a", 4, 3, null)));
        Assert.Equal(3, await Journal.CompactAsync(Noon.AddDays(1), 100, None));
        await ReopenAsync();

        var point = await Snapshots.LoadAsync("a", None);
        Assert.Equal((3L, 4L, null), (point!.SequenceNumber, point.Epoch, point.Snapshot));
        Assert.Equal(new AppendResult.Fenced(4), await AppendAsync("a", 3, 4, "late"));
        Assert.Equal(new AppendResult.OutOfSequence(4), await AppendAsync("a", 4, 1, "again from 1"));
        Assert.Equal(new AppendResult.Appended(4), await AppendAsync("a", 4, 4, "4"));
        Assert.Equal(0, await Site.CountAsync("SELECT count(*) FROM snapshot"));
    }

    [ContractFact]
    public async Task Positions_grow_on_over_compaction_and_a_reader_behind_it_misses_nothing_that_is_left()
    {
        await AppendAsync("a", 1, 1, "1", "2");
        var before = await Journal.ReadAllAsync(0, 10, None);
        await SaveAsync(new SnapshotWrite("a", 1, 2, null));
        await Journal.CompactAsync(Noon.AddDays(1), 100, None);

        await AppendAsync("a", 1, 3, "3");

        var after = await Journal.ReadAllAsync(before.Next, 10, None);
        Assert.False(after.WentBack);
        Assert.Equal(["3"], after.Events.Select(Text));
    }

    [ContractFact]
    public async Task Compaction_keeps_the_history_what_recovery_needs_and_the_state_at_the_start_of_the_history()
    {
        ImmutableArray<EventData> events = [.. Enumerable.Range(1, 8).Select(n => Event(n.ToString(), Noon.AddHours(n)))];
        await AppendAsync(new EventBatch("a", 1, 1, events));
        await AppendAsync(new EventBatch("without", 1, 1, [Event("old", Noon)]));
        await SaveAsync("a", 1, 5, "at 5");
        await SaveAsync("a", 1, 7, "at 7");

        // Everything is older, but 6 and 7 are needed should the snapshot at 7 be corrupt, and 8 in any case.
        Assert.Equal(5, await Journal.CompactAsync(Noon.AddDays(1), 100, None));
        Assert.Equal(["6", "7", "8"], await TextsAsync("a"));
        Assert.Equal(["old"], await TextsAsync("without"));

        await SaveAsync("a", 1, 8, "at 8");
        await SaveAsync("a", 1, 8, "at 8 too");
        // Now nothing is needed; history from 7:30 on begins in the state that 7 made.
        Assert.Equal(1, await Journal.CompactAsync(Noon.AddHours(7.5), 100, None));
        Assert.Equal(["7", "8"], await TextsAsync("a"));
        Assert.Equal(0, await Journal.CompactAsync(Noon.AddHours(7.5), 100, None));
    }

    [ContractFact]
    public async Task Compaction_goes_in_steps()
    {
        await AppendAsync("a", 1, 1, "1", "2", "3", "4", "5");
        await SaveAsync("a", 1, 5, "at 5");

        Assert.Equal(3, await Journal.CompactAsync(Noon.AddDays(1), 3, None));
        Assert.Equal(1, await Journal.CompactAsync(Noon.AddDays(1), 3, None));
        Assert.Equal(0, await Journal.CompactAsync(Noon.AddDays(1), 3, None));
        Assert.Equal(["5"], await TextsAsync("a"));
    }

    [ContractFact]
    public async Task All_entities_of_a_range_are_loaded_in_order_also_those_without_a_snapshot()
    {
        await SaveAsync("s1/b", 1, 0, "b");
        await SaveAsync("s10/a", 1, 0, "not s1/");
        await SaveAsync("s1/B", 1, 0, "B");
        await AppendAsync("s1/only-events", 2, 1, "1");

        var points = await ListAsync(Snapshots.LoadAllAsync(IdRange.WithPrefix("s1/"), None));

        Assert.Equal(["s1/B", "s1/b", "s1/only-events"], points.Select(point => point.PersistenceId));
        Assert.Equal(["B", "b", null], points.Select(Text));
        Assert.Equal(4, (await ListAsync(Snapshots.LoadAllAsync(IdRange.All, None))).Length);
    }

    [ContractFact]
    public async Task A_load_may_be_left_early_and_the_database_used_on()
    {
        await Snapshots.SaveAsync([.. Enumerable.Range(0, 700).Select(n => State($"e{n:000}", 1, 0, $"state {n}"))], None);

        await foreach (var point in Snapshots.LoadAllAsync(IdRange.All, None))
        {
            Assert.Equal("e000", point.PersistenceId);
            break;
        }
        Assert.Equal(new SnapshotResult.Saved(), await SaveAsync("e000", 1, 0, "new"));
        Assert.Equal(700, (await ListAsync(Snapshots.LoadAllAsync(IdRange.All, None))).Length);
    }
}
