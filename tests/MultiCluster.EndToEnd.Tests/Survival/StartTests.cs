using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Survival;

/// <summary>What keeps the program from starting is said in one clear message.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_second_agent_on_one_state_directory_is_refused()
    {
        await using var shop = await Shop.CreateAsync(HAProxyBinaries.Default);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);

        await using var second = ControllerProcess.Start(shop.Setting);

        Assert.Equal(1, await second.WhenExitedAsync());
        Assert.Contains(
            $"The state directory {shop.Setting.StateDirectory} is in use by process {Environment.ProcessId}", second.Output, StringComparison.Ordinal);
        Assert.Equal(Shop.Service, (await product.Client.GetAsync(Shop.Url)).Service);
    }

    [Fact]
    public async Task A_missing_HAProxy_is_named()
    {
        var missing = new HAProxyBinary("2.6", "2.6.0", "/nowhere/haproxy");
        await using var shop = await Shop.CreateAsync(missing);

        await using var controller = ControllerProcess.Start(shop.Setting);

        Assert.Equal(1, await controller.WhenExitedAsync());
        Assert.Contains("/nowhere/haproxy", controller.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", controller.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_key_is_named_with_file_and_line()
    {
        await using var shop = await Shop.CreateAsync(HAProxyBinaries.Default);
        var file = shop.Setting.WriteConfiguration();
        await File.AppendAllTextAsync(file, "haproxy.no-such-key = 1\n");
        var line = (await File.ReadAllLinesAsync(file)).Length;

        await using var controller = ControllerProcess.Start(shop.Setting, file);

        Assert.Equal(2, await controller.WhenExitedAsync());
        Assert.Contains($"{file}:{line}", controller.Output, StringComparison.Ordinal);
        Assert.Contains("no-such-key", controller.Output, StringComparison.Ordinal);
    }
}
