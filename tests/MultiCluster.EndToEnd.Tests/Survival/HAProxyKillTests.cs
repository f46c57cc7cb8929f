using System.Diagnostics;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Survival;

/// <summary>kill -9 of HAProxy: it comes back from the start file, complete.</summary>
public sealed class HAProxyKillTests
{
    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_killed_master_is_replaced(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        var before = await product.ProxyAsync();

        Kill(before.MasterPid);

        await AssertReplacedAsync(product, before.MasterPid);
        await shop.UntilPodsAsync(await shop.ReplacePodsAsync());
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_killed_worker_is_replaced(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        var before = await product.ProxyAsync();

        Kill(before.WorkerPid);

        await Await.TrueAsync(async () => (await product.ProxyAsync()).WorkerPid != before.WorkerPid, "another worker");
        await shop.UntilPodsAsync(await shop.ReplacePodsAsync());
    }

    [Fact]
    public async Task HAProxy_starts_complete_from_disk_while_no_member_can_be_read()
    {
        await using var shop = await Shop.CreateAsync(HAProxyBinaries.Default);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        await Await.TrueAsync(
            async () => await product.ProxyAsync() is { } view && view.StartFileVersion == view.DesiredVersion, "a start file with all in it");
        var before = await product.ProxyAsync();
        await product.StopControllerAsync();
        Kill(before.MasterPid);
        foreach (var member in shop.Setting.Members.Cast<FolderMember>())
            Directory.Move(member.Folder, member.Folder + ".gone");

        await using var controller = ProductProcess.Start(shop.Setting);

        var answer = await UntilServedAsync(product);
        Assert.Equal(Shop.Service, answer.Service);
        // Its process id is written right after it serves, and is what it is stopped by.
        await Await.TrueAsync(async () => await shop.Setting.MasterAsync() is not null, "the new master's process id on disk");
    }

    private static async Task<Answer> UntilServedAsync(Product product)
    {
        Answer? answer = null;
        await Await.NothingMissingAsync(async () =>
        {
            try
            {
                answer = await product.Client.GetAsync(Shop.Url);
                return null;
            }
            catch (HttpRequestException failure)
            {
                return failure.Message;
            }
        });
        return answer!;
    }

    private static async Task AssertReplacedAsync(Product product, int masterPid)
    {
        await Await.NothingMissingAsync(async () =>
        {
            var now = await product.ProxyAsync();
            return now.State == "Serving" && now.MasterPid != masterPid ? null : $"another master than {masterPid}; {now.State}: {now.StateReason}";
        });
        Assert.Equal(Shop.Service, (await UntilServedAsync(product)).Service);
    }

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }
}
