using System.Text;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>XT-55: a member that is taken out drains, and is gone in the time that is configured, or given.</summary>
public sealed class RemovalTests : IAsyncLifetime
{
    private const string Url = "http://shop.test/";
    private const string Namespace = "multicluster";

    private FederatedWorld _world = null!;

    public async Task InitializeAsync()
    {
        _world = await FederatedWorld.StartAsync(
            HAProxyBinaries.Default,
            [await FederatedMember.StartAsync("aws", "home = true")],
            $"discovery {{ enabled = true, namespace = {Namespace} }}",
            found: await FederatedMember.StartAsync("gcp"));
        await _world.AddServiceAsync("shop", "web", ("aws", 2), ("gcp", 2));
        await _world.ApplyToAllAsync(FederatedYaml.Ingress("shop", "web", "shop.test", "web"));
        await _world.UntilMembersAsync(Url, "aws");
        await RegisterAsync();
    }

    public async Task DisposeAsync()
    {
        await _world.AssertUndisturbedAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task XT_55_a_member_whose_registration_is_deleted_drains_and_goes()
    {
        await using var load = Load.Start(_world.Product.Setting, Url, "web", clients: 2);
        await using var held = await HoldAsync();
        await _world["aws"].DeleteAsync(ResourcePath.Secrets, Namespace, "gcp");

        await _world.UntilMembersAsync(Url, "aws");
        await held.FinishAsync();
        await UntilGoneAsync();
        await load.AssertNoneFailedAsync();

        // And back, as if it had never been away.
        await RegisterAsync();
    }

    [Fact]
    public async Task XT_55_an_operator_removes_a_member_with_a_time_to_drain()
    {
        await using var load = Load.Start(_world.Product.Setting, Url, "web", clients: 2);
        await using var held = await HoldAsync();
        await _world.Product.McctlAsync("member", "remove", "gcp", "--grace", "3s", "--yes");

        await _world.UntilMembersAsync(Url, "aws");
        await held.FinishAsync();
        await UntilGoneAsync();
        await load.AssertNoneFailedAsync();
        Assert.True((await _world.Product.MemberAsync("gcp")).Removed);

        await _world["aws"].DeleteAsync(ResourcePath.Secrets, Namespace, "gcp");
        await RegisterAsync();
    }

    /// <summary>A registration that can't be read is none that was deleted.</summary>
    [Fact]
    public async Task XT_55_a_home_cluster_that_can_not_be_read_removes_no_member()
    {
        await using var same = await SameServers.WatchAsync(_world);
        await _world["aws"].Cluster.PauseAsync();
        await _world.Product.UntilMemberAsync("aws", static view => view is { Stale: true, BehindSeconds: > 3 }, "stale for longer than it takes to remove a member");
        await _world.UntilMembersAsync(Url, "aws", "gcp");
        await same.AssertSameAsync();
        await _world["aws"].Cluster.ResumeAsync();
        await _world.Product.UntilMemberAsync("aws", static view => !view.Stale, "fresh");
        Assert.Equal("Active", (await _world.Product.MemberAsync("gcp")).State);
    }

    private async Task RegisterAsync()
    {
        var gcp = _world["gcp"];
        await _world["aws"].ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: gcp, namespace: {{Namespace}}, labels: {sigs.k8s.io/multicluster-runtime-kubeconfig: "true"} }
            data: {kubeconfig: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(gcp.Cluster.KubeConfigPath)))}} }

            """);
        await _world.UntilMembersAsync(Url, "aws", "gcp");
    }

    private async Task<HeldSockets> HoldAsync()
    {
        var held = new HeldSockets();
        for (var member = ""; member != "gcp";)
            member = await held.OpenAsync(_world.Product, "shop.test");
        return held;
    }

    private Task UntilGoneAsync() => Await.NothingMissingAsync(async () =>
    {
        var servers = await _world.ServersAsync();
        var left = await HAProxyFiles.AllServersAsync(_world.Product.Setting.StateDirectory);
        return servers.Count == 2 && left.Count == 2 ? null : $"HAProxy without servers of gcp; there are {string.Join(", ", left)}";
    });
}
