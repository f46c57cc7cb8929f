using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>XT-40, XT-41 and XT-59 (P1): a member that can't be read loses nothing but what fails its checks.</summary>
public sealed class UnreachableMemberTests(StabilityWorld stability) : StabilityTest(stability), IClassFixture<StabilityWorld>
{
    /// <summary>
    /// An hour is not waited for: staleness is long over its limits after some seconds, and nothing but an explicit ttl (XT-52) counts its
    /// length any further, which is tested with a clock of its own at the owner of an ingress.
    /// </summary>
    [Fact]
    public async Task XT_40_an_API_that_is_blocked_changes_no_server_and_the_member_is_shown_as_stale()
    {
        await AddShopAsync("xt40");
        await using var load = Load.Start(World.Product.Setting, "http://xt40.test/", "web", clients: 1);
        await using var same = await SameServers.WatchAsync(World);
        await Gcp.Cluster.PauseAsync();
        try
        {
            var stale = await World.Product.UntilMemberAsync("gcp", static view => view is { Stale: true, Member.Reachable: false, BehindSeconds: not null }, "stale and unreachable");
            Assert.Contains(stale.Conditions, static condition => condition is { Type: "Stale", Status: true, Reason: "Unreachable" });
            // It only grows.
            for (var step = 1; step <= 4; step++)
                stale = await World.Product.UntilMemberAsync("gcp", view => view.BehindSeconds >= stale.BehindSeconds + 0.5, $"behind for longer than {stale.BehindSeconds} s");
            Assert.False((await World.Product.MemberAsync("aws")).Stale);
            Assert.Contains("Unreachable", (await World.Product.McctlAsync("member", "list")).Output, StringComparison.Ordinal);
            Assert.Contains("what was known before is served", (await World.Product.McctlAsync("member", "show", "gcp")).Output, StringComparison.Ordinal);
            await World.UntilMembersAsync("http://xt40.test/", "aws", "gcp");
            await same.AssertSameAsync();
        }
        finally
        {
            await Gcp.Cluster.ResumeAsync();
        }

        await World.Product.UntilMemberAsync("gcp", static view => view is { Stale: false, Member.Reachable: true }, "fresh");
        await UntilFollowedAsync("xt40", Gcp);
        await load.AssertNoneFailedAsync();
    }

    [Fact]
    public async Task XT_41_a_pod_that_dies_while_the_API_is_blocked_is_taken_out_by_checks_and_comes_back()
    {
        await World.AddServiceAsync("xt41", "web", ("aws", 1));
        var gcp = await World.AddMortalsAsync("gcp", "xt41", "web", 2);
        await World.ApplyToAllAsync(FederatedYaml.Ingress("xt41", "web", "xt41.test", "web"));
        await World.UntilMembersAsync("http://xt41.test/", "aws", "gcp");
        await Gcp.Cluster.PauseAsync();
        try
        {
            await World.Product.UntilMemberAsync("gcp", static view => view.Stale, "stale");
            await gcp[0].KillAsync();
            await UntilTakesRequestsAsync(gcp[0].Pod, false);
            Assert.True(await TakesRequestsAsync(gcp[1].Pod));
            // Nobody meets the dead one.
            await using var load = Load.Start(World.Product.Setting, "http://xt41.test/", "web", clients: 1);
            await load.MoreAsync(100);
            await load.AssertNoneFailedAsync();

            gcp[0].Revive();
            await UntilTakesRequestsAsync(gcp[0].Pod, true);
            await World.Product.UntilAsync("http://xt41.test/", answer => answer.Echo?.Pod == gcp[0].Pod.Name, gcp[0].Pod.Name);
        }
        finally
        {
            await Gcp.Cluster.ResumeAsync();
        }

        await World.Product.UntilMemberAsync("gcp", static view => !view.Stale, "fresh");
    }

    [Fact]
    public async Task XT_59_watches_that_restart_alone_never_change_the_servers()
    {
        await AddShopAsync("xt59");
        await using var same = await SameServers.WatchAsync(World);
        await using var load = Load.Start(World.Product.Setting, "http://xt59.test/", "web", clients: 1);
        foreach (var restart in (Action<ResourcePath>[])
        [
            Gcp.Cluster.EndWatches,
            Gcp.Cluster.ResetWatches,
            kind => Gcp.Cluster.SendErrorEvent(kind, 410),
            kind => Gcp.Cluster.SendErrorEvent(kind, 500),
            kind =>
            {
                Gcp.Cluster.Compact();
                Gcp.Cluster.ResetWatches(kind);
            },
        ])
        {
            await Task.WhenAll(ResourcePath.Watched.Select(kind => RestartAsync(kind, restart)));
        }

        await same.AssertSameAsync();
        await UntilFollowedAsync("xt59", Gcp);
        await load.AssertNoneFailedAsync();
    }

    /// <summary>A watch that has been asked for and not been opened yet is not met: then once more.</summary>
    private async Task RestartAsync(ResourcePath kind, Action<ResourcePath> restart)
    {
        var before = WatchesOf(kind);
        long? last = null;
        await Await.TrueAsync(
            () =>
            {
                if (WatchesOf(kind) > before)
                    return true;
                if (last is null || TimeProvider.System.GetElapsedTime(last.Value) > TimeSpan.FromSeconds(1))
                {
                    restart(kind);
                    last = TimeProvider.System.GetTimestamp();
                }

                return false;
            },
            $"another watch of {kind.Plural}");
    }

    private int WatchesOf(ResourcePath kind) => Gcp.Cluster.Requests.Count(request =>
        request.Contains($"/{kind.Plural}?", StringComparison.Ordinal) && request.Contains("watch=", StringComparison.Ordinal));

    private async Task<bool> TakesRequestsAsync(Pod pod) =>
        (await World.ServersAsync()).Any(server => server.EndsWith($" {pod.Address}:{World.Pods.Port}", StringComparison.Ordinal));

    private Task UntilTakesRequestsAsync(Pod pod, bool takes) =>
        Await.TrueAsync(async () => await TakesRequestsAsync(pod) == takes, $"server {pod.Address} {(takes ? "up" : "down")}");
}
