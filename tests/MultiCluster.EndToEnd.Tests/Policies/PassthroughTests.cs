using System.Net;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>TLS that is passed on unread: the first Ingress that wants it takes a reload, and nothing after it does.</summary>
public sealed class PassthroughTests
{
    private const string Key = "haproxy-ingress.github.io/ssl-passthrough";

    /// <summary>The inner socket has to be its own, too.</summary>
    private static string AsAnotherUser => Environment.IsPrivilegedProcess ? "haproxy { user = haproxy, group = haproxy }" : "";

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows("haproxy-ingress.github.io/", "ssl-passthrough", "ssl-passthrough-http-port"), Shows("haproxy.org/ssl-passthrough"), Shows("nginx.ingress.kubernetes.io/ssl-passthrough")]
    public async Task TLS_is_passed_on_by_name_and_changes_at_run_time(HAProxyBinary binary)
    {
        using var authority = new TestAuthority("pods");
        using var certificate = authority.Issue("own.example");
        await using var world = await FederatedWorld.StartAsync(binary, [await FederatedMember.StartAsync("aws")], AsAnotherUser);
#pragma warning disable CA1416 // HAProxy is not for Windows.
        File.SetUnixFileMode(world.Product.Setting.Folder, File.GetUnixFileMode(world.Product.Setting.Folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
#pragma warning restore CA1416
        await world.AddServiceAsync("web", "app", ("aws", 1));
        await using var first = new TlsPod(IPAddress.Loopback, 0, certificate, "first");
        await using var second = new TlsPod(IPAddress.Parse("127.0.0.2"), first.Port, certificate, "second");
        await world.ApplyToAllAsync(Yaml.Join(Yaml.Ingress("web", "app", "other.example", [Yaml.Path("/", "Prefix", "app")]), Yaml.Service("web", "own"), Slice(world, first.Port, "127.0.0.1")));
        await world.Product.UntilServiceAsync("http://other.example/", "app");

        // What was given at run time before the reload is there after it, too.
        await world.ApplyToAllAsync(Yaml.Join(
            ClientIdentities.Shared.Fill("apiVersion: v1\nkind: Secret\ntype: Opaque\nmetadata: {name: clients, namespace: web}\ndata: {ca.crt: {ca.crt}, ca.crl: {ca.crl}}\n"),
            Ingress("clients.example", "haproxy-ingress.github.io/auth-tls-secret: clients", "clients", "app")));
        await UntilCertificatesAsync(world);

        await world.ApplyToAllAsync(Ingress("own.example", $"{Key}: \"true\""));
        await UntilAsync(world, "https://own.example/", "first");
        await UntilAsync(world, "http://own.example/", "302 https://own.example/");
        using (var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https, IPAddress.Parse("127.0.0.7")))
        {
            Assert.Equal(certificate.Thumbprint, (await client.GetAsync("https://own.example/")).Leaf?.Thumbprint);
            var other = await client.GetAsync("https://other.example/");
            Assert.Equal(("app", "127.0.0.7", "https"), (other.Service, HeaderOf(other, "x-forwarded-for"), HeaderOf(other, "x-forwarded-proto")));
        }

        await UntilCertificatesAsync(world);
        await world.ApplyToAllAsync(Ingress("clients.example", "haproxy-ingress.github.io/auth-tls-secret: clients, haproxy-ingress.github.io/auth-tls-verify-client: \"off\"", "clients", "app"));
        await UntilAsync(world, "https://clients.example/", "another certificate");

        // From here on at run time: endpoints, another host by another controller's word, and the end of it.
        await world.ApplyToAllAsync(Slice(world, first.Port, "127.0.0.2"));
        await UntilAsync(world, "https://own.example/", "second");
        await world.ApplyToAllAsync(Ingress("more.example", "nginx.ingress.kubernetes.io/ssl-passthrough: \"true\"", "more"));
        await UntilAsync(world, "https://more.example/", "second");
        await world.ApplyToAllAsync(Ingress("more.example", "haproxy.org/ssl-passthrough: \"true\", haproxy.org/allow-list: 10.0.0.0/8", "more"));
        await UntilAsync(world, "https://more.example/", "403");
        await world.ApplyToAllAsync(Ingress("more.example", $"{Key}: \"true\", haproxy-ingress.github.io/ssl-passthrough-http-port: \"80\"", "more"));
        await UntilAsync(world, "https://more.example/", "second");
        await world.ApplyToAllAsync(Ingress("more.example", $"{Key}: \"false\"", "more"));
        await UntilAsync(world, "https://more.example/", "another certificate");

        // Of all names of a wildcard, but not of one that has routes of its own: those who come to it would not know.
        await world.ApplyToAllAsync(Ingress("*.wild.example", $"{Key}: \"true\"", "more"));
        await UntilAsync(world, "https://any.wild.example/", "second");
        await world.ApplyToAllAsync(Yaml.Ingress("web", "exact", "exact.wild.example", [Yaml.Path("/a", "Prefix", "app")]));
        await UntilAsync(world, "https://exact.wild.example/a", "another certificate");
        await UntilAsync(world, "https://any.wild.example/", "second");
        await world["aws"].DeleteAsync(ResourcePath.Ingresses, "web", "exact");
        await UntilAsync(world, "https://exact.wild.example/a", "second");

        // A session of TLS is no way around what has changed about certificates since.
        await BelieveAsync(world, "{ca.crt}");
        await UntilInAsync(world, "ann");
        using var session = new TlsSession(world.Product.Setting.Https, "clients.example", ClientIdentities.Shared["ann"]);
        Assert.Equal((200, false), await session.AskAsync());
        Assert.Equal((200, true), await session.AskAsync());
        await BelieveAsync(world, "{others.crt}");
        await UntilInAsync(world, "eve");
        Assert.NotEqual(200, (await session.AskAsync()).Status);
        Assert.Equal([("PassthroughBegun", 1L)], (await world.Product.ProxyAsync()).ReloadsByReason.Select(static item => (item.Key, item.Value)));
    }

    private static async Task BelieveAsync(FederatedWorld world, string authority) => await world.ApplyToAllAsync(Yaml.Join(
        ClientIdentities.Shared.Fill($"apiVersion: v1\nkind: Secret\ntype: Opaque\nmetadata: {{name: clients, namespace: web}}\ndata: {{ca.crt: {authority}}}\n"),
        Ingress("clients.example", "haproxy-ingress.github.io/auth-tls-secret: clients", "clients", "app")));

    private static Task UntilInAsync(FederatedWorld world, string name) => Await.NothingMissingAsync(async () =>
    {
        using var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https, null, ClientIdentities.Shared[name]);
        return await client.GetAsync("https://clients.example/") is { Status: HttpStatusCode.OK } ? null : $"that {name} is let in";
    });

    private static string? HeaderOf(Answer answer, string name) => answer.Echo?.Headers.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    private static async Task UntilCertificatesAsync(FederatedWorld world)
    {
        foreach (var (name, status) in new[] { ("ann", 200), ("bob", 495), ("", 496) })
        {
            await Await.NothingMissingAsync(async () =>
            {
                using var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https, null, name.Length > 0 ? ClientIdentities.Shared[name] : null);
                return await client.GetAsync("https://clients.example/") is var answer && (int)answer.Status == status ? null : $"that \"{name}\" gets {status}, not {answer}";
            });
        }

        await Await.NothingMissingAsync(async () => await world.Product.ProxyAsync() is { Refused: 0 } view && view.AppliedVersion == view.DesiredVersion ? null : "that all is applied and nothing refused");
    }

    private static string Ingress(string host, string annotations, string name = "own", string service = "own") =>
        Yaml.Ingress("web", name, host, [Yaml.Path("/", "Prefix", service)]).Replace("metadata: {", $"metadata: {{annotations: {{{annotations}}}, ", StringComparison.Ordinal);

    private static string Slice(FederatedWorld world, int port, string address) =>
        Yaml.Slice("web", "own", port, [world.Pods.New("aws", "web", "own") with { Address = IPAddress.Parse(address) }]);

    /// <summary>What is answered, or how.</summary>
    private static async Task UntilAsync(FederatedWorld world, string url, string expected)
    {
        await Await.NothingMissingAsync(async () =>
        {
            using var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https);
            string found;
            try
            {
                var answer = await client.GetAsync(url);
                found = answer.Body is "first" or "second" ? answer.Body
                    : answer.Headers.TryGetValue("location", out var location) ? $"{(int)answer.Status} {location}"
                    : (int)answer.Status is 403 or 496 ? $"{(int)answer.Status}"
                    : "another certificate";
            }
            catch (HttpRequestException failure)
            {
                found = failure.Message;
            }

            return found == expected ? null : $"that {url} gives \"{expected}\", not \"{found}\"";
        });
    }
}
