using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Writing;

namespace MultiCluster.Persistence.Tests.Writing;

public sealed class WriteBehindTests
{
    [Fact]
    public async Task Events_wait_for_company_and_are_committed_together()
    {
        await using var rig = new WriteBehindRig();
        rig.Append("a", 1, 1, "1");
        await rig.Time.WaitForTimersAsync(1, WriteBehindRig.Deadline);
        rig.Append("b", 1, 1, "1");
        rig.Append("a", 1, 2, "2", "3");
        rig.Time.Advance(rig.Options.EventDelay - TimeSpan.FromMilliseconds(1));
        Assert.Equal((3 + 1, 0), (rig.Writer.State.QueuedEvents, rig.Store.Commits));

        await rig.FlushAsync();

        Assert.Equal(("|1,2,3", "|1"), (await rig.StoredAsync("a"), await rig.StoredAsync("b")));
        Assert.Equal(1, rig.Store.Commits);
        Assert.Equal((0, 4L), (rig.Writer.State.QueuedEvents, rig.Writer.State.WrittenEvents));
    }

    [Fact]
    public async Task After_the_delay_events_are_written_without_being_asked_for()
    {
        await using var rig = new WriteBehindRig();
        var written = new TaskCompletionSource();
        rig.Store.AfterAppend = () =>
        {
            written.SetResult();
            return Task.CompletedTask;
        };
        rig.Append("a", 1, 1, "1");
        await rig.Time.WaitForTimersAsync(1, WriteBehindRig.Deadline);

        rig.Time.Advance(rig.Options.EventDelay);

        await written.Task.WaitAsync(WriteBehindRig.Deadline);
        Assert.Equal("|1", await rig.StoredAsync("a"));
    }

    [Fact]
    public async Task Of_many_snapshots_of_an_entity_only_the_latest_is_rendered_and_written()
    {
        await using var rig = new WriteBehindRig();
        for (var i = 0; i < 100; i++)
            Assert.Equal(EnqueueResult.Queued, rig.Save("a", 1, 0, $"state {i}"));
        Assert.Equal(1, rig.Writer.State.QueuedSnapshots);

        await rig.FlushAsync();

        Assert.Equal(("state 99@0|", 1, 1L), (await rig.StoredAsync("a"), rig.Rendered, rig.Writer.State.WrittenSnapshots));
    }

    [Fact]
    public async Task A_snapshot_that_is_replaced_again_and_again_is_written_within_its_delay()
    {
        await using var rig = new WriteBehindRig();
        var written = new TaskCompletionSource();
        rig.Store.AfterSave = () =>
        {
            written.TrySetResult();
            return Task.CompletedTask;
        };
        rig.Save("a", 1, 0, "0");
        await rig.Time.WaitForTimersAsync(1, WriteBehindRig.Deadline);
        for (var i = 1; i <= 10; i++)
        {
            rig.Time.Advance(rig.Options.SnapshotDelay / 10);
            rig.Save("a", 1, 0, $"{i}");
        }

        await written.Task.WaitAsync(WriteBehindRig.Deadline);
    }

    [Fact]
    public async Task A_snapshot_replaced_while_it_is_written_is_followed_by_the_newer_one()
    {
        await using var rig = new WriteBehindRig();
        var release = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        rig.Store.BeforeSave = _ =>
        {
            entered.TrySetResult();
            return release.Task;
        };
        rig.Save("a", 1, 0, "old");
        var flush = rig.Writer.FlushAsync(IdRange.All, TimeSpan.FromDays(1), CancellationToken.None);
        await entered.Task.WaitAsync(WriteBehindRig.Deadline);
        rig.Save("a", 1, 0, "new");
        release.SetResult();
        await rig.PumpAsync(flush);

        await rig.FlushAsync();

        Assert.Equal("new@0|", await rig.StoredAsync("a"));
    }

    [Fact]
    public async Task Events_go_before_the_snapshot_that_contains_them_in_any_group_size()
    {
        await using var rig = new WriteBehindRig(new WriteBehindOptions { GroupEvents = 2, GroupSnapshots = 1 });
        rig.Append("a", 1, 1, "1", "2", "3", "4", "5");
        rig.Save("a", 1, 5, "at 5");
        rig.Append("a", 1, 6, "6");
        rig.Save("b", 1, 0, "b");

        await rig.FlushAsync();

        Assert.Equal(("at 5@5|6", "b@0|"), (await rig.StoredAsync("a"), await rig.StoredAsync("b")));
        Assert.Equal("1,2,3,4,5,6", await rig.HistoryAsync("a"));
    }

    [Fact]
    public async Task Deleting_removes_snapshots_and_keeps_the_number()
    {
        await using var rig = new WriteBehindRig();
        rig.Save("a", 1, 3, "x");
        await rig.FlushAsync();
        rig.Writer.Delete("a", 1, 4);
        await rig.FlushAsync();

        var point = await rig.Store.LoadAsync("a", CancellationToken.None);
        Assert.Equal((4L, null), (point!.SequenceNumber, point.Snapshot));
    }

    [Fact]
    public async Task A_fenced_entity_is_told_and_writes_nothing_more_until_it_has_a_newer_epoch()
    {
        await using var rig = new WriteBehindRig();
        await rig.Store.AppendAsync([new EventBatch("a", 5, 1, [new EventData(rig.Time.GetUtcNow(), "event", 1, "x"u8.ToArray())])], CancellationToken.None);
        rig.Append("a", 4, 2, "late");
        rig.Append("b", 4, 1, "fine");
        rig.Save("a", 4, 2, "late");

        await rig.FlushAsync();

        Assert.Equal("a 4 fenced by 5", await rig.NewsAsync());
        Assert.Equal(EnqueueResult.Fenced, rig.Append("a", 4, 2, "late"));
        Assert.Equal(EnqueueResult.Fenced, rig.Save("a", 4, 2, "late"));
        Assert.Equal(1, rig.Writer.State.Fenced);
        Assert.Equal(EnqueueResult.Queued, rig.Append("a", 6, 2, "new owner"));
        await rig.FlushAsync();
        Assert.Equal(("|x,new owner", "|fine"), (await rig.StoredAsync("a"), await rig.StoredAsync("b")));
        Assert.False(rig.HasNews);
        Assert.Equal(0, rig.Writer.State.Fenced);
    }

    [Fact]
    public async Task A_newer_ownership_does_not_continue_what_the_one_before_left()
    {
        await using var rig = new WriteBehindRig();
        rig.Writer.Suspend();
        rig.Append("a", 1, 1, "old");
        rig.Append("a", 2, 1, "new");
        Assert.Equal(EnqueueResult.Fenced, rig.Append("a", 1, 2, "older again"));
        rig.Writer.Resume();

        await rig.FlushAsync();

        Assert.Equal("|new", await rig.StoredAsync("a"));
        Assert.Equal(2, rig.Writer.State.DroppedEvents);
    }

    [Fact]
    public async Task While_suspended_nothing_is_written_and_everything_taken()
    {
        await using var rig = new WriteBehindRig();
        rig.Writer.Suspend();
        rig.Append("a", 1, 1, "1");
        rig.Save("a", 1, 1, "at 1");

        var flush = await rig.PumpAsync(rig.Writer.FlushAsync(IdRange.All, TimeSpan.FromMinutes(1), CancellationToken.None));

        Assert.Equal(new FlushResult(false, 1), flush);
        Assert.Equal(("nothing", 0), (await rig.StoredAsync("a"), rig.Store.Commits));
        Assert.True(rig.Writer.State.Suspended);
        rig.Writer.Resume();
        await rig.FlushAsync();
        Assert.Equal("at 1@1|", await rig.StoredAsync("a"));
    }

    [Fact]
    public async Task Discarding_forgets_a_range_only()
    {
        await using var rig = new WriteBehindRig();
        rig.Writer.Suspend();
        rig.Append("s1/a", 1, 1, "1");
        rig.Save("s1/b", 1, 0, "b");
        rig.Append("s2/a", 1, 1, "1");

        rig.Writer.Discard(IdRange.WithPrefix("s1/"), below: 100);
        rig.Writer.Resume();
        await rig.FlushAsync();

        Assert.Equal(("nothing", "nothing", "|1"), (await rig.StoredAsync("s1/a"), await rig.StoredAsync("s1/b"), await rig.StoredAsync("s2/a")));
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_a_database_that_hangs()
    {
        var rig = new WriteBehindRig();
        var entered = new TaskCompletionSource();
        rig.Store.BeforeAppend = _ =>
        {
            entered.SetResult();
            return new TaskCompletionSource().Task;
        };
        rig.Append("a", 1, 1, "1");
        var flush = rig.Writer.FlushAsync(IdRange.All, TimeSpan.FromDays(1), CancellationToken.None);
        await entered.Task.WaitAsync(WriteBehindRig.Deadline);

        await rig.DisposeAsync().AsTask().WaitAsync(WriteBehindRig.Deadline);

        Assert.Equal(new FlushResult(false, 1), await flush.WaitAsync(WriteBehindRig.Deadline));
    }

    [Fact]
    public async Task What_breaks_the_rules_is_a_bug_of_the_caller()
    {
        await using var rig = new WriteBehindRig();

        Assert.Throws<ArgumentException>(() => rig.Append("a b", 1, 1, "x"));
        Assert.Throws<ArgumentException>(() => rig.Append("a", 1, 0, "x"));
        Assert.Throws<ArgumentException>(() => rig.Save("a", 1, -1, "x"));
        Assert.Equal(0, rig.Writer.State.QueuedEvents);
    }
}
