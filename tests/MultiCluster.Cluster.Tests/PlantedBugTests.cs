using System.Collections.Concurrent;
using System.Globalization;
using MultiCluster.Cluster.Tests.Simulation;
using Xunit.Abstractions;

namespace MultiCluster.Cluster.Tests;

/// <summary>The simulation proves its worth: each bug is found by some random seed.</summary>
[Collection(nameof(WholeMachine))]
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const int MostSeeds = 1000;

    /// <summary>Each with the seed that found it when this was last looked at: tried first, so that a run takes seconds. If it passes by now, all are tried.</summary>
    public static TheoryData<string, int> Bugs => new()
    {
        { nameof(Faults.NoFencing), 11 },
        { nameof(Faults.DropHandOffBuffer), 2 },
        { nameof(Faults.NoTombstones), 2 },
        { nameof(Faults.ResurrectingAntiEntropy), 11 },
        { nameof(Faults.TtlFromRecordTime), 1 },
        { nameof(Faults.TakeoverFromJournalOnly), 3 },
        { nameof(Faults.PublishBeforeComplete), 283 },
        { nameof(Faults.AckBeforePublish), 1 },
        { nameof(Faults.IgnoreOwnDeath), 1 },
        { nameof(Faults.EpochFromStoreOnly), 8 },
        { nameof(Faults.UnboundedRebalance), 2 },
        { nameof(Faults.CountUnreadableTime), 27 },
        { nameof(Faults.AbsenceIsDeletion), 3 },
        { nameof(Faults.HandOffWithoutTimers), 519 },
        { nameof(Faults.NoDuplicateFilter), 8 },
        { nameof(Faults.ReadyAtOnce), 1 },
        { nameof(Faults.NoResendAfterOwnerChange), 4 },
        { nameof(Faults.CollectTombstonesByAge), 253 },
        { nameof(Faults.RemovalToldOnce), 287 },
    };

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_planted_bug_is_found(string bug, int lately)
    {
        var faults = Planted(bug);
        var found = Try(lately, faults) ?? Search(faults);
        Assert.True(found is not null, $"{bug}: {MostSeeds} seeds did not find it");
        // Without the bug the same seed passes, so it is the bug that was found.
        SimRun.Random(found.Seed);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bug}: seed {found.Seed}: {found.InnerException!.Message}"));
    }

    [Fact]
    public void No_bug_is_left_out() =>
        Assert.Equal(typeof(Faults).GetProperties().Select(static bug => bug.Name).Order(StringComparer.Ordinal), Bugs.Select(static row => (string)row[0]).Order(StringComparer.Ordinal));

    private static SimulationException? Search(Faults faults) =>
        Partitioner.Create(Enumerable.Range(1, MostSeeds), EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(seed => Try(seed, faults)).FirstOrDefault(static failure => failure is not null);

    internal static Faults Planted(string? bug)
    {
        var faults = new Faults();
        if (!string.IsNullOrEmpty(bug))
            typeof(Faults).GetProperty(bug)!.SetValue(faults, value: true);
        return faults;
    }

    private static SimulationException? Try(int seed, Faults faults)
    {
        try
        {
            SimRun.Random(seed, faults);
            return null;
        }
        catch (SimulationException e) when (e.InnerException is InvariantException)
        {
            return e;
        }
    }
}
