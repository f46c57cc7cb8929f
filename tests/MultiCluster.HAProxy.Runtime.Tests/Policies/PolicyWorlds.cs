using MultiCluster.TestKit.HAProxyVersions;
using HAProxyBinary = MultiCluster.TestKit.HAProxyVersions.HAProxyBinary;

namespace MultiCluster.HAProxy.Runtime.Tests.Policies;

/// <summary>One HAProxy for each version and way that policies come into it, started when first asked for.</summary>
public sealed class PolicyWorlds : IAsyncLifetime
{
    private readonly Dictionary<(HAProxyBinary, bool), PolicyWorld> _worlds = [];

    public static IEnumerable<object[]> All => HAProxyBinaries.List.SelectMany(static binary => new object[][] { [binary, false], [binary, true] });

    public static IEnumerable<object[]> AllPolicies => All.SelectMany(static world => PolicyTable.Rows.Keys.Select(policy => (object[])[.. world, policy]));

    /// <summary>Tests of a collection run one after the other.</summary>
    internal async Task<PolicyWorld> OfAsync(HAProxyBinary binary, bool atRunTime)
    {
        if (!_worlds.TryGetValue((binary, atRunTime), out var world))
            _worlds.Add((binary, atRunTime), world = await PolicyWorld.StartAsync(binary, atRunTime, PolicyTable.Policies));
        return world;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var world in _worlds.Values)
            await world.DisposeAsync();
    }
}

[CollectionDefinition(nameof(PolicyWorlds))]
public sealed class PolicyWorldsDefinition : ICollectionFixture<PolicyWorlds>;
