using MultiCluster.EndToEnd.Tests.Conformance;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>Requests made to reach another route's backend than documented, byte by byte.</summary>
[Collection(WorldsDefinition.Name)]
public sealed class RequestHygieneTests(Worlds worlds)
{
    private const string Name = "hygiene";
    private const string Host = "hygiene.test";

    /// <summary>Host header, target, status, service; the whole rule for odd paths: decoded once, slashes merged, dot segments refused.</summary>
    private static readonly (string Host, string Target, int Status, string? Service)[] Table =
    [
        (Host, "/admin", 200, "admin"),
        (Host, "/public", 200, "public"),
        ("HYGIENE.TEST", "/admin", 200, "admin"),
        ("hygiene.test.", "/admin", 200, "admin"),
        ("hygiene.test:8080", "/admin", 200, "admin"),

        // A host that would end the key where the path begins.
        ("hygiene.test/public", "/admin", 400, null),
        ("hygiene.test/public/", "/", 400, null),
        ("hygiene.test?", "/admin", 400, null),
        ("hygiene.test#", "/admin", 400, null),
        ("*.wild.hygiene.test", "/", 400, null),
        ("*", "/", 400, null),
        ("hygiene%2etest", "/admin", 400, null),
        ("hygiene.test\u0001", "/admin", 400, null),
        ("hygiene.test admin", "/admin", 400, null),
        ("hygiene.test:80x", "/admin", 400, null),
        ("hygiene.test|x", "/admin", 400, null),
        ("hygiene.test,other.test", "/admin", 400, null),
        ("other.test,hygiene.test", "/admin", 400, null),
        (".wild.hygiene.test", "/", 400, null),
        ("a/b.wild.hygiene.test", "/", 400, null),
        ("one.wild.hygiene.test", "/", 200, "wild"),
        ("two.one.wild.hygiene.test", "/", 404, null),
        ("wild.hygiene.test", "/", 404, null),
        ("[::1]", "/admin", 404, null),
        ("192.0.2.1", "/admin", 404, null),

        // Dot segments, in clear or encoded.
        (Host, "/public/../admin", 400, null),
        (Host, "/public/./x", 400, null),
        (Host, "/public/..", 400, null),
        (Host, "/public/%2e%2e/admin", 400, null),
        (Host, "/public/%2E./admin", 400, null),
        (Host, "/public%2f..%2fadmin", 400, null),
        (Host, "/public//../admin", 400, null),
        (Host, "/public/...", 200, "public"),
        (Host, "/public/.hidden", 200, "public"),

        // Empty elements and encoded slashes.
        (Host, "//admin", 200, "admin"),
        (Host, "/public//x", 200, "public"),
        (Host, "/admin%2fx", 200, "admin"),
        (Host, "/%2fadmin", 200, "admin"),
        (Host, "/adm%69n", 200, "admin"),
        (Host, "/adm%2569n", 404, null),
        (Host, "/adminx", 404, null),
        (Host, "/ADMIN", 404, null),
        (Host, "/admin;x", 404, null),
        (Host, "/admin?a=/../public", 200, "admin"),
        (Host, "/public?/../admin", 200, "public"),

        // The end mark of Exact keys can't be forged.
        (Host, "/exact", 200, "exact"),
        (Host, "/exact/", 404, null),
        (Host, "/exact%2f", 404, null),
        (Host, "/exact/%01", 400, null),
        (Host, "/exact%2f%01", 400, null),
        (Host, "/admin%00", 400, null),
        (Host, "/admin%0a", 400, null),
        (Host, "/admin%7f", 400, null),
        (Host, "/admin%", 400, null),
        (Host, "/admin%2", 400, null),
        (Host, "/%zzadmin", 400, null),
        (Host, "admin", 400, null),
    ];

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_request_reaches_the_route_it_names_or_none(HAProxyBinary binary)
    {
        var world = await WorldAsync(binary);
        var wrong = new List<string>();
        foreach (var (host, target, status, service) in Table)
        {
            var (got, echo) = await world.Product.Client.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            if (got != status || echo?.Service != service)
                wrong.Add($"Host: {host}, {target} -> {status} {service}; it is {got} {echo?.Service}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Explain_says_of_a_path_what_the_proxy_does(HAProxyBinary binary)
    {
        var world = await WorldAsync(binary);
        foreach (var (_, target, status, service) in Table.Where(static row => row.Host == Host && row.Target.StartsWith('/')))
        {
            var explained = await world.Product.Admin.ExplainAsync(new Uri($"http://{Host}{target}"), CancellationToken.None);
            var expected = (status switch { 400 => "BadRequest", 404 => "NoRoute", _ => "Route" }, service is null ? null : $"{Name}/{service}:8080");
            Assert.Equal((target, expected.Item1, expected.Item2), (target, explained.Outcome, explained.Route?.Backend));
        }
    }

    [Theory]
    [InlineData("GET /admin HTTP/1.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /admin HTTP/1.1\r\nHost: hygiene.test\r\nHost: other.test\r\nConnection: close\r\n\r\n")]
    [InlineData("GET http://hygiene.test/admin HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /adm\u00efn HTTP/1.1\r\nHost: hygiene.test\r\nConnection: close\r\n\r\n")]
    [InlineData("CONNECT hygiene.test:443 HTTP/1.1\r\nHost: hygiene.test:443\r\nConnection: close\r\n\r\n")]
    public async Task A_malformed_request_reaches_no_pod(string request)
    {
        foreach (var binary in HAProxyBinaries.List)
        {
            var world = await WorldAsync(binary);
            var (status, echo) = await world.Product.Client.SendRawAsync(request);
            Assert.True(status is >= 400 and < 500 && echo is null, $"{binary}: {status} {echo?.Service}");
        }
    }

    private async Task<World> WorldAsync(HAProxyBinary binary)
    {
        var world = await worlds.GetAsync(binary, Source.ApiServer);
        if (await world.Product.IngressAsync(Name, "wild") is not null)
            return world;
        foreach (var service in new[] { "public", "admin", "exact", "wild" })
            await world.AddServiceAsync(world.Aws, Name, service);
        await world.Aws.ApplyAsync(Yaml.Join(
            Yaml.Ingress(
                Name,
                "paths",
                Host,
                [Yaml.Path("/public", "Prefix", "public"), Yaml.Path("/admin", "Prefix", "admin"), Yaml.Path("/exact", "Exact", "exact")]),
            Yaml.Ingress(Name, "wild", "*.wild.hygiene.test", [Yaml.Path("/", "Prefix", "wild")])));
        await world.Product.UntilServiceAsync("http://one.wild.hygiene.test/", "wild");
        await world.Product.UntilServiceAsync($"http://{Host}/exact", "exact");
        return world;
    }
}
