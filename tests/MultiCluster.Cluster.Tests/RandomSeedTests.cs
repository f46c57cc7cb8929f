using System.Collections.Concurrent;
using System.Globalization;
using MultiCluster.Cluster.Tests.Simulation;
using Xunit.Abstractions;

namespace MultiCluster.Cluster.Tests;

/// <summary>
/// Random troubles. CLUSTER_SEEDS says how many seeds, CLUSTER_FIRST_SEED with which to begin: one that failed can be run alone.
/// CLUSTER_PLANTED plants a bug of <see cref="Faults"/>, to see what a seed that found it went through.
/// </summary>
[Collection(nameof(WholeMachine))]
public sealed class RandomSeedTests(ITestOutputHelper output)
{
    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    [Fact]
    public void No_seed_breaks_an_invariant()
    {
        var first = Number("CLUSTER_FIRST_SEED", 1);
        var count = Number("CLUSTER_SEEDS", 1000);
        var began = TimeProvider.System.GetTimestamp();
        var faults = PlantedBugTests.Planted(Environment.GetEnvironmentVariable("CLUSTER_PLANTED"));
        var failures = new ConcurrentQueue<SimulationException>();
        var events = 0L;
        var letters = 0L;
        var arrived = 0L;
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            try
            {
                var result = SimRun.Random(seed, faults);
                Interlocked.Add(ref events, result.Events);
                Interlocked.Add(ref letters, result.Letters);
                Interlocked.Add(ref arrived, result.Arrived);
            }
            catch (SimulationException e)
            {
                failures.Enqueue(e);
                if (failures.Count >= 5)
                    loop.Stop();
            }
        });
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} seeds in {seconds:f1} s, {count / seconds:f1} per second; {events} events; {arrived} of {letters} letters arrived"));
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures.OrderBy(static f => f.Seed).Select(static f => f.Message)));
    }

    [Fact]
    public void The_same_seed_runs_the_same_way()
    {
        var once = SimRun.Trace(7);
        var again = SimRun.Trace(7);
        Assert.NotEmpty(once.Trace);
        Assert.Equal(once.Trace, again.Trace);
    }
}
