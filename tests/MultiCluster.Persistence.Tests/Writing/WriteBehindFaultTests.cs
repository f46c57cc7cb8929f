using MultiCluster.Persistence.Writing;

namespace MultiCluster.Persistence.Tests.Writing;

public sealed class WriteBehindFaultTests
{
    [Fact]
    public async Task A_database_that_is_down_is_tried_again_with_growing_waits_and_loses_nothing()
    {
        await using var rig = new WriteBehindRig();
        var tries = new List<DateTimeOffset>();
        var tried = new SemaphoreSlim(0);
        rig.Store.BeforeAppend = _ =>
        {
            tries.Add(rig.Time.GetUtcNow());
            tried.Release();
            return ScriptedStore.Fail();
        };
        rig.Append("a", 1, 1, "1");
        while (tries.Count < 12)
        {
            await rig.Time.WaitForTimersAsync(1, WriteBehindRig.Deadline);
            rig.Time.Advance(rig.Time.UntilNextTimer!.Value);
            Assert.True(await tried.WaitAsync(WriteBehindRig.Deadline), "The database was not tried again.");
        }
        rig.Append("a", 1, 2, "2");

        var state = rig.Writer.State;
        Assert.Equal((2, "scripted: Unavailable", tries[0]), (state.QueuedEvents, state.LastError, state.FailingSince));
        Assert.Equal(rig.Time.GetUtcNow() - tries[0] + rig.Options.EventDelay, state.OldestAge);
        var waits = tries.Zip(tries.Skip(1), (a, b) => b - a).ToList();
        Assert.All(waits.Index(), wait =>
        {
            var longest = TimeSpan.FromSeconds(Math.Min(rig.Options.BackoffCap.TotalSeconds, 0.1 * Math.Pow(2, wait.Index)));
            Assert.InRange(wait.Item, longest / 2, longest);
        });
        Assert.True(waits.Distinct().Count() > 8, "The waits are spread.");

        rig.Store.Recover();
        await rig.FlushAsync();
        Assert.Equal("|1,2", await rig.StoredAsync("a"));
        Assert.Null(rig.Writer.State.FailingSince);
        Assert.Equal(TimeSpan.Zero, rig.Writer.State.OldestAge);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_sent_again_and_counts_once()
    {
        await using var rig = new WriteBehindRig();
        var appends = 0;
        var saves = 0;
        rig.Store.AfterAppend = () =>
        {
            if (++appends > 2)
                return Task.CompletedTask;
            rig.Append("a", 1, 1 + appends, $"{1 + appends}");
            return ScriptedStore.Fail();
        };
        rig.Store.AfterSave = () => ++saves > 2 ? Task.CompletedTask : ScriptedStore.Fail();
        rig.Append("a", 1, 1, "1");
        rig.Save("a", 1, 1, "at 1");

        await rig.FlushAsync();
        await rig.FlushAsync();

        Assert.Equal("at 1@1|2,3", await rig.StoredAsync("a"));
        Assert.Equal("1,2,3", await rig.HistoryAsync("a"));
        Assert.False(rig.HasNews);
    }

    [Fact]
    public async Task Beyond_an_entitys_bound_its_snapshot_takes_the_place_of_events()
    {
        await using var rig = new WriteBehindRig(new WriteBehindOptions { MaxEventsPerEntity = 3 });
        rig.Store.FailAll();
        Assert.Equal(EnqueueResult.Queued, rig.Append("a", 1, 1, "1", "2", "3"));
        Assert.Equal(EnqueueResult.SnapshotNeeded, rig.Append("a", 1, 4, "4"));
        Assert.Equal(EnqueueResult.SnapshotNeeded, rig.Append("a", 1, 5, "5"));
        Assert.Equal(EnqueueResult.Queued, rig.Append("b", 1, 1, "neighbour"));
        Assert.Equal((4, 2L, 1), (rig.Writer.State.QueuedEvents, rig.Writer.State.DroppedEvents, rig.Writer.State.AwaitingSnapshot));
        // One from before what was dropped doesn't help.
        Assert.Equal(EnqueueResult.SnapshotNeeded, rig.Save("a", 1, 4, "at 4"));
        Assert.Equal(EnqueueResult.Queued, rig.Save("a", 1, 5, "at 5"));
        Assert.Equal(0, rig.Writer.State.AwaitingSnapshot);

        rig.Store.Recover();
        await rig.FlushAsync();
        Assert.Equal(EnqueueResult.Queued, rig.Append("a", 1, 6, "6"));
        await rig.FlushAsync();

        Assert.Equal("at 5@5|6", await rig.StoredAsync("a"));
        Assert.Equal("1,2,3,6", await rig.HistoryAsync("a"));
        Assert.Equal("|neighbour", await rig.StoredAsync("b"));
    }

    [Fact]
    public async Task Events_behind_a_leap_wait_for_its_snapshot()
    {
        await using var rig = new WriteBehindRig(new WriteBehindOptions { MaxEventsPerEntity = 3 });
        rig.Store.FailAll();
        rig.Append("a", 1, 1, "1", "2");
        rig.Append("a", 1, 3, "3", "4");
        rig.Save("a", 1, 4, "at 4");
        Assert.Equal(EnqueueResult.Queued, rig.Append("a", 1, 5, "5"));
        rig.Store.Recover();
        rig.Store.BeforeSave = _ => ScriptedStore.Fail();

        await rig.PumpAsync(rig.Writer.FlushAsync(IdRange.All, TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Equal("|1,2", await rig.StoredAsync("a"));
        rig.Store.Recover();
        await rig.FlushAsync();

        Assert.Equal("at 4@4|5", await rig.StoredAsync("a"));
    }

    [Fact]
    public async Task Bounds_of_all_entities_together_hold_by_count_and_by_bytes()
    {
        await using var rig = new WriteBehindRig(new WriteBehindOptions { MaxEvents = 10, MaxEventBytes = 1000 });
        rig.Store.FailAll();
        for (var i = 0; i < 10; i++)
            Assert.Equal(EnqueueResult.Queued, rig.Append($"e{i}", 1, 1, "x"));
        Assert.Equal(EnqueueResult.SnapshotNeeded, rig.Append("e10", 1, 1, "x"));
        Assert.Equal(EnqueueResult.SnapshotNeeded, rig.Append("e0", 1, 2, "x"));
        rig.Store.Recover();
        await rig.FlushAsync();
        rig.Store.FailAll();

        Assert.Equal(EnqueueResult.Queued, rig.Append("f", 1, 1, new string('x', 1000)));
        Assert.Equal(EnqueueResult.SnapshotNeeded, rig.Append("g", 1, 1, "x"));
    }

    [Fact]
    public async Task A_database_from_an_old_backup_gets_a_snapshot_before_anything_else()
    {
        await using var rig = new WriteBehindRig();
        // The database has 1 and 2; 3 to 5 were written and are gone.
        rig.Append("a", 3, 1, "1", "2");
        await rig.FlushAsync();
        rig.Append("a", 3, 6, "6", "7");
        await rig.FlushAsync();

        Assert.Equal("a 3 wants 7", await rig.NewsAsync());
        Assert.Equal(EnqueueResult.SnapshotNeeded, rig.Append("a", 3, 8, "8"));
        Assert.Equal(EnqueueResult.Queued, rig.Save("a", 3, 8, "at 8"));
        Assert.Equal(EnqueueResult.Queued, rig.Append("a", 3, 9, "9"));
        await rig.FlushAsync();
        Assert.Equal("at 8@8|9", await rig.StoredAsync("a"));
        Assert.False(rig.HasNews);
    }

    [Fact]
    public async Task Events_refused_with_a_snapshot_behind_them_need_no_other()
    {
        await using var rig = new WriteBehindRig();
        rig.Append("a", 3, 6, "6", "7");
        rig.Save("a", 3, 7, "at 7");
        await rig.FlushAsync();

        Assert.Equal("at 7@7|", await rig.StoredAsync("a"));
        Assert.False(rig.HasNews);
        Assert.Equal(2, rig.Writer.State.DroppedEvents);
    }

    [Fact]
    public async Task An_owner_that_knows_less_than_the_database_is_told_from_where_to_count_on()
    {
        await using var rig = new WriteBehindRig();
        rig.Append("a", 3, 1, "1", "2", "3");
        await rig.FlushAsync();
        rig.Save("a", 4, 1, "knows only 1");
        await rig.FlushAsync();

        Assert.Equal("a 4 wants 3", await rig.NewsAsync());
        Assert.Equal(EnqueueResult.SnapshotNeeded, rig.Save("a", 4, 2, "still too low"));
        Assert.Equal(EnqueueResult.Queued, rig.Save("a", 4, 3, "caught up"));
        await rig.FlushAsync();
        Assert.Equal("caught up@3|", await rig.StoredAsync("a"));
    }

    [Fact]
    public async Task What_the_database_refuses_for_good_costs_no_neighbour_anything()
    {
        await using var rig = new WriteBehindRig();
        rig.Store.BeforeAppend = batches =>
            batches.Any(batch => batch.PersistenceId == "poison") ? ScriptedStore.Fail(PersistenceFailure.Rejected) : Task.CompletedTask;
        rig.Store.BeforeSave = writes =>
            writes.Any(write => write.PersistenceId == "poison2") ? ScriptedStore.Fail(PersistenceFailure.Rejected) : Task.CompletedTask;
        rig.Append("a", 1, 1, "1");
        rig.Append("poison", 1, 1, "1");
        rig.Append("z", 1, 1, "1");
        rig.Save("b", 1, 0, "b");
        rig.Save("poison2", 1, 0, "x");

        await rig.FlushAsync();

        Assert.Equal(("|1", "|1", "b@0|"), (await rig.StoredAsync("a"), await rig.StoredAsync("z"), await rig.StoredAsync("b")));
        Assert.Equal("poison 1 wants 1", await rig.NewsAsync());
        Assert.Null(rig.Writer.State.FailingSince);
        Assert.Equal("scripted: Rejected", rig.Writer.State.LastError);
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_rendered_is_dropped_alone()
    {
        await using var rig = new WriteBehindRig();
        rig.Writer.Save("a", 1, 0, () => throw new InvalidOperationException("render"));
        rig.Save("b", 1, 0, "b");

        await rig.FlushAsync();

        Assert.Equal(("nothing", "b@0|"), (await rig.StoredAsync("a"), await rig.StoredAsync("b")));
    }

    [Fact]
    public async Task A_flush_of_a_range_ends_when_that_range_is_written_and_tries_a_failing_database_at_once()
    {
        await using var rig = new WriteBehindRig(new WriteBehindOptions { BackoffBase = TimeSpan.FromHours(10), BackoffCap = TimeSpan.FromHours(10), GroupEvents = 1 });
        var failed = new SemaphoreSlim(0);
        rig.Store.BeforeAppend = _ =>
        {
            failed.Release();
            return ScriptedStore.Fail();
        };
        rig.Append("other", 1, 1, "1");
        rig.Append("mine/a", 1, 1, "1");
        await failed.WaitAsync(WriteBehindRig.Deadline);
        rig.Store.BeforeAppend = batches => batches[0].PersistenceId == "other" ? new TaskCompletionSource().Task : Task.CompletedTask;

        // No hours pass, and what nobody waits for comes later.
        var result = await rig.Writer.FlushAsync(IdRange.WithPrefix("mine/"), TimeSpan.FromDays(1), CancellationToken.None).WaitAsync(WriteBehindRig.Deadline);

        Assert.Equal(new FlushResult(true, 0), result);
        Assert.Equal(("|1", "nothing"), (await rig.StoredAsync("mine/a"), await rig.StoredAsync("other")));
    }

    [Fact]
    public async Task A_flush_that_can_not_be_done_in_time_says_how_much_is_left()
    {
        await using var rig = new WriteBehindRig();
        rig.Store.FailAll();
        rig.Append("a", 1, 1, "1");
        rig.Save("b", 1, 0, "b");

        var result = await rig.PumpAsync(rig.Writer.FlushAsync(IdRange.All, TimeSpan.FromSeconds(5), CancellationToken.None));

        Assert.Equal(new FlushResult(false, 2), result);
    }

    [Fact]
    public async Task A_flush_does_not_wait_for_what_comes_after_it()
    {
        await using var rig = new WriteBehindRig(new WriteBehindOptions { GroupEvents = 1 });
        var next = 2;
        rig.Store.BeforeAppend = _ =>
        {
            rig.Append("a", 1, next, $"{next++}");
            return Task.CompletedTask;
        };
        rig.Append("a", 1, 1, "1");

        Assert.True((await rig.PumpAsync(rig.Writer.FlushAsync(IdRange.All, TimeSpan.FromDays(1), CancellationToken.None))).Completed);
    }

    [Fact]
    public async Task An_owner_that_throws_does_not_stop_the_writing()
    {
        var rig = new WriteBehindRig();
        await using var writer = new WriteBehind(
            rig.Store, rig.Store, new ThrowingOwner(), rig.Options, rig.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<WriteBehind>.Instance, new Random(1));
        writer.Append(new("a", 1, 5, [new(rig.Time.GetUtcNow(), "event", 1, default)]));
        await rig.PumpAsync(writer.FlushAsync(IdRange.All, TimeSpan.FromDays(1), CancellationToken.None));
        writer.Append(new("b", 1, 1, [new(rig.Time.GetUtcNow(), "event", 1, default)]));

        Assert.True((await rig.PumpAsync(writer.FlushAsync(IdRange.All, TimeSpan.FromDays(1), CancellationToken.None))).Completed);
        await rig.DisposeAsync();
    }

    private sealed class ThrowingOwner : IWriteBehindOwner
    {
        public void Fenced(string persistenceId, long epoch, long highestEpoch) => throw new InvalidOperationException("owner");

        public void SnapshotWanted(string persistenceId, long epoch, long sequenceNumber) => throw new InvalidOperationException("owner");
    }
}
