using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.EndToEnd.Tests.Survival;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Admin;

/// <summary>The shop of two members, served, and what mcctl says of it over the real admin API.</summary>
public sealed class RunningShop : IAsyncLifetime
{
    private Shop? _shop;
    private Product? _product;

    internal Shop Shop => _shop!;

    internal Product Product => _product!;

    public async Task InitializeAsync()
    {
        _shop = await Shop.CreateAsync(HAProxyBinaries.Default);
        // What hands change stays until a test has seen it.
        _shop.Setting.More = "haproxy.verify-interval = 1h\nlog.level = info";
        _product = await Product.StartAsync(_shop.Setting);
        await _product.UntilServiceAsync(Shop.Url, Shop.Service);
    }

    public async Task DisposeAsync()
    {
        if (_product is not null)
            await _product.DisposeAsync();
        if (_shop is not null)
            await _shop.DisposeAsync();
    }

    public Task<Printed> McctlAsync(params string[] args) => McctlAsync(CancellationToken.None, args);

    public Task<Printed> McctlAsync(CancellationToken stop, params string[] args) => Mcctl.RunAsync(Shop.Setting.AdminListen, stop, args);

    public Task<T> JsonAsync<T>(params string[] args) => Mcctl.JsonAsync<T>(Shop.Setting.AdminListen, args);

    public async Task<string> HttpAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(method, $"http://{Shop.Setting.AdminListen}{path}");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await client.SendAsync(request);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }
}
