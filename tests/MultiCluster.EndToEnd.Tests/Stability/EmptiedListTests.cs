using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>XT-44 (P2): an etcd that was restored from its first day answers in good order, and with nothing.</summary>
public sealed class EmptiedListTests(StabilityWorld stability) : StabilityTest(stability), IClassFixture<StabilityWorld>
{
    /// <summary>Each an Ingress, a Service and an EndpointSlice, and with two pods: 500 items.</summary>
    private const int Shops = 100;

    private const int Items = 500;

    private static readonly int[] Looked = [0, 1, 33, 98, 99];

    [Fact]
    public async Task XT_44_500_items_that_are_gone_and_stay_gone_are_held_until_an_operator_approves()
    {
        var mortals = await AddAsync();
        await using var load = Load.Start(
            World.Product.Setting.Http, World.Product.Setting.Https, new LoadOptions([.. Looked.Select(static i => new Target(Url(i), "web"))], Clients: 2));

        Gcp.Cluster.RestoreEmpty();
        var held = await World.Product.UntilMemberAsync("gcp", static view => view.Held.Count >= 3, "hold of ingresses, services and slices");
        Assert.Contains(held.Conditions, static condition => condition is { Type: "Stale", Status: true, Reason: "MassShrink" });
        var servers = await World.ServersAsync();
        await load.MoreAsync(50);

        // The same again proves nothing.
        for (var i = 0; i < 3; i++)
            await RelistAsync();
        Assert.Equal(servers, await World.ServersAsync());
        foreach (var shop in Looked)
            await World.UntilMembersAsync(Url(shop), shop == 0 ? ["aws", "gcp"] : ["gcp"]);

        // What fails its checks goes, what answers them does not.
        await mortals[0].KillAsync();
        await Await.TrueAsync(async () => (await World.ServersAsync()).Count == servers.Count - 1, "the dead pod's server down");
        await load.MoreAsync(50);
        Assert.Equal(servers.Where(server => !server.EndsWith($" {mortals[0].Pod.Address}:{World.Pods.Port}", StringComparison.Ordinal)), await World.ServersAsync());
        await load.AssertNoneFailedAsync();

        var approved = await World.Product.McctlAsync("member", "approve", "gcp", "--yes");
        Assert.Contains("Ingress", approved.Output, StringComparison.OrdinalIgnoreCase);
        foreach (var shop in Looked.Skip(1))
            await World.Product.UntilStatusAsync(Url(shop), 404);
        await World.UntilMembersAsync(Url(0), "aws");
        await World.Product.UntilMemberAsync("gcp", static view => view is { Stale: false, Held.Count: 0 }, "nothing held");
    }

    /// <summary>Too little of each kind for half of it to say anything; but the server has nothing of what it had.</summary>
    [Fact]
    public async Task XT_44_two_ingresses_of_a_server_that_turns_empty_are_held_and_one_that_is_deleted_during_an_outage_is_not()
    {
        await Gcp.ApplyAsync(Yaml.IngressClass(Yaml.Class));
        await Gcp.ApplyAsync(Yaml.Service("kube", "kubernetes"));
        for (var i = 0; i < 2; i++)
        {
            await World.AddServiceAsync($"xt44s-{i}", "web", ("gcp", 1));
            await Gcp.ApplyAsync(FederatedYaml.Ingress($"xt44s-{i}", "web", $"small-{i}.xt44.test", "web"));
            await World.UntilMembersAsync(SmallUrl(i), "gcp");
        }

        await using var load = Load.Start(
            World.Product.Setting.Http, World.Product.Setting.Https, new LoadOptions([new Target(SmallUrl(0), "web"), new Target(SmallUrl(1), "web")], Clients: 2));
        var servers = await World.ServersAsync();

        // Every server makes that Service anew.
        Gcp.Cluster.RestoreEmpty();
        await Gcp.ApplyAsync(Yaml.Service("kube", "kubernetes"));
        await World.Product.UntilMemberAsync("gcp", static view => view is { Stale: true, Held.Count: >= 4 }, "hold of ingresses, the class, services and slices");
        await RelistAsync();
        await load.MoreAsync(50);
        Assert.Equal(servers, await World.ServersAsync());
        await load.AssertNoneFailedAsync();

        var approved = await World.Product.McctlAsync("member", "approve", "gcp", "--yes");
        Assert.Contains("2 objects of kind Ingress", approved.Output, StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
            await World.Product.UntilStatusAsync(SmallUrl(i), 404);
        await World.Product.UntilMemberAsync("gcp", static view => view is { Stale: false, Held.Count: 0 }, "nothing held");

        // The same without any loss: lists of other kinds show what they had.
        await Gcp.ApplyAsync(Yaml.IngressClass(Yaml.Class));
        await World.AddServiceAsync("xt44s-2", "web", ("gcp", 1));
        await Gcp.ApplyAsync(FederatedYaml.Ingress("xt44s-2", "web", "small-2.xt44.test", "web"));
        await World.UntilMembersAsync(SmallUrl(2), "gcp");
        await Gcp.Cluster.PauseAsync();
        await World.Product.UntilMemberAsync("gcp", static view => view is { Member.Reachable: false, Member.Problems.Count: >= 5 }, "an outage of every kind");
        Gcp.Cluster.Compact();
        await Gcp.DeleteAsync(ResourcePath.Ingresses, "xt44s-2", "web");
        await Gcp.Cluster.ResumeAsync();
        await World.Product.UntilMemberAsync("gcp", static view => view.Member.Reachable, "the end of the outage");
        await World.Product.UntilStatusAsync(SmallUrl(2), 404);
        await World.Product.UntilMemberAsync("gcp", static view => view is { Stale: false, Held.Count: 0 }, "nothing held");
    }

    private static string SmallUrl(int shop) => $"http://small-{shop}.xt44.test/";

    private static string Url(int shop) => $"http://shop-{shop}.xt44.test/";

    /// <returns>Pods of the second shop.</returns>
    private async Task<IReadOnlyList<PodGate>> AddAsync()
    {
        var mortals = await World.AddMortalsAsync("gcp", "xt44-1", "web", 2);
        for (var i = 0; i < Shops; i++)
        {
            if (i != 1)
                await World.AddServiceAsync($"xt44-{i}", "web", ("gcp", 1));
            await Gcp.ApplyAsync(FederatedYaml.Ingress($"xt44-{i}", "web", $"shop-{i}.xt44.test", "web"));
            // Two more items for each.
            for (var j = 0; j < (Items / Shops) - 3; j++)
                await Gcp.ApplyAsync(Yaml.Service($"xt44-{i}", $"spare-{j}"));
        }

        await World.AddServiceAsync("xt44-0", "web", ("aws", 1));
        await Aws.ApplyAsync(FederatedYaml.Ingress("xt44-0", "web", "shop-0.xt44.test", "web"));
        await World.UntilMembersAsync(Url(0), "aws", "gcp");
        foreach (var shop in Looked.Skip(1))
            await World.UntilMembersAsync(Url(shop), "gcp");
        return mortals;
    }

    private async Task RelistAsync()
    {
        var before = ListsOf(ResourcePath.Ingresses);
        Gcp.Cluster.Compact();
        foreach (var kind in ResourcePath.Watched)
            Gcp.Cluster.SendErrorEvent(kind, 410);
        await Await.TrueAsync(() => ListsOf(ResourcePath.Ingresses) > before, "another list of ingresses");
    }

    private int ListsOf(ResourcePath kind) => Gcp.Cluster.Requests.Count(request =>
        request.Contains($"/{kind.Plural}?", StringComparison.Ordinal) && !request.Contains("watch=", StringComparison.Ordinal));
}
