using System.Net;
using MultiCluster.Acme.Jose;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Routing;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.Acme.Tests.Proxies;

/// <summary>
/// A route whose value holds the answer is all that HAProxy needs to answer a challenge, on every version: it comes before the routes of
/// Ingresses and goes at run time.
/// </summary>
public sealed class ChallengeRuleTests
{
    private const string Token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";

    internal const string Backend = """

        backend challenges from base
            http-request return status 200 content-type text/plain lf-string %[var(txn.route),field(2,|)]

        """;

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_route_holds_the_answer(HAProxyBinary binary)
    {
        await using var proxy = await ChallengeProxy.StartAsync(binary, static program => program + Backend);
        var challenge = NewChallenge();

        Assert.Equal((404, "no route\n"), await GetAsync(proxy, "shop.example", challenge.Path));
        await proxy.AddRouteAsync(challenge.Host, challenge.Path, $"challenges|{challenge.KeyAuthorization}|web/shop");

        await AssertAnswersAsync(proxy, challenge);
        Assert.Equal((404, "no route\n"), await GetAsync(proxy, "other.example", challenge.Path));

        // Routes of Ingresses, a solver's of cert-manager among them, take all but this token.
        await proxy.AddRouteAsync("shop.example", "", $"{ProgramRenderer.NoRouteBackend}||web/shop", PathMatch.Prefix);
        await proxy.AddRouteAsync("shop.example", "/.well-known/acme-challenge", $"{ProgramRenderer.NoRouteBackend}||web/solver", PathMatch.Prefix);
        Assert.Equal((200, challenge.KeyAuthorization), await GetAsync(proxy, "shop.example", challenge.Path));
        Assert.Equal((503, "no endpoints"), await GetAsync(proxy, "shop.example", HttpChallenge.PathPrefix + "another"));
        await proxy.DeleteRouteAsync("shop.example", "", PathMatch.Prefix);
        await proxy.DeleteRouteAsync("shop.example", "/.well-known/acme-challenge", PathMatch.Prefix);

        await proxy.DeleteRouteAsync(challenge.Host, challenge.Path);
        Assert.Equal((404, "no route\n"), await GetAsync(proxy, "shop.example", challenge.Path));
        Assert.Equal(proxy.Running.WorkerPid, await proxy.WorkerAsync());
    }

    private static async Task AssertAnswersAsync(ChallengeProxy proxy, HttpChallenge challenge)
    {
        var right = (200, challenge.KeyAuthorization);
        Assert.Equal(right, await GetAsync(proxy, "shop.example", challenge.Path));
        Assert.Equal(right, await GetAsync(proxy, "shop.example:80", challenge.Path));
        Assert.Equal(right, await GetAsync(proxy, "SHOP.example", challenge.Path));
        Assert.Equal(right, await GetAsync(proxy, "shop.example", challenge.Path + "?a=b"));
        Assert.Equal((404, "no route\n"), await GetAsync(proxy, "shop.example", challenge.Path + "/x"));
        Assert.Equal((404, "no route\n"), await GetAsync(proxy, "shop.example", challenge.Path + "x"));
        Assert.Equal((404, "no route\n"), await GetAsync(proxy, "shop.example", HttpChallenge.PathPrefix));
    }

    private static async Task<(int Status, string Body)> GetAsync(ChallengeProxy proxy, string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://shop.example{path}"));
        request.Headers.Host = host;
        using var response = await proxy.Client.SendAsync(request);
        if (response.StatusCode == HttpStatusCode.OK)
            Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static HttpChallenge NewChallenge()
    {
        using var key = AccountKey.Create();
        return new HttpChallenge("shop.example", Token, key.Authorize(Token));
    }
}
