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

        await using var second = ProductProcess.Start(shop.Setting);

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

        await using var controller = ProductProcess.Start(shop.Setting);

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

        await using var controller = ProductProcess.Start(shop.Setting, file);

        Assert.Equal(2, await controller.WhenExitedAsync());
        Assert.Contains($"{file}:{line}", controller.Output, StringComparison.Ordinal);
        Assert.Contains("no-such-key", controller.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_directory_too_deep_for_sockets_is_named()
    {
        await using var shop = await Shop.CreateAsync(HAProxyBinaries.Default);
        var deep = Path.Combine(shop.Setting.Folder, new string('d', 90));
        shop.Setting.More = $"haproxy.state-directory = \"{deep}\"\n";

        await using var controller = ProductProcess.Start(shop.Setting);

        Assert.Equal(1, await controller.WhenExitedAsync());
        Assert.Contains("haproxy.state-directory", controller.Output, StringComparison.Ordinal);
        Assert.Contains("choose a shorter state directory", controller.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", controller.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(deep));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a certificate\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")]
    public async Task A_default_certificate_that_is_none_is_made_anew(string content)
    {
        await using var shop = await Shop.CreateAsync(HAProxyBinaries.Default);
        var file = Path.Combine(Directory.CreateDirectory(shop.Setting.StateDirectory).FullName, "default-certificate.pem");
        await File.WriteAllTextAsync(file, content);

        await using var product = await Product.StartAsync(shop.Setting);

        var answer = await product.UntilServiceAsync("https://shop.test/", Shop.Service);
        Assert.Equal("CN=MultiCluster default certificate", answer.Leaf!.Subject);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_where_the_default_certificate_belongs_is_named()
    {
        await using var shop = await Shop.CreateAsync(HAProxyBinaries.Default);
        var path = Directory.CreateDirectory(Path.Combine(shop.Setting.StateDirectory, "default-certificate.pem")).FullName;

        await using var controller = ProductProcess.Start(shop.Setting);

        Assert.Equal(1, await controller.WhenExitedAsync());
        Assert.Contains($"{path} is a directory", controller.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", controller.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_HAProxy_is_adopted_on_a_full_disk()
    {
        await using var shop = await Shop.CreateAsync(HAProxyBinaries.Default);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        var before = await product.ProxyAsync();
        await product.StopControllerAsync();
        foreach (var file in new[] { "owner", "master.pid.new" })
        {
            File.Delete(Path.Combine(shop.Setting.StateDirectory, file));
            File.CreateSymbolicLink(Path.Combine(shop.Setting.StateDirectory, file), "/dev/full");
        }

        await product.StartControllerAsync();

        Assert.Equal((before.WorkerPid, true), ((await product.ProxyAsync()).WorkerPid, (await product.ProxyAsync()).Adopted));
        await shop.UntilPodsAsync(await shop.ReplacePodsAsync());
    }
}
