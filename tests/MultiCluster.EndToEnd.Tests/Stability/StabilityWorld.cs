using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>Two members whose API servers fail on command, for all tests of a class, each of which mends what it has broken.</summary>
public sealed class StabilityWorld : IAsyncLifetime
{
    internal FederatedWorld World { get; private set; } = null!;

    public async Task InitializeAsync() => World = await StartAsync();

    public async Task DisposeAsync() => await World.DisposeAsync();

    internal static async Task<FederatedWorld> StartAsync()
    {
        // Bookmarks tell of an etcd that was set back; API servers send them each minute.
        var options = new FakeClusterOptions { BookmarkInterval = TimeSpan.FromSeconds(1) };
        return await FederatedWorld.StartAsync(
            HAProxyBinaries.Default,
            [await FederatedMember.StartAsync("aws", "home = true", options), await FederatedMember.StartAsync("gcp", options: options)],
            pods: 200);
    }
}

/// <summary>A test with both members: it leaves nothing behind, and has not disturbed HAProxy.</summary>
public abstract class StabilityTest(StabilityWorld stability) : IAsyncLifetime
{
    private protected FederatedWorld World => stability.World;

    private protected FederatedMember Aws => World["aws"];

    private protected FederatedMember Gcp => World["gcp"];

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var member in World.Members)
            member.Cluster.Faults.Clear();
        await World.ClearAsync();
        await World.AssertUndisturbedAsync();
    }

    /// <summary>A Service with a route in both members; returns when both answer.</summary>
    private protected async Task AddShopAsync(string ns, int podsPerMember = 2)
    {
        await World.AddServiceAsync(ns, "web", ("aws", podsPerMember), ("gcp", podsPerMember));
        await World.ApplyToAllAsync(FederatedYaml.Ingress(ns, "web", $"{ns}.test", "web"));
        await World.UntilMembersAsync($"http://{ns}.test/", "aws", "gcp");
    }

    /// <summary>Until what is read of the member comes through again: a pod that was not there before answers.</summary>
    private protected async Task UntilFollowedAsync(string ns, FederatedMember member)
    {
        var fresh = World.Pods.New(member.Name, ns, "web");
        await member.ApplyAsync(Yaml.Slice(ns, "web", World.Pods.Port, [fresh], suffix: $"fresh-{fresh.Name}"));
        await World.Product.UntilAsync($"http://{ns}.test/", answer => answer.Echo?.Pod == fresh.Name, $"the new pod {fresh.Name}");
    }
}
