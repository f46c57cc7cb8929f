using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Survival;

/// <summary>HAProxy serves, but its runtime socket speaks nonsense for a while.</summary>
public sealed class RuntimeSocketTests
{
    private const int Attempts = 6;

    /// <summary>One connection in each of these is no spinning. Requests of the load have it between them, too.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    [Fact]
    public async Task Nonsense_on_the_runtime_socket_is_said_and_shown_and_outlived()
    {
        await using var shop = await Shop.CreateAsync(HAProxyBinaries.Default);
        await using (var first = ProductProcess.Start(shop.Setting))
            await first.WhenReadyAsync();
        await using var relay = RuntimeSocketRelay.PutBefore(Path.Combine(shop.Setting.StateDirectory, "worker.sock"));
        await using var controller = ProductProcess.Start(shop.Setting);
        await controller.WhenReadyAsync();
        await shop.UntilPodsAsync(await shop.ReplacePodsAsync());
        var before = await controller.ProxyAsync();
        await using var load = Load.Start(
            shop.Setting.Http, shop.Setting.Https, new LoadOptions([new Target(Shop.Url, Shop.Service)], Clients: 2) { Pause = Pause });

        (SocketManners Manners, int Attempts, string Logged, string Shown)[] table =
        [
            (SocketManners.Closing, Attempts, "given up (Closed)", "worker.sock closed the connection"),
            (SocketManners.Noise, Attempts, "given up (Framing)", "worker.sock"),
            (SocketManners.Lies, Attempts, "refused \"", "nonsense"),
            // Each of these takes as long as HAProxy may be silent.
            (SocketManners.Hanging, 1, "given up (Silent)", "worker.sock sent nothing"),
        ];
        foreach (var (manners, attempts, logged, shown) in table)
        {
            var began = TimeProvider.System.GetTimestamp();
            relay.Become(manners);
            var pods = await shop.ReplacePodsAsync();
            await UntilNotCurrentAsync(controller, shown);
            await Await.TrueAsync(() => relay.Accepted >= attempts, $"{attempts} attempts to connect to a socket that is {manners}");
            await Await.TrueAsync(() => controller.Lines.Any(line => line.Contains(logged, StringComparison.Ordinal)), $"{manners}: \"{logged}\" in the log:\n{controller.Output}");
            await AssertShownAsync(shop, shown);
            Assert.InRange(relay.Accepted, attempts, Attempts + (int)(TimeProvider.System.GetElapsedTime(began) / Pause));

            relay.Become(SocketManners.Faithful);
            await shop.UntilPodsAsync(pods);
            await UntilCurrentAsync(controller);
        }

        // HAProxy's own socket again.
        await relay.DisposeAsync();
        await shop.UntilPodsAsync(await shop.ReplacePodsAsync());
        await UntilCurrentAsync(controller);
        var after = await controller.ProxyAsync();
        Assert.Equal((before.MasterPid, before.WorkerPid, before.MasterReloads), (after.MasterPid, after.WorkerPid, after.MasterReloads));
        Assert.Equal((0, 0, 0), (after.ReloadsByReason.Count, after.FailedReloadsByReason.Count, after.Refused));
        Assert.DoesNotContain("   at ", controller.Output, StringComparison.Ordinal);
        await load.AssertNoneFailedAsync();
    }

    private static Task UntilNotCurrentAsync(ProductProcess controller, string shown) => Await.NothingMissingAsync(async () =>
        await controller.ProxyAsync() is var view && view.State == "Down" && view.AppliedVersion < view.DesiredVersion && view.StateReason?.Contains(shown, StringComparison.Ordinal) == true
            ? null
            : $"a proxy that is behind, because \"{shown}\"; it is {Show(view)}\n{controller.Output}");

    private static Task UntilCurrentAsync(ProductProcess controller) => Await.NothingMissingAsync(async () =>
        await controller.ProxyAsync() is var view && view.State == "Serving" && view.AppliedVersion == view.DesiredVersion ? null : $"a proxy that is up to date; it is {Show(view)}");

    /// <summary>To who looks with mcctl.</summary>
    private static async Task AssertShownAsync(Shop shop, string reason)
    {
        var list = await Mcctl.RunAsync(shop.Setting.AdminListen, CancellationToken.None, "proxy", "list");
        Assert.Equal(0, list.Code);
        Assert.Contains("Down", list.Output, StringComparison.Ordinal);
        var shown = await Mcctl.JsonAsync<ProxyDetailView>(shop.Setting.AdminListen, "proxy", "show", "local");
        Assert.Contains(reason, shown.Proxy.StateReason, StringComparison.Ordinal);
    }

    private static string Show(ProxyView view) => $"{view.State} ({view.StateReason}), version {view.AppliedVersion} of {view.DesiredVersion}";
}
