using MultiCluster.Persistence.Journal;

namespace MultiCluster.Persistence.Tests.Contract;

public abstract class ConcurrencyContract : DatabaseContract
{
    [ContractFact]
    public async Task Two_processes_that_fence_each_other_again_and_again_never_corrupt()
    {
        string[] ids = ["a", "b", "c", "d", "e"];
        var acknowledged = await Task.WhenAll(
            Task.Run(() => WriteAsync(writer: 0, ids, rounds: 40)),
            Task.Run(() => WriteAsync(writer: 1, [.. ids.Reverse()], rounds: 40))).WaitAsync(Deadline);

        foreach (var id in ids)
        {
            var events = await EventsAsync(id);
            Assert.Equal(Enumerable.Range(1, 80).Select(n => (long)n), events.Select(e => e.SequenceNumber));
            Assert.Equal(events.Select(e => e.Epoch).Order(), events.Select(e => e.Epoch));
            Assert.Equal(events[^1].Epoch, (await Snapshots.LoadAsync(id, None))!.Epoch);
            // Each writer's own events, in its own order: none lost that was acknowledged, none twice, none that was refused.
            for (var writer = 0; writer < 2; writer++)
                Assert.Equal(acknowledged[writer][id], events.Where(e => e.Epoch % 2 == writer).Select(Text));
        }
    }

    [ContractFact]
    public async Task A_reader_in_global_order_misses_no_event_of_concurrent_writers()
    {
        const int Writers = 4;
        const int Batches = 40;
        using var done = new CancellationTokenSource();
        var seen = new List<JournalEvent>();
        var reader = Task.Run(async () =>
        {
            for (long after = 0; ;)
            {
                var last = done.IsCancellationRequested;
                var page = await Journal.ReadAllAsync(after, 7, None);
                seen.AddRange(page.Events);
                after = page.Next;
                if (last && page.Events.IsEmpty)
                    return;
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            await using var process = Site.Open();
            for (var n = 1; n <= Batches; n++)
                Assert.IsType<AppendResult.Appended>(await AppendAsync(Batch($"w{writer}", 1, (2 * n) - 1, $"{writer}", $"{writer}"), process));
        }))).WaitAsync(Deadline);
        await done.CancelAsync();
        await reader.WaitAsync(Deadline);

        Assert.Equal(Writers * Batches * 2, seen.Count);
        Assert.Equal(seen.Select(e => e.Position).Distinct().Order(), seen.Select(e => e.Position));
        foreach (var entity in seen.GroupBy(e => e.PersistenceId))
            Assert.Equal(Enumerable.Range(1, Batches * 2).Select(n => (long)n), entity.Select(e => e.SequenceNumber));
    }

    [ContractFact]
    public async Task Processes_that_start_at_once_migrate_once()
    {
        var processes = Enumerable.Range(0, 6).Select(_ => Site.Open()).ToList();

        var versions = await Task.WhenAll(processes.Select(process => Task.Run(() => process.PrepareAsync(None).AsTask()))).WaitAsync(Deadline);

        var version = Assert.Single(versions.Distinct());
        Assert.Equal(version, await Site.CountAsync("SELECT count(*) FROM schema_migration"));
        foreach (var process in processes)
        {
            Assert.Equal(new AppendResult.Appended(1), await AppendAsync(Batch($"p{processes.IndexOf(process)}", 1, 1, "x"), process));
            await process.DisposeAsync();
        }
    }

    [ContractFact]
    public async Task A_group_of_several_entities_in_any_order_never_blocks_another_for_good()
    {
        string[] ids = [.. Enumerable.Range(0, 20).Select(n => $"e{n:00}")];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            await using var process = Site.Open();
            var random = new Random(writer);
            for (var round = 0; round < 10; round++)
            {
                random.Shuffle(ids = [.. ids]);
                await process.Journal.AppendAsync([.. ids.Select(id => Batch(id, 1, 1, "same"))], None);
            }
        }))).WaitAsync(Deadline);

        foreach (var id in ids)
            Assert.Equal(["same"], await TextsAsync(id));
    }

    /// <summary>
    /// Writes so often to each entity, taking up the number that the journal names, and when fenced an epoch above: writer 0 the even ones, 1 the odd.
    /// </summary>
    private async Task<Dictionary<string, List<string>>> WriteAsync(int writer, string[] ids, int rounds)
    {
        await using var process = Site.Open();
        var next = ids.ToDictionary(id => id, _ => 1L);
        var epochs = ids.ToDictionary(id => id, _ => 2L + writer);
        var acknowledged = ids.ToDictionary(id => id, _ => new List<string>());
        for (var attempt = 0; ; attempt++)
        {
            var group = ids.Where(id => acknowledged[id].Count < rounds).Select(id => Batch(id, epochs[id], next[id], $"{writer}-{attempt}")).ToList();
            if (group.Count == 0)
                return acknowledged;
            var results = await process.Journal.AppendAsync(group, None);
            foreach (var (batch, result) in group.Zip(results))
            {
                var id = batch.PersistenceId;
                switch (result)
                {
                    case AppendResult.Appended appended:
                        acknowledged[id].Add($"{writer}-{attempt}");
                        next[id] = appended.LastSequenceNumber + 1;
                        break;
                    case AppendResult.OutOfSequence refused:
                        next[id] = refused.ExpectedSequenceNumber;
                        break;
                    case AppendResult.Fenced fenced:
                        Assert.True(fenced.HighestEpoch > batch.Epoch);
                        epochs[id] = fenced.HighestEpoch + 1;
                        break;
                }
            }
        }
    }
}
