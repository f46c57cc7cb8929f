using System.Globalization;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.EndToEnd.Tests.Survival;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Admin;

/// <summary>What happened, told from the journal of a product that serves, and by one that was started anew.</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private readonly RunningShop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task The_past_is_told_with_its_causes()
    {
        var members = _shop.Shop.Setting.Members;
        await UntilToldAsync(async () => (await HistoryAsync("backend")).Entries.Count(static entry => entry.What.Contains("1 endpoint", StringComparison.Ordinal)) >= 2, "the first endpoints of both members");
        var before = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);

        var pod = await _shop.Shop.ReplacePodAsync(members[0]);
        await members[0].ApplyAsync(Yaml.Join(
            Yaml.Service(Shop.Service, "cart"),
            Yaml.Ingress(Shop.Service, Shop.Service, "shop.test", [Yaml.Path("/", "Prefix", Shop.Service), Yaml.Path("/cart", "Prefix", "cart")])));
        await _shop.Product.UntilStatusAsync("http://shop.test/cart", 503);
        await UntilToldAsync(async () => (await HistoryAsync("backend")).Entries.Any(entry => entry.What.Contains($"+{pod.Name}:", StringComparison.Ordinal)), $"that {pod.Name} came");
        await UntilToldAsync(async () => (await HistoryAsync("ingress")).Entries.Any(static entry => entry.What.Contains("claims shop.test/cart", StringComparison.Ordinal)), "that /cart came");

        var came = (await HistoryAsync("backend")).Entries.Single(entry => entry.What.Contains($"+{pod.Name}:", StringComparison.Ordinal));
        Assert.StartsWith("aws: 1 endpoint on 1 port, +", came.What, StringComparison.Ordinal);
        Assert.Matches("^seen, EndpointSlice shop/.* of aws", came.Cause);
        var history = await HistoryAsync("ingress");
        Assert.True(history.IsWhole);
        Assert.Equal(history.Entries.Select(static entry => entry.Number), Enumerable.Range(1, history.Entries.Count).Select(static number => (long)number));
        Assert.Matches("^seen, Ingress shop/shop of aws", history.Entries.First(static entry => entry.What.StartsWith("claims shop.test/cart (Prefix) for shop/cart:", StringComparison.Ordinal)).Cause);
        Assert.DoesNotContain((await _shop.JsonAsync<HistoryView>("ingress", "history", "shop/shop", "--since", before)).Entries, static entry => entry.Number == 1);

        Assert.Equal(["/"], (await _shop.JsonAsync<PastRoutesView>("routes", "--at", before)).Routes.Select(static route => route.Path));
        Assert.Equal(["/", "/cart"], (await _shop.JsonAsync<PastRoutesView>("routes", "--at", "0s")).Routes.Select(static route => route.Path).Order(StringComparer.Ordinal));
        Assert.Empty((await _shop.JsonAsync<PastRoutesView>("routes", "--at", "1d")).Routes);
        var diff = await _shop.JsonAsync<TableDiffView>("diff", "--from", before);
        Assert.Empty(diff.Incomplete);
        Assert.Equal([("Endpoints", "shop/shop of aws"), ("Route", "shop.test/cart (Prefix)")], diff.Differences.Where(static item => !item.Name.Contains("cart of", StringComparison.Ordinal)).Select(static item => (item.Kind, item.Name)).Order());
        Assert.Contains("+ shop/cart:", (await _shop.McctlAsync("diff", "--from", before)).Output, StringComparison.Ordinal);

        await members[1].DeleteAsync(ResourcePath.Ingresses, Shop.Service, Shop.Service);
        await UntilToldAsync(async () => (await HistoryAsync("ingress")).Entries[^1] is { } last && last.Cause.StartsWith("deleted, Ingress shop/shop of gcp", StringComparison.Ordinal), "that the copy in gcp is gone");
        Assert.Contains("error: a time", Refusal(await _shop.McctlAsync("diff", "--from", "yesterday")).Replace("the query parameter \"from\" is ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Nothing is known of", (await _shop.McctlAsync("ingress", "history", "no/body")).Error, StringComparison.Ordinal);
    }

    private static string Refusal(Printed printed)
    {
        Assert.Equal(1, printed.Code);
        return printed.Error;
    }

    private Task<HistoryView> HistoryAsync(string kind) => _shop.JsonAsync<HistoryView>(kind, "history", "shop/shop");

    /// <summary>What is decided is written behind.</summary>
    private static Task UntilToldAsync(Func<Task<bool>> isTold, string what) => Await.NothingMissingAsync(async () => await isTold() ? null : $"in the history: {what}");
}
