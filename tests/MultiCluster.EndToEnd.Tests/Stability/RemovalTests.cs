using System.Globalization;
using System.Text;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.HAProxyVersions;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>XT-55: a member that is taken out drains, and is gone in the time that is configured, or given.</summary>
public sealed class RemovalTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Url = "http://shop.test/";
    private const string Namespace = "multicluster";

    /// <summary>federation.removal-grace as <see cref="FederatedWorld.Times"/> has it.</summary>
    private static readonly TimeSpan Configured = TimeSpan.FromSeconds(2);

    /// <summary>Beyond the time to drain, until HAProxy has nothing of the member: it takes a fraction of a second, on a machine with nothing else to do.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(20);

    /// <summary>By which one clock may be ahead of another, of which one counts ticks.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(50);

    private FederatedWorld _world = null!;
    private IReadOnlyList<Pod> _pods = [];

    public async Task InitializeAsync()
    {
        _world = await FederatedWorld.StartAsync(
            HAProxyBinaries.Default,
            [await FederatedMember.StartAsync("aws", "home = true")],
            $"discovery {{ enabled = true, namespace = {Namespace} }}",
            found: await FederatedMember.StartAsync("gcp"));
        _pods = await _world.AddServiceAsync("shop", "web", ("aws", 2), ("gcp", 2));
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
        var deleted = TimeProvider.System.GetTimestamp();
        await _world["aws"].DeleteAsync(ResourcePath.Secrets, Namespace, "gcp");

        await _world.UntilMembersAsync(Url, "aws");
        await held.FinishAsync();
        await AssertGoneInTimeAsync(deleted, Configured);
        await load.AssertNoneFailedAsync();

        // And back, as if it had never been away.
        await RegisterAsync();
    }

    [Fact]
    public async Task XT_55_an_operator_removes_a_member_with_a_time_to_drain()
    {
        await using var load = Load.Start(_world.Product.Setting, Url, "web", clients: 2);
        await using var held = await HoldAsync();
        var ordered = TimeProvider.System.GetTimestamp();
        await _world.Product.McctlAsync("member", "remove", "gcp", "--grace", "3s", "--yes");

        await _world.UntilMembersAsync(Url, "aws");
        await held.FinishAsync();
        await AssertGoneInTimeAsync(ordered, TimeSpan.FromSeconds(3));
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

    /// <summary>Not before the time to drain is over, and soon after.</summary>
    private async Task AssertGoneInTimeAsync(long began, TimeSpan grace)
    {
        await UntilGoneAsync();
        var took = TimeProvider.System.GetElapsedTime(began);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"removal grace_ms={grace.TotalMilliseconds:0} gone_ms={took.TotalMilliseconds:0}"));
        Assert.InRange(took, grace - Early, grace + Margin);
    }

    /// <summary>
    /// Also servers that get no requests any more, which wait for their last connection. Those of aws may wait for it where they were until now, in a
    /// backend of both members.
    /// </summary>
    private Task UntilGoneAsync() => Await.NothingMissingAsync(async () =>
    {
        var servers = await HAProxyFiles.AllServersAsync(_world.Product.Setting.StateDirectory);
        var left = servers.Where(server => _pods.Any(pod => pod.Member == "gcp" && server.EndsWith($" {pod.Address}:{_world.Pods.Port}", StringComparison.Ordinal))).ToList();
        return left.Count == 0 ? null : $"HAProxy without servers of gcp; there are {string.Join(", ", left)}";
    });
}
