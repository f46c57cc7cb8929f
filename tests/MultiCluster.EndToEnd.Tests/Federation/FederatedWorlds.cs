using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>
/// Four members for all tests of the collection, a product for each HAProxy version that is asked for: aws, the home cluster, is in the
/// proxy's zone, az in its region, gcp elsewhere, and of lab nobody has said where it is. Real API servers take the place of ours when
/// there are as many.
/// </summary>
public sealed class FederatedWorlds : IAsyncLifetime
{
    /// <summary>Enough for the largest test and those that were taken before it.</summary>
    private const int Pods = 500;

    private static readonly (string Name, string Settings)[] Members =
    [
        ("aws", "home = true, region = eu-west-1, zone = eu-west-1a, labels { tier = gold }"),
        ("az", "region = eu-west-1, zone = eu-west-1b, labels { tier = gold }"),
        ("gcp", "region = europe-west4, zone = europe-west4-a, labels { tier = silver }"),
        ("lab", ""),
    ];

    // Tests of a collection run one at a time.
    private readonly Dictionary<HAProxyBinary, FederatedWorld> _worlds = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var world in _worlds.Values)
            await world.DisposeAsync();
    }

    internal IReadOnlyCollection<FederatedWorld> Started => _worlds.Values;

    internal async Task<FederatedWorld> GetAsync(HAProxyBinary binary)
    {
        if (!_worlds.TryGetValue(binary, out var world))
            _worlds[binary] = world = await StartAsync(binary);
        return world;
    }

    private static async Task<FederatedWorld> StartAsync(HAProxyBinary binary)
    {
        var real = RealCluster.KubeConfigs;
        var members = new List<FederatedMember>();
        for (var i = 0; i < Members.Length; i++)
        {
            var (name, settings) = Members[i];
            members.Add(real.Count >= Members.Length
                ? new FederatedMember(name, RealCluster.Connect(real[i]), settings)
                : await FederatedMember.StartAsync(name, settings));
        }

        return await FederatedWorld.StartAsync(binary, members, pods: Pods);
    }
}

[CollectionDefinition(Name)]
public sealed class FederatedDefinition : ICollectionFixture<FederatedWorlds>
{
    public const string Name = "federated worlds";
}

/// <summary>A test on the shared members: it leaves nothing behind, and has not disturbed HAProxy.</summary>
[Collection(FederatedDefinition.Name)]
public abstract class FederatedTest(FederatedWorlds worlds) : IAsyncLifetime
{
    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var world in worlds.Started)
        {
            await world.ClearAsync();
            await world.AssertUndisturbedAsync();
        }
    }

    internal Task<FederatedWorld> WorldAsync(HAProxyBinary? binary = null) => worlds.GetAsync(binary ?? HAProxyBinaries.Default);
}
