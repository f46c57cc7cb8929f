using MultiCluster.Persistence.Journal;

namespace MultiCluster.Persistence.Tests.Contract;

public abstract class JournalContract : DatabaseContract
{
    [ContractFact]
    public async Task Events_come_back_as_they_were_written()
    {
        var at = Noon.AddTicks(12_345_678);
        byte[] payload = [0, 1, 255, 0];
        var batch = new EventBatch("ingress/web/shop", 7, 1, [new EventData(at.ToOffset(TimeSpan.FromHours(2)), "route-added", 4, payload), Event("b")]);

        Assert.Equal(new AppendResult.Appended(2), await AppendAsync(batch));

        var events = await EventsAsync("ingress/web/shop");
        Assert.Equal([1L, 2L], events.Select(e => e.SequenceNumber));
        var first = events[0];
        Assert.Equal(("ingress/web/shop", 7L, "route-added", 4), (first.PersistenceId, first.Epoch, first.Type, first.SchemaVersion));
        Assert.Equal(Noon.AddTicks(12_345_670), first.At);
        Assert.Equal(TimeSpan.Zero, first.At.Offset);
        Assert.Equal(payload, first.Payload.ToArray());
    }

    [ContractFact]
    public async Task An_entity_is_read_from_a_sequence_number_and_alone()
    {
        await AppendAsync("a", 1, 1, "a1", "a2", "a3");
        await AppendAsync("ab", 1, 1, "other");

        Assert.Equal(["a2", "a3"], await TextsAsync("a", 2));
        Assert.Empty(await TextsAsync("a", 4));
        Assert.Empty(await TextsAsync("unknown"));
    }

    [ContractFact]
    public async Task Batches_of_a_group_are_judged_each_alone_and_in_order()
    {
        await AppendAsync("fenced", 5, 1, "x");

        var results = await Journal.AppendAsync(
            [Batch("a", 1, 1, "a1"), Batch("fenced", 4, 2, "late"), Batch("a", 1, 2, "a2"), Batch("gap", 1, 2, "early"), Batch("b", 2, 1, "b1")], None);

        AssertSequence<AppendResult>(
            [
                new AppendResult.Appended(1), new AppendResult.Fenced(5), new AppendResult.Appended(2),
                new AppendResult.OutOfSequence(1), new AppendResult.Appended(1),
            ],
            results);
        Assert.Equal(["a1", "a2"], await TextsAsync("a"));
        Assert.Equal(["x"], await TextsAsync("fenced"));
        Assert.Empty(await TextsAsync("gap"));
        Assert.Equal(["b1"], await TextsAsync("b"));
    }

    [ContractFact]
    public async Task A_lower_epoch_is_refused_and_leaves_no_trace()
    {
        await AppendAsync("a", 3, 1, "a1");

        Assert.Equal(new AppendResult.Fenced(3), await AppendAsync("a", 2, 2, "late"));
        Assert.Equal(new AppendResult.Appended(2), await AppendAsync("a", 3, 2, "a2"));
        Assert.Equal(["a1", "a2"], await TextsAsync("a"));
    }

    [ContractFact]
    public async Task A_gap_is_refused_and_the_expected_number_named()
    {
        await AppendAsync("a", 1, 1, "a1");

        Assert.Equal(new AppendResult.OutOfSequence(2), await AppendAsync("a", 1, 3, "a3"));
        Assert.Equal(["a1"], await TextsAsync("a"));
    }

    [ContractFact]
    public async Task A_taken_number_is_refused_when_the_event_differs_in_anything()
    {
        await AppendAsync("a", 1, 1, "a1", "a2");

        Assert.Equal(new AppendResult.OutOfSequence(3), await AppendAsync("a", 1, 2, "other"));
        Assert.Equal(new AppendResult.OutOfSequence(3), await AppendAsync("a", 2, 2, "a2"));
        Assert.Equal(new AppendResult.OutOfSequence(3), await AppendAsync(new EventBatch("a", 1, 2, [Event("a2", Noon.AddSeconds(1))])));
        Assert.Equal(new AppendResult.OutOfSequence(3), await AppendAsync(new EventBatch("a", 1, 2, [Event("a2") with { Type = "t" }])));
        Assert.Equal(new AppendResult.OutOfSequence(3), await AppendAsync(new EventBatch("a", 1, 2, [Event("a2") with { SchemaVersion = 2 }])));
        Assert.Equal(["a1", "a2"], await TextsAsync("a"));
        Assert.Equal([1L, 1L], (await EventsAsync("a")).Select(e => e.Epoch));
    }

    [ContractFact]
    public async Task A_refused_writer_does_not_fence_the_one_before()
    {
        await AppendAsync("a", 1, 1, "a1");

        Assert.Equal(new AppendResult.OutOfSequence(2), await AppendAsync("a", 9, 5, "gap"));
        Assert.Equal(new AppendResult.Appended(2), await AppendAsync("a", 1, 2, "a2"));
    }

    [ContractFact]
    public async Task A_batch_sent_again_counts_as_appended_once_also_with_more_behind()
    {
        await AppendAsync("a", 1, 1, "a1", "a2");

        Assert.Equal(new AppendResult.Appended(2), await AppendAsync("a", 1, 1, "a1", "a2"));
        Assert.Equal(new AppendResult.Appended(2), await AppendAsync("a", 1, 1, "a1"));
        Assert.Equal(new AppendResult.Appended(3), await AppendAsync("a", 1, 2, "a2", "a3"));
        Assert.Equal(["a1", "a2", "a3"], await TextsAsync("a"));
    }

    [ContractFact]
    public async Task The_same_position_is_never_given_twice_and_all_events_come_in_its_order()
    {
        await AppendAsync("b", 1, 1, "1", "2");
        await AppendAsync("a", 1, 1, "3");
        await AppendAsync("b", 1, 3, "4");

        var first = await Journal.ReadAllAsync(0, 3, None);
        var second = await Journal.ReadAllAsync(first.Next, 3, None);
        var third = await Journal.ReadAllAsync(second.Next, 3, None);

        Assert.Equal(["1", "2", "3"], first.Events.Select(Text));
        Assert.Equal(["4"], second.Events.Select(Text));
        Assert.Equal((0, second.Next, false), (third.Events.Length, third.Next, third.WentBack));
    }

    [ContractFact]
    public async Task History_is_by_time_half_open_and_by_range_of_ids()
    {
        await Journal.AppendAsync(
            [
                new EventBatch("x/web/shop", 1, 1, [Event("1", Noon), Event("3", Noon.AddMinutes(2)), Event("5", Noon.AddMinutes(4))]),
                new EventBatch("x/web/shop2", 1, 1, [Event("2", Noon.AddMinutes(1)), Event("4", Noon.AddMinutes(3))]),
                new EventBatch("y/web/shop", 1, 1, [Event("other", Noon.AddMinutes(1))]),
            ],
            None);

        var between = new HistoryQuery(IdRange.WithPrefix("x/"), Noon.AddMinutes(1), Noon.AddMinutes(4));
        Assert.Equal(["2", "3", "4"], (await ListAsync(Journal.ReadHistoryAsync(between, None))).Select(Text));

        var one = new HistoryQuery(IdRange.Only("x/web/shop"), Noon, Noon.AddDays(1));
        Assert.Equal(["1", "3", "5"], (await ListAsync(Journal.ReadHistoryAsync(one, None))).Select(Text));

        var all = new HistoryQuery(IdRange.All, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        Assert.Equal(6, (await ListAsync(Journal.ReadHistoryAsync(all, None))).Length);
    }

    [ContractFact]
    public async Task More_events_than_one_chunk_are_read_in_full()
    {
        for (var group = 0; group < 3; group++)
        {
            var first = (group * 300) + 1;
            await AppendAsync("a", 1, first, [.. Enumerable.Range(first, 300).Select(n => n.ToString())]);
        }

        Assert.Equal(Enumerable.Range(1, 900).Select(n => n.ToString()), await TextsAsync("a"));
    }

    [ContractFact]
    public async Task Fencing_refuses_lower_epochs_in_the_range_from_then_on()
    {
        await AppendAsync("s1/a", 3, 1, "x");
        await AppendAsync("s1/b", 9, 1, "x");
        await AppendAsync("s2/a", 3, 1, "x");

        Assert.Equal(new FenceResult(1, 9), await Journal.FenceAsync(IdRange.WithPrefix("s1/"), 5, None));

        Assert.Equal(new AppendResult.Fenced(5), await AppendAsync("s1/a", 4, 2, "late"));
        Assert.Equal(new AppendResult.Appended(2), await AppendAsync("s1/a", 5, 2, "new owner"));
        Assert.Equal(new AppendResult.Fenced(9), await AppendAsync("s1/b", 5, 2, "late"));
        Assert.Equal(new AppendResult.Appended(2), await AppendAsync("s2/a", 3, 2, "not meant"));
        Assert.Equal(9, await Journal.ReadHighestEpochAsync(None));
    }

    [ContractFact]
    public async Task Nothing_written_has_epoch_zero()
    {
        Assert.Equal(0, await Journal.ReadHighestEpochAsync(None));
        Assert.Equal(new FenceResult(0, 4), await Journal.FenceAsync(IdRange.All, 4, None));
        Assert.Empty((await Journal.ReadAllAsync(0, 10, None)).Events);
    }

    [ContractFact]
    public async Task Input_that_breaks_the_rules_is_a_bug_of_the_caller()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync("with space", 1, 1, "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync("ü", 1, 1, "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync("a", 1, 0, "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync("a", -1, 1, "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync("a", 1, 1));
        await Assert.ThrowsAsync<ArgumentException>(() => SaveAsync("a", 1, -1, "x"));
    }
}
