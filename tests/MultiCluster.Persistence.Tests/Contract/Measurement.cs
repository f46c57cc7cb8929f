using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Leases;
using MultiCluster.Persistence.Snapshots;
using Xunit.Abstractions;

namespace MultiCluster.Persistence.Tests.Contract;

/// <summary>One at a time, and beside no other test.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasurementCollection
{
    public const string Name = "Measurement";
}

/// <summary>
/// The figures of the README, printed: <c>MULTICLUSTER_MEASURE=1 dotnet test tests/MultiCluster.Persistence.Tests -c Release --filter Measurement
/// --logger "console;verbosity=detailed"</c>. Without the variable it is a smoke test of a hundredth of the size.
/// </summary>
public abstract class Measurement(ITestOutputHelper output)
{
    private static readonly int Scale = Environment.GetEnvironmentVariable("MULTICLUSTER_MEASURE") is null ? 1 : 100;
    private static readonly byte[] Payload = Encoding.ASCII.GetBytes(new string('x', 200));
    private static readonly byte[] State = [.. Enumerable.Range(0, 4096).Select(n => (byte)(n * 31))];

    protected abstract Task<(IAsyncDisposable Holder, IDatabase Database)> OpenAsync();

    [ContractFact]
    public async Task Figures()
    {
        var (holder, database) = await OpenAsync();
        await using (holder)
        await using (database)
        {
            await database.PrepareAsync(CancellationToken.None);
            await AppendAsync(database, entities: 100, perEntity: 10, groups: Scale, first: 1);
            await AppendAsync(database, entities: 1, perEntity: 1, groups: 5 * Scale, first: 100_001);
            await RenewAsync(database.Leases, renewals: 10 * Scale);
            await SnapshotsAsync(database, 100 * Scale);
        }
    }

    private async Task AppendAsync(IDatabase database, int entities, int perEntity, int groups, long first)
    {
        ImmutableArray<EventData> events = [.. Enumerable.Repeat(new EventData(DateTimeOffset.UnixEpoch, "route-added", 1, Payload), perEntity)];
        var started = Stopwatch.GetTimestamp();
        for (var group = 0; group < groups; group++)
        {
            var number = group;
            var batches = Enumerable.Range(0, entities).Select(n => new EventBatch($"{first}/e{n}", 1, (number * perEntity) + 1, events)).ToList();
            Assert.All(await database.Journal.AppendAsync(batches, CancellationToken.None), result => Assert.IsType<AppendResult.Appended>(result));
        }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine($"append: groups of {entities * perEntity} events from {entities} entities: {groups * entities * perEntity / seconds:0} events/s, {groups / seconds:0} commits/s");
    }

    private async Task RenewAsync(ILeaseStore leases, int renewals)
    {
        string? version = null;
        var times = new List<double>();
        for (var i = 0; i < renewals; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var written = (LeaseWriteResult.Written)(await leases.WriteAsync([new LeaseWrite("node-1", $"{i}", version)], CancellationToken.None))[0];
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            version = written.Version;
        }
        times.Sort();
        output.WriteLine($"lease renewal: p50 {times[times.Count / 2]:0.00} ms, p99 {times[times.Count * 99 / 100]:0.00} ms of {renewals}");
    }

    private async Task SnapshotsAsync(IDatabase database, int count)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var group in Enumerable.Range(0, count).Chunk(250))
        {
            await database.Snapshots.SaveAsync(
                [.. group.Select(n => new SnapshotWrite($"snapshots/{n:000000}", 1, 0, new SnapshotBody("state", 1, State)))], CancellationToken.None);
        }
        output.WriteLine($"snapshots of 4 KiB saved: {count} in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");

        started = Stopwatch.GetTimestamp();
        var loaded = 0;
        await foreach (var point in database.Snapshots.LoadAllAsync(IdRange.WithPrefix("snapshots/"), CancellationToken.None))
        {
            Assert.NotNull(point.Snapshot);
            loaded++;
        }
        Assert.Equal(count, loaded);
        output.WriteLine($"snapshots of 4 KiB loaded: {count} in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
    }
}
