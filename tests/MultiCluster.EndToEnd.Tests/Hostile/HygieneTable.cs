using MultiCluster.EndToEnd.Tests.Conformance;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>Hosts and paths made to borrow another route, and what must come of them over every protocol.</summary>
internal static class HygieneTable
{
    public const string Namespace = "hygiene";
    public const string Host = "hygiene.test";

    /// <summary>Host header, target, status, service; the whole rule for odd paths: decoded once, slashes merged, dot segments refused.</summary>
    public static readonly (string Host, string Target, int Status, string? Service)[] Rows =
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

    public static IEnumerable<char> ControlCharacters => [.. Enumerable.Range(0, 32).Select(static code => (char)code), '\u007f'];

    public static async Task<World> WorldAsync(Worlds worlds, HAProxyBinary binary)
    {
        var world = await worlds.GetAsync(binary, Source.ApiServer);
        if (await world.Product.IngressAsync(Namespace, "wild") is not null)
            return world;
        foreach (var service in new[] { "public", "admin", "exact", "wild" })
            await world.AddServiceAsync(world.Aws, Namespace, service);
        await world.Aws.ApplyAsync(Yaml.Join(
            Yaml.Ingress(
                Namespace,
                "paths",
                Host,
                [Yaml.Path("/public", "Prefix", "public"), Yaml.Path("/admin", "Prefix", "admin"), Yaml.Path("/exact", "Exact", "exact")]),
            Yaml.Ingress(Namespace, "wild", "*.wild.hygiene.test", [Yaml.Path("/", "Prefix", "wild")])));
        await world.Product.UntilServiceAsync("http://one.wild.hygiene.test/", "wild");
        await world.Product.UntilServiceAsync($"http://{Host}/exact", "exact");
        return world;
    }
}
