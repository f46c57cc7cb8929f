using System.Net;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Model.Admin;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Admin;

/// <summary>The admin API over HTTP, as probes and browsers meet it.</summary>
public sealed class AdminApiTests
{
    [Fact]
    public async Task After_a_restart_with_a_member_away_it_is_ready_and_says_that_it_is_degraded()
    {
        await using var pods = await EchoPods.StartAsync();
        var gcp = new ApiMember(await FakeCluster.StartAsync(new FakeClusterOptions { Name = "gcp" }));
        var aws = new ApiMember(await FakeCluster.StartAsync(new FakeClusterOptions { Name = "aws" }));
        foreach (var member in new[] { aws, gcp })
            await AddAsync(member, pods, member.Name);
        await using var product = await Product.StartAsync(new Setting(HAProxyBinaries.Default, [aws, gcp]) { MemberTimeout = TimeSpan.FromSeconds(1) });
        await product.UntilServiceAsync("http://gcp.ready.test/", "gcp");
        await product.UntilStartFileAsync();
        await product.StopControllerAsync();
        await gcp.Cluster.PauseAsync();

        await product.StartControllerAsync(untilServing: false);

        await UntilAsync(product, HttpStatusCode.OK, "degraded: not read whole yet: members gcp; what HAProxy has of them stays\n");
        await AddAsync(aws, pods, "new");
        await product.UntilServiceAsync("http://new.ready.test/", "new");
        Assert.Equal("gcp", (await product.Client.GetAsync("http://gcp.ready.test/")).Service);

        await gcp.Cluster.ResumeAsync();
        await UntilAsync(product, HttpStatusCode.OK, "proxy local: Serving\n");
    }

    [Theory]
    [InlineData("rebound.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:80", HttpStatusCode.OK)]
    [InlineData("192.0.2.1:9070", HttpStatusCode.OK)]
    [InlineData("[::1]:9070", HttpStatusCode.OK)]
    public async Task It_is_called_by_address_or_as_localhost_only(string host, HttpStatusCode expected)
    {
        var aws = new ApiMember(await FakeCluster.StartAsync(new FakeClusterOptions { Name = "aws" }));
        await using var product = await Product.StartAsync(new Setting(HAProxyBinaries.Default, [aws]));
        foreach (var path in new[] { AdminPaths.Members, AdminPaths.Live, AdminPaths.Proxy("local") })
            Assert.Equal(expected, (await AskAsync(product, path, host)).Status);
    }

    private static Task AddAsync(ApiMember member, EchoPods pods, string name) => member.ApplyAsync(Yaml.Join(
        Yaml.IngressClass(Yaml.Class),
        Yaml.Service("ready", name),
        Yaml.Slice("ready", name, pods.Port, [pods.New(member.Name, "ready", name)]),
        Yaml.Ingress("ready", name, $"{name}.ready.test", [Yaml.Path("/", "Prefix", name)])));

    private static Task UntilAsync(Product product, HttpStatusCode status, string start) => Await.NothingMissingAsync(async () =>
    {
        var answer = await AskAsync(product, AdminPaths.Ready, null);
        return answer.Status == status && answer.Body.StartsWith(start, StringComparison.Ordinal)
            ? null
            : $"{status} {start.Trim()}; the answer is {answer.Status} {answer.Body}";
    });

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(Product product, string path, string? host)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{product.Setting.AdminListen}{path}");
        request.Headers.Host = host;
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
