using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MultiCluster.EndToEnd.Tests.Policies;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Settings;

/// <summary>Settings of a ConfigMap in the home cluster: those of Ingresses count at run time, those of proxies cost one reload each time.</summary>
public sealed class SettingsTests
{
    private const string More = """
        members.aws.home = true
        haproxy.settings { config-map = "ingress/settings", https-redirect-with-tls = true, class-parameters = "ingress", values { "haproxy.org/response-set-header" = "x-from file" } }
        """;

    /// <summary>Stands for the port that the log goes to.</summary>
    private const string LogPort = "{log}";

    private static readonly (string Key, string Value)[] OfficialFirst = [("timeout-client", "7s"), ("timeout-http-request", "8s"), ("http-server-close", "true")];

    private static readonly (string Key, string Value)[] Official =
    [
        ("syslog-server", "address:127.0.0.1, port:1514, facility:local1, level:notice, minlevel:err, length:2048, format:rfc5424\naddress:stdout, format:raw, facility:daemon"),
        ("http-connection-mode", "httpclose"), ("logasap", "true"), ("maxconn", "300"), ("nbthread", "2"), ("tls-alpn", "http/1.1"), ("hard-stop-after", "9s"), ("timeout-connect", "1s"), ("timeout-client", "20s"),
        ("timeout-client-fin", "3s"), ("timeout-http-keep-alive", "4s"), ("timeout-http-request", "5s"), ("timeout-queue", "6s"), ("timeout-tunnel", "7m"),
    ];

    private static readonly (string Key, string Value)[] OfficialLast = [("proxy-protocol", "192.0.2.0/24, 127.0.0.0/8"), ("http-keep-alive", "false")];

    private static readonly (string Key, string Value)[] AtRunTime = [("redirect-to-code", "307"), ("ssl-redirect-code", "308")];

    private static readonly (string Key, string Value)[] Community =
    [
        ("forwardfor", "add"), ("original-forwarded-for-hdr", "X-Came"), ("real-ip-hdr", "X-Real-IP"), ("ssl-options", "no-tls-tickets ssl-min-ver TLSv1.2"),
        ("ssl-ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"), ("ssl-cipher-suites", "TLS_AES_128_GCM_SHA256"), ("ssl-dh-default-max-size", "2048"),
        ("syslog-endpoint", $"127.0.0.1:{LogPort}"), ("syslog-format", "rfc3164"), ("syslog-length", "4096"), ("syslog-tag", "ingress"), ("nbthread", "2"), ("timeout-stop", "9s"), ("timeout-keep-alive", "9s"),
        ("timeout-client", "20s"), ("timeout-client-fin", "3s"), ("timeout-connect", "1s"), ("timeout-http-request", "5s"), ("timeout-queue", "6s"), ("max-connections", "300"), ("ssl-headers-prefix", "X-Their_TLS"),
        ("tls-alpn", "h2,http/1.1"),
    ];

    private static readonly (string Key, string Value)[] CommunityLast = [("use-proxy-protocol", "true")];

    /// <summary>Settings that tests here set, with their prefixes.</summary>
    internal static IEnumerable<string> Names =>
    [
        .. OfficialFirst.Concat(Official).Concat(OfficialLast).Select(static item => "haproxy.org/" + item.Key),
        .. AtRunTime.Concat(Community).Concat(CommunityLast).Select(static item => "haproxy-ingress.github.io/" + item.Key),
    ];

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Defaults_count_at_run_time_and_settings_of_proxies_cost_one_reload(HAProxyBinary binary)
    {
        await using var world = await FederatedWorld.StartAsync(binary, [await FederatedMember.StartAsync("aws"), await FederatedMember.StartAsync("gcp")], More);
        await world.AddServiceAsync("web", "app", ("aws", 1), ("gcp", 1));
        await world.ApplyToAllAsync(Yaml.Join(
            Yaml.Ingress("web", "plain", "plain.example", [Yaml.Path("/", "Prefix", "app")]),
            Yaml.Ingress("web", "own", "own.example", [Yaml.Path("/", "Prefix", "app")]).Replace("metadata: {", "metadata: {annotations: {haproxy.org/response-set-header: x-from ingress}, ", StringComparison.Ordinal),
            Yaml.Ingress("web", "tls", "tls.example", [Yaml.Path("/", "Prefix", "app")], tls: "  tls:\n  - {hosts: [tls.example]}\n")));
        await UntilAsync(world, "http://plain.example/", 200, "x-from: file");
        await UntilAsync(world, "http://own.example/", 200, "x-from: ingress");
        await UntilAsync(world, "http://tls.example/", 302, "location: https://tls.example/");

        // Of the ConfigMap, which counts before the file; what is no good changes nothing.
        await SettingsAsync(world, ("response-set-header", "x-from map"), ("ssl-redirect", "false"), ("nothing", "x"), ("set-host", "%[src]"));
        await UntilAsync(world, "http://plain.example/", 200, "x-from: map");
        await UntilAsync(world, "http://own.example/", 200, "x-from: ingress");
        await UntilAsync(world, "http://tls.example/", 200, "x-from: map");
        await SettingsAsync(world, ("response-set-header", "no-header"), ("deny-list", "127.0.0.0/8"));
        await UntilAsync(world, "http://own.example/", 403, "");
        await SettingsAsync(world, ("response-set-header", "no-header"));
        await UntilAsync(world, "http://plain.example/", 200, "x-from: map");

        // Of the class, which counts before both, in whichever member it is.
        await ClassAsync(world, ("denylist-source-range", "127.0.0.0/8"));
        await UntilAsync(world, "http://plain.example/", 403, "");
        await UntilAsync(world, "http://own.example/", 403, "");
        await ClassAsync(world, ("denylist-source-range", "10.0.0.0/8"));
        await UntilAsync(world, "http://plain.example/", 200, "x-from: map");
        await ClassAsync(world);
        await world.AssertUndisturbedAsync();

        // Of proxies: one reload each time, whatever number of them changes; without an error for whoever asks meanwhile.
        await SettingsAsync(world, OfficialFirst);
        await UntilReloadsAsync(world, 1);
        await SettingsAsync(world, ("timeout-client", "soon"), ("timeout-http-request", "8s"), ("http-server-close", "true"), ("deny-list", "127.0.0.0/8"));
        await UntilAsync(world, "http://plain.example/", 403, "");
        await UntilReloadsAsync(world, 1);
        await SettingsAsync(world);
        await UntilReloadsAsync(world, 2);
        await UntilAsync(world, "http://plain.example/", 200, "x-from: file");
        Assert.Equal([("SettingsChanged", 2L)], (await world.Product.ProxyAsync()).ReloadsByReason.Select(static item => (item.Key, item.Value)));
    }

    /// <summary>HAProxy takes each setting of proxies, with the values that are tried where they are said to change the program.</summary>
    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task HAProxy_takes_every_setting_of_proxies(HAProxyBinary binary)
    {
        await using var world = await FederatedWorld.StartAsync(binary, [await FederatedMember.StartAsync("aws")], More);
        await world.AddServiceAsync("web", "app", ("aws", 1));
        await world.ApplyToAllAsync(Yaml.Ingress("web", "plain", "plain.example", [Yaml.Path("/", "Prefix", "app")]));
        await UntilAsync(world, "http://plain.example/", 200, "");
        await using var load = Load.Start(world.Product.Setting, "http://plain.example/", "app", clients: 1);
        await SettingsAsync(world, Official);
        await UntilReloadsAsync(world, 1);
        await UntilAsync(world, "http://plain.example/", 200, "");
        var file = await File.ReadAllTextAsync(Path.Combine(world.Product.Setting.StateDirectory, "current", "haproxy.cfg"));
        foreach (var line in new[] { "option httpclose", "option logasap", "maxconn 300", "nbthread 2", "timeout client 20000ms", "timeout client-fin 3000ms", "timeout tunnel 420000ms", "log 127.0.0.1:1514 len 2048 format rfc5424 local1 notice err" })
            Assert.Contains(line, file, StringComparison.Ordinal);

        await load.AssertNoneFailedAsync();

        // Whom a load balancer speaks for.
        await SettingsAsync(world, OfficialLast);
        await UntilReloadsAsync(world, 2);
        Assert.Contains("option httpclose", await File.ReadAllTextAsync(Path.Combine(world.Product.Setting.StateDirectory, "current", "haproxy.cfg")), StringComparison.Ordinal);
        var (status, echo) = await world.Product.Client.SendRawAsync("PROXY TCP4 192.0.2.77 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: plain.example\r\nConnection: close\r\n\r\n");
        Assert.Equal((200, "192.0.2.77"), (status, echo!.Headers["x-forwarded-for"]));
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows("haproxy-ingress.github.io/", "redirect-to-code", "ssl-redirect-code", IsUnderLoad = true), Shows("nginx.ingress.kubernetes.io/enable-access-log")]
    public async Task HAProxy_takes_every_setting_of_the_community_controllers_names(HAProxyBinary binary)
    {
        await using var world = await FederatedWorld.StartAsync(
            binary, [await FederatedMember.StartAsync("aws")], More + "\nhaproxy.settings.prefix = \"haproxy-ingress.github.io/\"");
        await world.AddServiceAsync("web", "app", ("aws", 1));
        await world.ApplyToAllAsync(Yaml.Ingress("web", "plain", "plain.example", [Yaml.Path("/", "Prefix", "app")]));
        await UntilAsync(world, "http://plain.example/", 200, "");
        await world.ApplyToAllAsync(Yaml.Join(
            ClientIdentities.Shared.Fill("apiVersion: v1\nkind: Secret\ntype: Opaque\nmetadata: {name: clients, namespace: web}\ndata: {ca.crt: {ca.crt}}\n"),
            Annotated("clients", "haproxy-ingress.github.io/auth-tls-secret: clients"),
            Annotated("moved", "haproxy-ingress.github.io/redirect-to: \"https://other.example/\""),
            Annotated("quiet", "nginx.ingress.kubernetes.io/enable-access-log: \"false\""),
            Yaml.Ingress("web", "tls", "tls.example", [Yaml.Path("/", "Prefix", "app")], tls: "  tls:\n  - {hosts: [tls.example]}\n")));
        await using var load = Load.Start(world.Product.Setting, "http://plain.example/", "app", clients: 1);
        await SettingsAsync(world, AtRunTime);
        await UntilAsync(world, "http://moved.example/", 307, "location: https://other.example/");
        await UntilAsync(world, "http://tls.example/", 308, "location: https://tls.example/");
        await world.AssertUndisturbedAsync();
        using var log = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await SettingsAsync(world, [.. Community.Select(item => (item.Key, item.Value.Replace(LogPort, $"{((IPEndPoint)log.Client.LocalEndPoint!).Port}", StringComparison.Ordinal)))]);
        await UntilReloadsAsync(world, 1);
        var answer = await world.Product.Client.SendAsync(HttpMethod.Get, "https://plain.example/", static headers => headers.Add("X-Forwarded-For", "192.0.2.9"));
        var seen = answer.Echo!.Headers;
        Assert.Equal(("192.0.2.9", "127."), (seen["x-came"], seen["x-forwarded-for"][..4]));
        Assert.Equal(seen["x-forwarded-for"], seen["x-real-ip"]);
        await UntilAsync(world, "http://moved.example/", 302, "");
        Assert.Equal(200, (int)(await world.Product.Client.SendAsync(HttpMethod.Get, "http://quiet.example/", alone: true)).Status);
        Assert.Equal(200, (int)(await world.Product.Client.SendAsync(HttpMethod.Get, "http://plain.example/last", alone: true)).Status);
        await AssertQuietAsync(log);

        // What tells of certificates has another name, under which nobody else says anything.
        using var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https, null, ClientIdentities.Shared["ann"]);
        await Await.NothingMissingAsync(async () =>
        {
            var told = await client.SendAsync(HttpMethod.Get, "https://clients.example/", static headers =>
            {
                headers.Add("X-Their_TLS-Client-CN", "root");
                headers.Add("X-Their-TLS_Client-Root", "yes");
                headers.Add("X-SSL-Client-CN", "root");
            });
            return (int)told.Status == 200 && told.Echo!.Headers is var names && names.GetValueOrDefault("x-their_tls-client-cn") == "ann" && !names.ContainsKey("x-their-tls_client-root") && !names.ContainsKey("x-ssl-client-cn")
                ? null : $"that ann is told as such, not {(int)told.Status} {string.Join(", ", told.Echo?.Headers ?? [])}";
        });
        await load.AssertNoneFailedAsync();

        await SettingsAsync(world, CommunityLast);
        await UntilReloadsAsync(world, 2);
        var (status, echo) = await world.Product.Client.SendRawAsync("PROXY TCP4 192.0.2.77 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: plain.example\r\nConnection: close\r\n\r\n");
        Assert.Equal((200, "192.0.2.77"), (status, echo!.Headers["x-forwarded-for"]));
    }

    /// <summary>Of the requests so far all are logged up to the last, but not those of an Ingress that wants none.</summary>
    private static async Task AssertQuietAsync(UdpClient log)
    {
        using var limit = new CancellationTokenSource(Await.Deadline);
        for (var line = ""; !line.Contains("/last", StringComparison.Ordinal);)
        {
            line = Encoding.UTF8.GetString((await log.ReceiveAsync(limit.Token)).Buffer);
            Assert.Contains("ingress", line, StringComparison.Ordinal);
            Assert.DoesNotContain("quiet.example", line, StringComparison.Ordinal);
        }
    }

    private static string Annotated(string name, string annotation) =>
        Yaml.Ingress("web", name, $"{name}.example", [Yaml.Path("/", "Prefix", "app")]).Replace("metadata: {", $"metadata: {{annotations: {{{annotation}}}, ", StringComparison.Ordinal);

    private static Task SettingsAsync(FederatedWorld world, params (string Key, string Value)[] data) => world["aws"].ApplyAsync($$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {namespace: ingress, name: settings}
        data: {{{string.Join(", ", data.Select(static item => $"{item.Key}: {JsonSerializer.Serialize(item.Value)}"))}}}
        """);

    private static Task ClassAsync(FederatedWorld world, params (string Key, string Value)[] data) => world["aws"].ApplyAsync($$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {namespace: ingress, name: class}
        data: {{{string.Join(", ", data.Select(static item => $"{item.Key}: {JsonSerializer.Serialize(item.Value)}"))}}}
        ---
        {{Yaml.IngressClass(Yaml.Class)}}
          parameters: {kind: ConfigMap, name: class, namespace: ingress, scope: Namespace}
        """);

    private static Task UntilAsync(FederatedWorld world, string url, int status, string header) => Await.NothingMissingAsync(async () =>
    {
        var answer = await world.Product.Client.GetAsync(url);
        var headers = string.Join('\n', answer.Headers.Select(static item => $"{item.Key.ToLowerInvariant()}: {item.Value}"));
        return (int)answer.Status == status && headers.Contains(header, StringComparison.Ordinal) ? null : $"{status} {header} of {url}; it answers {(int)answer.Status} {headers}";
    });

    private static async Task UntilReloadsAsync(FederatedWorld world, long reloads) => await Await.NothingMissingAsync(async () =>
    {
        var view = await world.Product.ProxyAsync();
        var count = view.ReloadsByReason.Values.Sum();
        Assert.True(count <= reloads, $"{count} reloads: {string.Join(", ", view.ReloadsByReason)}");
        Assert.Empty(view.FailedReloadsByReason);
        return count == reloads && view.AppliedVersion == view.DesiredVersion ? null : $"{reloads} reloads; there were {count}";
    });
}
