using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Survival;

/// <summary>More Services than blank backends.</summary>
public sealed class PoolTests
{
    private const int PoolSize = 4;

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task An_exhausted_pool_costs_one_counted_reload_and_no_request(HAProxyBinary binary)
    {
        await using var shop = await Shop.CreateAsync(binary, PoolSize);
        await using var product = await Product.StartAsync(shop.Setting);
        await product.UntilServiceAsync(Shop.Url, Shop.Service);
        await using var load = Load.Start(shop.Setting, Shop.Url, Shop.Service, clients: 4);

        // One backend is the shop's; the last of these is the first without a place.
        for (var i = 1; i <= PoolSize; i++)
        {
            await load.MoreAsync(50);
            await AddAsync(shop, $"more-{i}");
            await product.UntilServiceAsync($"http://more-{i}.test/", $"more-{i}");
        }

        await load.MoreAsync(200);
        // HAProxy serves the last one before we have heard that its reload is through.
        await Await.TrueAsync(async () => (await product.ProxyAsync()).State == "Serving", "the end of the reload");
        var proxy = await product.ProxyAsync();
        Assert.Equal(binary.IsAtLeast(3, 4) ? 0 : 1, proxy.MasterReloads);
        if (binary.IsAtLeast(3, 4))
            Assert.Empty(proxy.ReloadsByReason);
        else
            Assert.Equal([KeyValuePair.Create("PoolExhausted", 1L)], proxy.ReloadsByReason);
        await load.AssertNoneFailedAsync();
    }

    private static Task AddAsync(Shop shop, string name) => shop.Setting.Members[0].ApplyAsync(Yaml.Join(
        Yaml.Service(name, name),
        Yaml.Slice(name, name, shop.Pods.Port, [shop.Pods.New("aws", name, name)]),
        Yaml.Ingress(name, name, $"{name}.test", [Yaml.Path("/", "Prefix", name)])));
}
