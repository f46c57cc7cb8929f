using System.Net;
using System.Text.Json;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using MultiCluster.TestKit.Network;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>A firewall for applications comes, says no, goes, and becomes another.</summary>
public sealed class FirewallTests
{
    private const string Waf = "haproxy-ingress.github.io/waf: modsecurity";

    private const string More = """
        members.aws.home = true
        haproxy.settings { config-map = "ingress/settings", prefix = "haproxy-ingress.github.io/" }
        haproxy.waf.timeouts.processing = 5s
        haproxy.health-checks { interval = 100ms, fall = 1, rise = 1 }
        """;

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows(
        "haproxy-ingress.github.io/", "waf", "waf-mode", "modsecurity-endpoints", "modsecurity-args", "modsecurity-use-coraza", "modsecurity-timeout-connect", "modsecurity-timeout-hello", "modsecurity-timeout-idle",
        "modsecurity-timeout-processing", "modsecurity-timeout-server")]
    public async Task Routes_ask_the_firewall_that_settings_name_and_pass_while_it_is_away(HAProxyBinary binary)
    {
        await using var world = await FederatedWorld.StartAsync(binary, [await FederatedMember.StartAsync("aws")], More);
        await world.AddServiceAsync("web", "app", ("aws", 1));
        await world.ApplyToAllAsync(Yaml.Join(
            Ingress("plain"),
            Ingress("guarded", Waf),
            Ingress("watched", Waf, "haproxy-ingress.github.io/waf-mode: detect")));
        await UntilAsync(world, "http://plain.example/attack", 200);

        // Without one, nothing that needs its word passes.
        await UntilAsync(world, "http://guarded.example/", 503);
        await UntilAsync(world, "http://watched.example/attack", 200);

        var agent = SpopAgent.Start(new IPEndPoint(IPAddress.Loopback, 0), static sent => ("code", sent.Contains("attack", StringComparison.Ordinal) ? 403 : 0));
        var address = agent.Address;
        try
        {
            await SettingsAsync(
                world, ("modsecurity-endpoints", address.ToString()), ("modsecurity-args", "uuid() method path headers=req.hdrs body=req.body"), ("modsecurity-timeout-hello", "2s"),
                ("modsecurity-timeout-connect", "3s"), ("modsecurity-timeout-idle", "40s"), ("modsecurity-timeout-processing", "6s"), ("modsecurity-timeout-server", "7s"));
            await UntilAsync(world, "http://guarded.example/", 200);
            await UntilAsync(world, "http://guarded.example/attack", 403);
            var file = await File.ReadAllTextAsync(Path.Combine(world.Product.Setting.StateDirectory, "current", "haproxy.cfg"));
            foreach (var line in new[] { "timeout hello 2000ms", "timeout connect 3000ms", "timeout idle 40000ms", "timeout processing 6000ms", "timeout server 7000ms" })
                Assert.Contains(line, file, StringComparison.Ordinal);
            // A connection that is kept may lead to the HAProxy before for one more request.
            var before = agent.Asked;
            await Await.NothingMissingAsync(async () =>
            {
                await UntilAsync(world, "http://watched.example/attack", 200);
                return agent.Asked > before ? null : "that a request in the mode that only tells is asked about";
            });
            await UntilAsync(world, "http://plain.example/", 200);
            before = agent.Asked;
            await UntilAsync(world, "http://plain.example/attack", 200);
            Assert.Equal(before, agent.Asked);

            // A body's beginning is looked at; a head that agents could not take is not let past them.
            using (var big = new ByteArrayContent([.. Enumerable.Repeat((byte)'a', 9000), .. "attack"u8, .. Enumerable.Repeat((byte)'a', 90_000)]))
                Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(world, big));
            Assert.Equal(431, (int)(await world.Product.Client.SendAsync(HttpMethod.Get, "http://guarded.example/attack", static headers => headers.Add("x-long", new string('a', 14_000)))).Status);
            for (var length = 200; length < 13_000; length += 1600)
                Assert.Equal(403, (int)(await world.Product.Client.SendAsync(HttpMethod.Post, "http://guarded.example/attack", headers => headers.Add("x-long", new string('a', length)), body: new byte[40_000])).Status);
        }
        finally
        {
            await agent.DisposeAsync();
        }

        // While it is away requests pass, as with the controller that the annotation is of.
        await UntilAsync(world, "http://guarded.example/attack", 200);
        await using (SpopAgent.Start(address, static sent => ("action", sent.Contains("attack", StringComparison.Ordinal) ? "deny" : "allow")))
        {
            await SettingsAsync(world, ("modsecurity-endpoints", address.ToString()), ("modsecurity-timeout-hello", "2s"), ("modsecurity-use-coraza", "true"));
            await UntilAsync(world, "http://guarded.example/attack", 403);
            await UntilAsync(world, "http://guarded.example/", 200);
        }

        await SettingsAsync(world, ("modsecurity-endpoints", "none"));
        await UntilAsync(world, "http://guarded.example/attack", 200);
        await SettingsAsync(world);
        await UntilAsync(world, "http://guarded.example/", 503);
        var view = await world.Product.ProxyAsync();
        // A fourth was seen on a machine that had too much to do; three settings were others than before.
        Assert.Equal(["SettingsChanged"], view.ReloadsByReason.Keys);
        Assert.InRange(view.ReloadsByReason["SettingsChanged"], 3, 4);
        Assert.Empty(view.FailedReloadsByReason);
    }

    private static async Task<HttpStatusCode> PostAsync(FederatedWorld world, HttpContent body)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{world.Product.Setting.Http}/") { Content = body };
        request.Headers.Host = "guarded.example";
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private static string Ingress(string name, params string[] annotations) =>
        Yaml.Ingress("web", name, $"{name}.example", [Yaml.Path("/", "Prefix", "app")]).Replace("metadata: {", $"metadata: {{annotations: {{{string.Join(", ", annotations)}}}, ", StringComparison.Ordinal);

    private static Task SettingsAsync(FederatedWorld world, params (string Key, string Value)[] data) => world["aws"].ApplyAsync($$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {namespace: ingress, name: settings}
        data: {{{string.Join(", ", data.Select(static item => $"{item.Key}: {JsonSerializer.Serialize(item.Value)}"))}}}
        """);

    private static Task UntilAsync(FederatedWorld world, string url, int status) => Await.NothingMissingAsync(async () =>
        await world.Product.Client.GetAsync(url) is var answer && (int)answer.Status == status ? null : $"{status} of {url}; it answers {(int)answer.Status}");
}
