using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Policies;
using HAProxyBinary = MultiCluster.TestKit.HAProxyVersions.HAProxyBinary;

namespace MultiCluster.HAProxy.Runtime.Tests.Policies;

/// <summary>With an expression that HAProxy refuses it would not start: whatever is taken here, HAProxy must take.</summary>
[Collection(nameof(PolicyWorlds))]
public sealed class PatternTests(PolicyWorlds worlds)
{
    private const int Count = 20_000;

    private static readonly string[] Parts =
    [
        "a", "b", "/", ".", "-", "]", "}", ",", ":", "=", "!", "&", "%", "1", "x", "i", "^", "$", "|", "(", "(", ")", ")", "(?:", "(?i:", "(?i)", "(?=", "(?!", "[", "[^", "]", "[:alpha:]",
        "*", "+", "?", "*?", "++", "{2}", "{1,}", "{0,3}", "{,2}", "{900}", @"\d", @"\W", @"\b", @"\.", @"\-", @"\]", @"\x2f", @"\xff", @"\n", "a-z", "9-0", @"\s-", "\\", "{",
    ];

    [Theory, MemberData(nameof(PolicyWorlds.All), MemberType = typeof(PolicyWorlds))]
    public async Task An_expression_that_is_taken_is_taken_by_HAProxy(HAProxyBinary binary, bool atRunTime)
    {
        if (!atRunTime)
            return;
        var world = await worlds.OfAsync(binary, atRunTime);
        var random = new Random(1);
        var commands = new Commands(world.Paths);
        var all = new List<RuntimeCommand>();
        var policies = Enumerable.Range(0, Count)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Parts[random.Next(Parts.Length)])))
            .Select(static pattern => PolicyData.Of(new RoutePolicy { Rewrites = [new(pattern, "/"), new($"b{pattern}", "/")], Cors = new(false, [], [pattern], "", "", "", false, 1) }))
            .Where(static policy => policy.Refused.Count == 0)
            .ToList();
        Assert.InRange(policies.Count, Count / 50, Count);
        foreach (var (key, value) in policies.SelectMany(static policy => policy.Entries).Where(static entry => Data.RouteMaps.IsPatterns(entry.Key.Map)))
        {
            all.Add(commands.AddMap(key, value)!);
            all.Add(commands.DeleteMap(key)!);
        }

        await using var client = await world.ConnectAsync();
        var replies = await client.ExecuteAsync(all, CancellationToken.None);
        Assert.All(replies.Zip(all), static pair => Assert.True(pair.First.Trim().Length == 0, $"{pair.Second.Line}: {pair.First}"));
    }
}
