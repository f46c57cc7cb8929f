using System.Net;
using System.Text;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Settings;

/// <summary>Services of connections: a new port is one reload, and everything behind it changes at run time.</summary>
public sealed class TcpServiceTests
{
    private static readonly IPAddress Listen = Loopback.NewAddress();

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows("haproxy-ingress.github.io/", "tcp-service-port", "tcp-service-proxy-protocol")]
    public async Task A_new_port_is_one_reload_and_what_is_behind_it_is_data(HAProxyBinary binary)
    {
        var (first, second, third) = (Loopback.FreePort(Listen), Loopback.FreePort(Listen), Loopback.FreePort(Listen));
        await using var world = await FederatedWorld.StartAsync(
            binary,
            [await FederatedMember.StartAsync("aws"), await FederatedMember.StartAsync("gcp")],
            $$"""haproxy.tcp-services { config-maps = ["ingress/tcp"], listen = ["{{Listen}}"] }""");
        await world.AddServiceAsync("web", "app", ("aws", 1), ("gcp", 1));
        await world.AddServiceAsync("web", "other", ("aws", 1), ("gcp", 1));

        // A line that is no good, and a port that requests come to, are left out; nothing else is hurt.
        await MapAsync(world, "aws", (first, "web/app:8080"), (world.Product.Setting.Http.Port, "web/app:8080"), (7, "nonsense"));
        await UntilFromAsync(world, first, "aws/app");
        await UntilReloadsAsync(world, 1);
        await UntilRefusedAsync(world, 1);

        // At run time: in another cluster too, another Service, a share for each cluster.
        await MapAsync(world, "gcp", (first, "web/app:8080"));
        await UntilFromAsync(world, first, "aws/app", "gcp/app");
        await MapAsync(world, "aws", (first, "web/other:http"));
        await MapAsync(world, "gcp", (first, "web/other:8080"));
        await UntilFromAsync(world, first, "aws/other", "gcp/other");
        await UntilReloadsAsync(world, 1);

        // By an Ingress, with shares for clusters.
        await ApplyAsync(world, second, "aws=0,gcp=100");
        await UntilFromAsync(world, second, "gcp/app");
        await UntilReloadsAsync(world, 2);
        await ApplyAsync(world, second, "aws=100,gcp=0");
        await UntilFromAsync(world, second, "aws/app");
        await ApplyAsync(world, second, "aws=100,gcp=0", ", haproxy-ingress.github.io/allowlist-source-range: 10.0.0.0/8");
        await UntilFromAsync(world, second);
        await UntilReloadsAsync(world, 2);

        // An Ingress' port takes the client's address in front, too.
        await ApplyAsync(world, second, "aws=100,gcp=0", ", haproxy-ingress.github.io/tcp-service-proxy-protocol: \"true\"");
        await UntilReloadsAsync(world, 3);
        await Await.NothingMissingAsync(async () => (await AskAsync(second, "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"))?.Member is "aws" ? null : "an answer of aws after a PROXY header of an Ingress' port");
        Assert.Null(await AskAsync(second));

        // With the client's address in front, and without the port of before.
        await MapAsync(world, "aws", (third, "web/app:8080:PROXY"));
        await MapAsync(world, "gcp", (third, "web/app:8080:PROXY"));
        await UntilReloadsAsync(world, 4);
        await Await.NothingMissingAsync(async () => await AskAsync(third, "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n") is null ? "an answer after a PROXY header" : null);
        Assert.Null(await AskAsync(third));
        Assert.Null(await AskAsync(first));
        await MapAsync(world, "aws");
        await MapAsync(world, "gcp");
        await UntilFromAsync(world, third);
        await UntilReloadsAsync(world, 4);
        Assert.Equal(["PortAdded"], (await world.Product.ProxyAsync()).ReloadsByReason.Keys);

        // Another process has a port: what comes with it is served, and it is when it is free.
        var (taken, fourth) = (Loopback.FreePort(Listen), Loopback.FreePort(Listen));
        using (var other = new System.Net.Sockets.TcpListener(Listen, taken))
        {
            other.Start();
            await MapAsync(world, "aws", (taken, "web/app:8080"), (fourth, "web/app:8080"), (world.Product.Setting.AdminListen.Port, "web/app:8080"));
            await UntilFromAsync(world, fourth, "aws/app");
            await UntilRefusedAsync(world, 2);
        }

        await UntilFromAsync(world, taken, "aws/app");
    }

    private static Task ApplyAsync(FederatedWorld world, int port, string weights, string more = "") => world.ApplyToAllAsync($$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: tcp, namespace: web, annotations: {haproxy-ingress.github.io/tcp-service-port: "{{port}}", multicluster-ingress.github.io/cluster-weights: "{{weights}}"{{more}} } }
        spec:
          ingressClassName: {{Yaml.Class}}
          defaultBackend: {service: {name: app, port: {number: 8080} } }

        """);

    private static Task MapAsync(FederatedWorld world, string member, params (int Port, string Value)[] lines) => world[member].ApplyAsync($$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {namespace: ingress, name: tcp}
        data: {{{string.Join(", ", lines.Select(static line => $"\"{line.Port}\": \"{line.Value}\""))}}}

        """);

    /// <summary>Who answers, and nobody else; nobody at all where none is named.</summary>
    private static Task UntilFromAsync(FederatedWorld world, int port, params string[] pods) => Await.NothingMissingAsync(async () =>
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 20; i++)
            seen.Add(await AskAsync(port) is { } echo ? $"{echo.Member}/{echo.Service}" : "nobody");
        string[] wanted = pods.Length == 0 ? ["nobody"] : pods;
        return seen.SetEquals(wanted) ? null : $"{string.Join(", ", wanted)} at port {port}; there is {string.Join(", ", seen)}";
    });

    private static async Task<EchoAnswer?> AskAsync(int port, string before = "")
    {
        try
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync(Listen, port);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{before}GET / HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n\r\n"));
            using var reader = new StreamReader(stream);
            var text = await reader.ReadToEndAsync();
            var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            return body < 0 ? null : EchoPods.Read(text[(body + 4)..]);
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    private static async Task UntilReloadsAsync(FederatedWorld world, long reloads) => await Await.NothingMissingAsync(async () =>
    {
        var view = await world.Product.ProxyAsync();
        var count = view.ReloadsByReason.Values.Sum();
        Assert.True(count <= reloads, $"{count} reloads: {string.Join(", ", view.ReloadsByReason)}");
        Assert.Empty(view.FailedReloadsByReason);
        return count == reloads && view.AppliedVersion == view.DesiredVersion ? null : $"{reloads} reloads; there were {count}";
    });

    private static Task UntilRefusedAsync(FederatedWorld world, int count) => Await.NothingMissingAsync(async () =>
        (await world.Product.ProxyAsync()).Refused == count ? null : $"{count} routes that are refused");
}
