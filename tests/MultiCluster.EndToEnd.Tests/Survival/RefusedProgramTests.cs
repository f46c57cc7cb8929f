using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Survival;

/// <summary>
/// A configuration of ours that HAProxy does not take: what runs goes on and stays up to date, and a HAProxy that dies
/// meanwhile comes back from what it took before.
/// </summary>
public sealed class RefusedProgramTests
{
    /// <summary>As the operator writes it; HAProxy's own check finds it.</summary>
    private const string BadAccessLog = "haproxy.access-log = \"127.0.0.1:514 no-such-facility\"\n";

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task One_that_fails_the_check_costs_nothing(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        var before = await product.ProxyAsync();
        await product.StopControllerAsync();

        shop.Setting.More = BadAccessLog;
        await product.StartControllerAsync(untilServing: false);
        // While members are still being read, that is the reason that is shown.
        var refused = await UntilReloadFailedAsync(product, "no-such-facility");

        Assert.Equal((before.MasterPid, before.WorkerPid, before.MasterReloads), (refused.MasterPid, refused.WorkerPid, refused.MasterReloads));
        await AssertUpToDateAndRestartableAsync(shop, product);

        // The fix is taken with a reload, also while the refused one is tried again now and then.
        await product.StopControllerAsync();
        shop.Setting.More = "haproxy.max-connections = 400\n";
        await product.StartControllerAsync();
        Assert.Equal([KeyValuePair.Create("ProgramChanged", 1L)], (await product.ProxyAsync()).ReloadsByReason);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task One_whose_port_is_taken_costs_nothing(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        var before = await product.ProxyAsync();
        await product.StopControllerAsync();

        using var squatter = new TcpListener(shop.Setting.Http.Address, 0);
        squatter.Start();
        shop.Setting.More = $"haproxy.listen.http = [\"{shop.Setting.Http}\", \"{squatter.LocalEndpoint}\"]\n";
        await product.StartControllerAsync(untilServing: false);
        var refused = await UntilReloadFailedAsync(product);

        Assert.Equal((before.MasterPid, before.WorkerPid), (refused.MasterPid, refused.WorkerPid));
        Assert.True(refused.MasterReloads > before.MasterReloads, "the master has counted no reload");
        Assert.Empty(refused.ReloadsByReason);
        await AssertUpToDateAndRestartableAsync(shop, product);

        // The port becomes free, and the next attempt succeeds by itself.
        var second = ((IPEndPoint)squatter.LocalEndpoint).Port;
        squatter.Stop();
        await Await.NothingMissingAsync(async () => await product.ProxyAsync() is { State: not "Serving" } view ? $"the new program; {view.State}: {view.StateReason}" : null);
        using var client = new ProxyClient(new IPEndPoint(shop.Setting.Http.Address, second), shop.Setting.Https);
        Assert.Equal(Shop.Service, (await client.GetAsync(Shop.Url)).Service);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_changed_program_waits_for_a_member_and_the_data_does_not(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        await product.StopControllerAsync();
        var gone = (FolderMember)shop.Setting.Members[1];
        Directory.Move(gone.Folder, gone.Folder + ".gone");

        shop.Setting.More = "startup.member-timeout = 100ms\nhaproxy.max-connections = 400\n";
        await product.StartControllerAsync(untilServing: false);
        await AddAsync(shop, "added");
        await product.UntilServiceAsync("http://added.test/", "added");
        // Data are served live before the proxy has looked at the program that it wants.
        await Await.NothingMissingAsync(async () =>
            await product.ProxyAsync() is { } view && view.StateReason?.Contains("waits for members gcp", StringComparison.Ordinal) != true
                ? $"the reason of the wait; {view.State}: {view.StateReason}" : null);
        Assert.Empty((await product.ProxyAsync()).ReloadsByReason);

        Directory.Move(gone.Folder + ".gone", gone.Folder);
        await Await.NothingMissingAsync(async () =>
            await product.ProxyAsync() is { State: not "Serving" } view ? $"the new program; {view.State}: {view.StateReason}" : null);
        Assert.Equal([KeyValuePair.Create("ProgramChanged", 1L)], (await product.ProxyAsync()).ReloadsByReason);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task From_a_broken_start_file_HAProxy_comes_up_with_the_one_before(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        await product.UntilStartFileAsync();
        await AddAsync(shop, "later");
        await product.UntilServiceAsync("http://later.test/", "later");
        await product.UntilStartFileAsync();
        var master = (await product.ProxyAsync()).MasterPid;
        await product.StopControllerAsync();
        Kill(master);
        await File.AppendAllTextAsync(Path.Combine(shop.Setting.StateDirectory, "current", "haproxy.cfg"), "no-such-keyword\n");
        foreach (var member in shop.Setting.Members.Cast<FolderMember>())
            Directory.Move(member.Folder, member.Folder + ".gone");

        // Nothing can be read, so nothing can be written anew.
        await product.StartControllerAsync(untilServing: false);
        await UntilServedAsync(product);

        foreach (var member in shop.Setting.Members.Cast<FolderMember>())
            Directory.Move(member.Folder + ".gone", member.Folder);
        await product.UntilServiceAsync("http://later.test/", "later");
    }

    private static async Task AssertUpToDateAndRestartableAsync(Shop shop, Product product)
    {
        await shop.UntilPodsAsync(await shop.ReplacePodsAsync());
        await AddAsync(shop, "added");
        await product.UntilServiceAsync("http://added.test/", "added");
        await product.UntilStartFileAsync();

        var master = (await product.ProxyAsync()).MasterPid;
        Kill(master);
        await Await.NothingMissingAsync(async () => await product.ProxyAsync() is { MasterPid: var now } && now != 0 && now != master ? null : "another HAProxy");
        await product.UntilServiceAsync("http://added.test/", "added");
        await shop.UntilPodsAsync(await shop.ReplacePodsAsync());
    }

    private static async Task<ProxyView> UntilReloadFailedAsync(Product product, string reason = "")
    {
        ProxyView? view = null;
        await Await.NothingMissingAsync(async () =>
        {
            view = await product.ProxyAsync();
            return view.FailedReloadsByReason.ContainsKey("ProgramChanged") && view.State == "Waiting" && view.StateReason?.Contains(reason, StringComparison.Ordinal) == true
                ? null
                : $"a refused reload {reason}; {view.State}: {view.StateReason}";
        });
        return view!;
    }

    private static Task AddAsync(Shop shop, string name) => shop.Setting.Members[0].ApplyAsync(Yaml.Join(
        Yaml.Service(name, name),
        Yaml.Slice(name, name, shop.Pods.Port, [shop.Pods.New("aws", name, name)]),
        Yaml.Ingress(name, name, $"{name}.test", [Yaml.Path("/", "Prefix", name)])));

    private static Task UntilServedAsync(Product product) => Await.NothingMissingAsync(async () =>
    {
        try
        {
            return (await product.Client.GetAsync(Shop.Url)).Service == Shop.Service ? null : "the shop";
        }
        catch (HttpRequestException failure)
        {
            return failure.Message;
        }
    });

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }
}
