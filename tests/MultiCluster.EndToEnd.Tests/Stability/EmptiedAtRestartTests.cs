using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Resources;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>
/// XT-44 (P2, P3) across a restart: the etcd was restored from its first day while nobody watched, so that the first lists a controller
/// reads are complete, and empty. What was there before it knows from its database.
/// </summary>
public sealed class EmptiedAtRestartTests
{
    private const int Shops = 8;

    [Fact]
    public async Task XT_44_emptied_while_the_controller_was_away_all_stays_until_an_operator_approves()
    {
        await using var world = await StartAsync();
        var (mortals, _) = await AddAsync(world);
        await using var load = Load.Start(world.Product.Setting.Http, world.Product.Setting.Https, new LoadOptions([new Target(Url(0), "web"), new Target(Url(7), "web")], Clients: 2));
        await using var same = await SameServers.WatchAsync(world);

        await RestartAsync(world, static gcp => gcp.Cluster.RestoreEmpty());

        var held = await world.Product.UntilMemberAsync("gcp", static view => view is { Stale: true, Held.Count: >= 3 }, "hold of routes, services and endpoints");
        Assert.Contains(held.Held, static text => text.EndsWith("routes of kind Ingress that the first list lacks", StringComparison.Ordinal));
        Assert.Contains(held.Conditions, static condition => condition is { Type: "Stale", Status: true, Reason: "MassShrink" });
        await AssertAllServedAsync(world);
        await same.AssertSameAsync();

        // The other member is followed meanwhile; what is new in this one is served; and a dead pod gets nothing, whatever is held.
        var fresh = world.Pods.New("aws", "xt44r-0", "web");
        await world["aws"].ApplyAsync(Yaml.Slice("xt44r-0", "web", world.Pods.Port, [fresh], suffix: "fresh"));
        await world.Product.UntilAsync(Url(0), answer => answer.Echo?.Pod == fresh.Name, $"the new pod {fresh.Name}");
        await world.AddServiceAsync("xt44r-new", "web", ("gcp", 1));
        await world["gcp"].ApplyAsync(Yaml.Join(Yaml.IngressClass(Yaml.Class), FederatedYaml.Ingress("xt44r-new", "web", "shop-new.xt44r.test", "web")));
        await world.UntilMembersAsync("http://shop-new.xt44r.test/", "gcp");
        await mortals[0].KillAsync();
        await Await.TrueAsync(
            async () => !(await world.ServersAsync()).Any(server => server.EndsWith($" {mortals[0].Pod.Address}:{world.Pods.Port}", StringComparison.Ordinal)), "the dead pod's server down");
        await AssertAllServedAsync(world);

        // Another restart asks again, and is told the same.
        await RestartAsync(world, static _ => { });
        await world.Product.UntilMemberAsync("gcp", static view => view is { Stale: true, Held.Count: >= 3 }, "hold after another restart");
        await AssertAllServedAsync(world);
        await load.AssertNoneFailedAsync();

        var approved = await world.Product.McctlAsync("member", "approve", "gcp", "--yes");
        Assert.Contains("Ingress", approved.Output, StringComparison.Ordinal);
        for (var i = 1; i < Shops; i++)
            await world.Product.UntilStatusAsync(Url(i), 404);
        await world.UntilMembersAsync(Url(0), "aws");
        await world.UntilMembersAsync("http://shop-new.xt44r.test/", "gcp");
        await world.Product.UntilMemberAsync("gcp", static view => view is { Stale: false, Held.Count: 0 }, "nothing held");
        await AssertNoReloadAsync(world);
    }

    [Fact]
    public async Task XT_44_a_list_that_has_all_again_ends_the_hold_by_itself()
    {
        await using var world = await StartAsync();
        var (_, manifests) = await AddAsync(world);
        await using var same = await SameServers.WatchAsync(world);
        await RestartAsync(world, static gcp => gcp.Cluster.RestoreEmpty());
        await world.Product.UntilMemberAsync("gcp", static view => view.Held.Count >= 3, "hold of routes, services and endpoints");
        await world["gcp"].ApplyAsync(Yaml.Join([Yaml.IngressClass(Yaml.Class), .. manifests]));
        await world.Product.UntilMemberAsync("gcp", static view => view is { Stale: false, Held.Count: 0 }, "nothing held");
        await same.AssertSameAsync();
        await AssertAllServedAsync(world);
        await AssertNoReloadAsync(world);
    }

    private static string Url(int shop) => $"http://shop-{shop}.xt44r.test/";

    /// <summary>Its database is SQLite.</summary>
    private static async Task<FederatedWorld> StartAsync()
    {
        var world = await StabilityWorld.StartAsync();
        Assert.True(File.Exists(world.Product.Setting.Database), "the product keeps no database");
        return world;
    }

    /// <returns>Pods of the second shop, and all that gcp has besides its class and those pods' slice.</returns>
    private static async Task<(IReadOnlyList<PodGate> Mortals, IReadOnlyList<string> Manifests)> AddAsync(FederatedWorld world)
    {
        var mortals = await world.AddMortalsAsync("gcp", "xt44r-1", "web", 2);
        var manifests = new List<string>();
        for (var i = 0; i < Shops; i++)
        {
            var pods = i == 1 ? [.. mortals.Select(static gate => gate.Pod)] : world.Pods.New(2, "gcp", $"xt44r-{i}", "web");
            manifests.Add(Yaml.Join(
                Yaml.Service($"xt44r-{i}", "web"),
                Yaml.Slice($"xt44r-{i}", "web", world.Pods.Port, pods),
                FederatedYaml.Ingress($"xt44r-{i}", "web", $"shop-{i}.xt44r.test", "web")));
        }

        await world["gcp"].ApplyAsync(Yaml.Join(manifests));
        await world.AddServiceAsync("xt44r-0", "web", ("aws", 1));
        await world["aws"].ApplyAsync(FederatedYaml.Ingress("xt44r-0", "web", "shop-0.xt44r.test", "web"));
        await AssertAllServedAsync(world);
        await Await.TrueAsync(async () => (await world.ServersAsync()).Count == (Shops * 2) + 1, "a server for each pod");
        // It is counted now and then only, and need not be exact.
        foreach (var kind in new[] { ResourceKind.Ingress, ResourceKind.Service, ResourceKind.EndpointSlice })
            await Await.TrueAsync(async () => await world.Product.RememberedAsync("gcp", kind) > Shops / 2, $"an entity that remembers gcp's objects of kind {kind}");
        return (mortals, manifests);
    }

    private static async Task AssertAllServedAsync(FederatedWorld world)
    {
        await world.UntilMembersAsync(Url(0), "aws", "gcp");
        for (var i = 1; i < Shops; i++)
            await world.UntilMembersAsync(Url(i), "gcp");
    }

    private static async Task RestartAsync(FederatedWorld world, Action<FederatedMember> meanwhile)
    {
        await world.Product.StopControllerAsync();
        meanwhile(world["gcp"]);
        await world.Product.StartControllerAsync(untilServing: false);
        await world.Product.UntilReadyAsync();
    }

    private static async Task AssertNoReloadAsync(FederatedWorld world)
    {
        var proxy = await world.Product.ProxyAsync();
        Assert.Equal((0, 0, 0), (proxy.MasterReloads, proxy.ReloadsByReason.Count, proxy.FailedReloadsByReason.Count));
    }
}
