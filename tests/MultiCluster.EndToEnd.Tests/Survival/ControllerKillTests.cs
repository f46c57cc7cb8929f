using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Survival;

/// <summary>kill -9 of the controller while traffic flows.</summary>
public sealed class ControllerKillTests
{
    private const int Kills = 2;

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task No_request_fails_and_the_next_controller_adopts_HAProxy(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary);
        var controller = ProductProcess.Start(shop.Setting);
        try
        {
            await controller.WhenReadyAsync();
            await shop.UntilPodsAsync(await shop.ReplacePodsAsync());
            var before = await controller.ProxyAsync();
            await using var load = Load.Start(shop.Setting, Shop.Url, Shop.Service, clients: 4);
            for (var i = 0; i < Kills; i++)
            {
                await load.MoreAsync(100);
                await controller.DisposeAsync();
                await load.MoreAsync(100);
                // What changes while nobody looks is made up for.
                var pods = await shop.ReplacePodsAsync();
                controller = ProductProcess.Start(shop.Setting);
                await controller.WhenReadyAsync();
                await shop.UntilPodsAsync(pods);
                await shop.UntilPodsAsync(await shop.ReplacePodsAsync());
            }

            var after = await controller.ProxyAsync();
            Assert.Equal((before.MasterPid, before.WorkerPid, true), (after.MasterPid, after.WorkerPid, after.Adopted));
            Assert.Equal((before.MasterReloads, 0), (after.MasterReloads, after.FailedReloadsByReason.Count));
            await load.AssertNoneFailedAsync();
        }
        finally
        {
            await controller.DisposeAsync();
        }
    }
}
