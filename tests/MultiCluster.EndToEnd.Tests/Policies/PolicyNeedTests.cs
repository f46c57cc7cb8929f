using System.Collections.Concurrent;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Federation.Annotations;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>A case shows a key only if it fails without it.</summary>
[Collection(PolicyDefinition.Name)]
public sealed class PolicyNeedTests(PolicyWorlds worlds)
{
    /// <summary>Far above those of cases that are written.</summary>
    private const int FirstNumber = 1000;

    [Fact]
    public async Task Without_its_annotation_a_case_of_every_key_that_does_something_fails()
    {
        var binary = HAProxyBinaries.List.MaxBy(static binary => Version.Parse(binary.Version))!;
        var without = worlds.Cases
            .Where(item => item.Least is null || Version.Parse(binary.Version) >= item.Least)
            .SelectMany(static item => item.Keys.Where(IsFelt).Select(name => (Name: name, Case: item)))
            .Select(static (item, i) => (item.Name, Case: Without(item.Case, item.Name) with { Number = FirstNumber + i }))
            .ToList();
        var world = await worlds.StartAsync(binary, [.. without.Select(static item => item.Case)]);
        await using var _ = world.ConfigureAwait(true);
        var unneeded = new ConcurrentBag<string>();
        // Those that wait for what would have been cut short wait together.
        await Parallel.ForEachAsync(without.GroupBy(static item => item.Name, static item => item.Case, StringComparer.Ordinal), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, _) =>
        {
            foreach (var item in key)
            {
                await using var run = new PolicyRun(world, item);
                if ((await run.WrongAsync()).Count > 0)
                    return;
            }

            unneeded.Add(key.Key);
        });
        Assert.Empty(unneeded.Order(StringComparer.Ordinal));
    }

    private static bool IsFelt(string name) => AnnotationIndex.Find(name) is { Entry.Status: AnnotationStatus.Supported or AnnotationStatus.Differs } && !KeyLists.Unfelt.ContainsKey(name);

    private static PolicyCase Without(PolicyCase item, string name) => item with
    {
        // What is a path with the annotation may be none without it.
        Routes = item.More.Count > 0 || item.Routes != 1 || item.IsUnclassed ? 0 : 1,
        Annotations = [.. item.Annotations.Where(annotation => annotation.Name != name)],
        ServiceAnnotations = [.. item.ServiceAnnotations.Where(annotation => annotation.Name != name)],
    };
}
