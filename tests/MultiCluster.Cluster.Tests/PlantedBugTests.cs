using System.Globalization;
using MultiCluster.Cluster.Tests.Simulation;
using Xunit.Abstractions;

namespace MultiCluster.Cluster.Tests;

/// <summary>The simulation proves its worth: each bug is found by some random seed.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const int MostSeeds = 1000;

    public static TheoryData<string> Bugs =>
    [
        nameof(Faults.NoFencing),
        nameof(Faults.DropHandOffBuffer),
        nameof(Faults.NoTombstones),
        nameof(Faults.ResurrectingAntiEntropy),
        nameof(Faults.TtlFromRecordTime),
        nameof(Faults.TtlFromAnswer),
        nameof(Faults.TakeoverFromJournalOnly),
        nameof(Faults.PublishBeforeComplete),
        nameof(Faults.AckBeforePublish),
        nameof(Faults.IgnoreOwnDeath),
        nameof(Faults.EpochFromStoreOnly),
        nameof(Faults.UnboundedRebalance),
        nameof(Faults.CountUnreadableTime),
        nameof(Faults.AbsenceIsDeletion),
        nameof(Faults.HandOffWithoutTimers),
        nameof(Faults.NoDuplicateFilter),
        nameof(Faults.ReadyAtOnce),
        nameof(Faults.NoResendAfterOwnerChange),
        nameof(Faults.IgnoreOwnershipVersion),
        nameof(Faults.CollectTombstonesByAge),
    ];

    [Theory(Skip = "Its seeds meet a real fault: seed 18 loses an object for one node; nothing runs on this core yet. See issue 3.")]
    [MemberData(nameof(Bugs))]
    public void A_planted_bug_is_found(string bug)
    {
        var faults = Planted(bug);
        var found = Enumerable.Range(1, MostSeeds).AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(seed => Try(seed, faults)).FirstOrDefault(static failure => failure is not null);
        Assert.True(found is not null, $"{bug}: {MostSeeds} seeds did not find it");
        // Without the bug the same seed passes, so it is the bug that was found.
        SimRun.Random(found.Seed);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bug}: seed {found.Seed}: {found.InnerException!.Message}"));
    }

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
