using System.Globalization;
using MultiCluster.Persistence.Writing;

namespace MultiCluster.Persistence.Tests.Writing;

/// <summary>
/// Entities that count: an event adds one, a snapshot tells the count. Whatever fails and whatever is dropped, what is recovered at the end is what
/// the entity counted, and every event in the history is there once, in order.
/// </summary>
public sealed class WriteBehindRandomTests
{
    [Fact]
    public async Task Any_sequence_of_writes_and_faults_recovers_to_the_true_state()
    {
        var dropped = 0L;
        for (var seed = 0; seed < 300; seed++)
            dropped += await RunAsync(seed);
        Assert.True(dropped > 1000, $"The bounds were hardly met: {dropped} events dropped.");
    }

    private static async Task<long> RunAsync(int seed)
    {
        var random = new Random(seed);
        await using var rig = new WriteBehindRig(
            new WriteBehindOptions { MaxEventsPerEntity = 6, MaxEvents = 15, GroupEvents = 1 + random.Next(8), GroupSnapshots = 1 + random.Next(3) }, seed);
        var faults = random.Next(4) * 0.25;
        var coin = new Random(seed + 1_000_000);
        Task Fault() => coin.NextDouble() < faults ? ScriptedStore.Fail() : Task.CompletedTask;
        (rig.Store.BeforeAppend, rig.Store.AfterAppend, rig.Store.BeforeSave, rig.Store.AfterSave) = (_ => Fault(), Fault, _ => Fault(), Fault);

        var counts = new long[3];
        for (var step = 0; step < 120; step++)
        {
            var entity = random.Next(counts.Length);
            switch (random.Next(10))
            {
                case < 6:
                    var number = ++counts[entity];
                    // An entity that is asked for a snapshot gives one at once, or at its leisure.
                    if (rig.Append($"e{entity}", 1, number, Text(number)) == EnqueueResult.SnapshotNeeded && random.Next(2) == 0)
                        Save(entity);
                    break;
                case < 8:
                    Save(entity);
                    break;
                default:
                    rig.Time.Advance(TimeSpan.FromMilliseconds(random.Next(2000)));
                    await Task.Yield();
                    break;
            }
        }
        faults = 0;
        for (var entity = 0; entity < counts.Length; entity++)
            Save(entity);
        await rig.FlushAsync();
        await rig.FlushAsync();

        for (var entity = 0; entity < counts.Length; entity++)
        {
            Assert.True($"{Text(counts[entity])}@{counts[entity]}|" == await rig.StoredAsync($"e{entity}"), $"Seed {seed}: e{entity} has {await rig.StoredAsync($"e{entity}")}, counted {counts[entity]}");
            var history = await rig.HistoryAsync($"e{entity}");
            var numbers = history.Length == 0 ? [] : history.Split(',').Select(long.Parse).ToList();
            Assert.True(numbers.SequenceEqual(numbers.Distinct().Order()), $"Seed {seed}: history {history}");
        }
        var state = rig.Writer.State;
        Assert.True(state is { QueuedEvents: 0, QueuedSnapshots: 0, AwaitingSnapshot: 0 }, $"Seed {seed}: {state}");
        // Nothing is lost uncounted.
        Assert.Equal(counts.Sum(), state.WrittenEvents + state.DroppedEvents);
        return state.DroppedEvents;

        void Save(int entity)
        {
            var count = counts[entity];
            Assert.Equal(EnqueueResult.Queued, rig.Save($"e{entity}", 1, count, Text(count)));
        }

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
