using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>
/// XT-45 and XT-46 (P3): the program starts while members, and even its database, are away. A new proxy under controllers that start
/// without any member is shown in Cluster/DatabaseOutageTests.
/// </summary>
public sealed class RestartWithoutMembersTests
{
    private const string Url = "http://shop.test/";

    [Fact]
    public async Task XT_45_restarted_without_one_member_its_servers_are_there_all_the_time()
    {
        await using var world = await StartAsync();
        await using var same = await SameServers.WatchAsync(world);
        await using var load = Load.Start(world.Product.Setting, Url, "web", clients: 1);
        await world.Product.StopControllerAsync();
        await world["gcp"].Cluster.PauseAsync();

        await world.Product.StartControllerAsync(untilServing: false);
        await world.Product.UntilReadyAsync();

        Assert.True((await world.Product.ProxyAsync()).Adopted);
        await UntilBehindAsync(world, "gcp");
        await world.UntilMembersAsync(Url, "aws", "gcp");
        await same.AssertSameAsync();
        // aws is followed meanwhile.
        await UntilFollowedAsync(world, "aws");
        await world["gcp"].Cluster.ResumeAsync();
        await UntilFollowedAsync(world, "gcp");
        await load.AssertNoneFailedAsync();
        await world.AssertUndisturbedAsync();
    }

    /// <summary>A cloud is away, and the controller starts anew somewhere else: just then operators steer.</summary>
    [Fact]
    public async Task XT_45_restarted_without_one_member_it_can_be_drained_and_policies_are_followed()
    {
        await using var world = await StartAsync();
        await SplitAsync(50, 50);
        await world.UntilSharesAsync(Url, ("aws", 50), ("gcp", 50));
        await using var load = Load.Start(world.Product.Setting, Url, "web", clients: 1);
        await world.Product.StopControllerAsync();
        await world["gcp"].Cluster.PauseAsync();
        await world.Product.StartControllerAsync(untilServing: false);
        await world.Product.UntilReadyAsync();
        await UntilBehindAsync(world, "gcp");

        await world.Product.McctlAsync("member", "drain", "gcp", "--no-wait");
        await world.UntilSharesAsync(Url, ("aws", 100));
        await world.Product.McctlAsync("member", "undrain", "gcp");
        await world.UntilSharesAsync(Url, ("aws", 50), ("gcp", 50));
        await SplitAsync(80, 20);
        await world.UntilSharesAsync(Url, ("aws", 80), ("gcp", 20));

        await world["gcp"].Cluster.ResumeAsync();
        await UntilFollowedAsync(world, "gcp");
        await load.AssertNoneFailedAsync();
        await world.AssertUndisturbedAsync();

        Task SplitAsync(int aws, int gcp) => world["aws"].ApplyAsync(FederatedYaml.FederatedReference(
            "shop", "web", $"  trafficPolicy: {{clusters: [{{cluster: aws, weight: {aws}}}, {{cluster: gcp, weight: {gcp}}}]}}"));
    }

    [Fact]
    public async Task XT_45_with_HAProxy_restarted_too_the_first_answers_are_of_both_members()
    {
        await using var world = await StartAsync();
        var servers = await world.ServersAsync();
        await StopAllAsync(world);
        await world["gcp"].Cluster.PauseAsync();

        await world.Product.StartControllerAsync(untilServing: false);
        await world.Product.UntilReadyAsync();

        Assert.Equal(servers, await world.ServersAsync());
        await UntilBehindAsync(world, "gcp");
        Assert.Equal(servers, await world.ServersAsync());
        await world.UntilMembersAsync(Url, "aws", "gcp");
        await AssertNoReloadAsync(world);
    }

    [Fact]
    public async Task XT_46_restarted_without_any_member_all_is_served()
    {
        await using var world = await StartAsync();
        var servers = await world.ServersAsync();
        await StopAllAsync(world);
        foreach (var member in world.Members)
            await member.Cluster.PauseAsync();

        await world.Product.StartControllerAsync(untilServing: false);
        await world.Product.UntilReadyAsync();

        foreach (var member in world.Members)
            await UntilBehindAsync(world, member.Name);
        Assert.Equal(servers, await world.ServersAsync());
        await world.UntilMembersAsync(Url, "aws", "gcp");
        foreach (var member in world.Members)
            await member.Cluster.ResumeAsync();
        await UntilFollowedAsync(world, "gcp");
        await AssertNoReloadAsync(world);
    }

    /// <summary>The database's file can't be opened: what HAProxy starts from is on the proxy's own disk.</summary>
    [Fact]
    public async Task XT_46_without_members_and_without_the_database_HAProxy_serves_what_it_had()
    {
        await using var world = await StartAsync();
        var servers = await world.ServersAsync();
        await StopAllAsync(world);
        foreach (var member in world.Members)
            await member.Cluster.PauseAsync();
        var database = world.Product.Setting.Database;
        File.Move(database, database + ".away");
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(database)!, "multicluster.db-*"))
            File.Move(file, file + ".away");
        Directory.CreateDirectory(database);

        await using (var controller = ProductProcess.Start(world.Product.Setting))
        {
            await Await.NothingMissingAsync(async () =>
            {
                try
                {
                    await world.Product.Client.GetAsync(Url);
                    return null;
                }
                catch (HttpRequestException failure)
                {
                    return $"an answer: {failure.Message}\n{controller.Output}";
                }
            });
            // Nobody here knows of shares: all there is is what HAProxy has read.
            await Shares.UntilSeenAsync(world.Product.Client, Url, "aws", "gcp");
            Assert.Equal(servers, await world.ServersAsync());
        }

        // HAProxy goes on without it; and is found again by one that can read everything.
        Directory.Delete(database);
        foreach (var member in world.Members)
            await member.Cluster.ResumeAsync();
        await world.Product.StartControllerAsync();
        Assert.Equal(servers, await world.ServersAsync());
        await UntilFollowedAsync(world, "gcp");
        await AssertNoReloadAsync(world);
    }

    private static async Task<FederatedWorld> StartAsync()
    {
        var world = await StabilityWorld.StartAsync();
        try
        {
            await world.AddServiceAsync("shop", "web", ("aws", 2), ("gcp", 2));
            await world.ApplyToAllAsync(FederatedYaml.Ingress("shop", "web", "shop.test", "web"));
            await world.UntilMembersAsync(Url, "aws", "gcp");
            await world.Product.UntilStartFileAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    private static async Task StopAllAsync(FederatedWorld world)
    {
        await world.Product.StopControllerAsync();
        await HAProxyFiles.StopAsync(world.Product.Setting.StateDirectory);
    }

    private static Task<MemberDetailView> UntilBehindAsync(FederatedWorld world, string member) =>
        world.Product.UntilMemberAsync(member, static view => view is { Stale: true, Member.Complete: false }, "stale, and not read since the start");

    private static async Task UntilFollowedAsync(FederatedWorld world, string member)
    {
        var fresh = world.Pods.New(member, "shop", "web");
        await world[member].ApplyAsync(Yaml.Slice("shop", "web", world.Pods.Port, [fresh], suffix: "fresh"));
        await world.Product.UntilAsync(Url, answer => answer.Echo?.Pod == fresh.Name, $"the new pod {fresh.Name}");
    }

    private static async Task AssertNoReloadAsync(FederatedWorld world)
    {
        var proxy = await world.Product.ProxyAsync();
        Assert.Equal((0, 0, 0), (proxy.MasterReloads, proxy.ReloadsByReason.Count, proxy.FailedReloadsByReason.Count));
    }
}
