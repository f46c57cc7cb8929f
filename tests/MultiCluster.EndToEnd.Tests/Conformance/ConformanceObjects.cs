using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Conformance;

/// <summary>The objects of the suite's groups default_backend and load_balancing.</summary>
internal static class DefaultBackendObjects
{
    public const string Namespace = "default-backend";
    public const string Service = "echo-service";
    public const int PodsPerMember = 5;

    public static async Task ApplyAsync(World world)
    {
        await world.AddServiceAsync(Namespace, Service, PodsPerMember);
        await world.ApplyToAllAsync(Yaml.DefaultBackend(Namespace, "default-backend", Service));
        await world.Product.UntilServiceAsync("http://my-host/", Service);
    }
}

/// <summary>The objects of the suite's groups host_rules, ingress_class and path_rules.</summary>
internal static class RuleObjects
{
    public const string HostNamespace = "host-rules";
    public const string PathNamespace = "path-rules";
    public const string ClassNamespace = "ingress-class";

    public static async Task ApplyAsync(World world)
    {
        await ApplyHostRulesAsync(world);
        await ApplyPathRulesAsync(world);
        await ApplyUnknownClassAsync(world);
        await world.Product.UntilServiceAsync("https://foo.bar.com/", "foo-bar-com");
        await world.Product.UntilServiceAsync("http://bar.foo.com/", "wildcard-foo-com");
        await world.Product.UntilServiceAsync("http://trailing-slash-path-rules/aaa/bbb/", "aaa-slash-bbb-slash-prefix");
        await world.Product.UntilServiceAsync("http://mixed-path-rules/foo", "foo-exact");
        await world.Product.UntilServiceAsync("http://prefix-path-rules/aaa", "aaa-prefix");
        await world.Product.UntilServiceAsync("http://exact-path-rules/foo", "foo-exact");
    }

    private static async Task ApplyHostRulesAsync(World world)
    {
        foreach (var service in new[] { "wildcard-foo-com", "foo-bar-com" })
            await world.AddServiceAsync(HostNamespace, service);
        // One certificate for both copies: differing ones would be a conflict.
        var secret = Yaml.TlsSecret(HostNamespace, "conformance-tls", "foo.bar.com");
        var ingress = Yaml.Ingress(
            HostNamespace, "host-rules", "*.foo.com", [Yaml.Path("/", "Prefix", "wildcard-foo-com")], tls: Yaml.Tls("conformance-tls", "foo.bar.com"))
            + "  - host: foo.bar.com\n    http:\n      paths:\n" + Yaml.Path("/", "Prefix", "foo-bar-com", "name: http");
        await world.ApplyToAllAsync(Yaml.Join(secret, ingress));
    }

    private static async Task ApplyPathRulesAsync(World world)
    {
        string[] services =
            ["foo-exact", "foo-prefix", "aaa-slash-bbb-prefix", "aaa-prefix", "aaa-slash-bbb-slash-prefix", "foo-slash-exact"];
        foreach (var service in services)
            await world.AddServiceAsync(PathNamespace, service);
        await world.ApplyToAllAsync(Yaml.Join(
            Rules("exact-path-rules", Yaml.Path("/foo", "Exact", "foo-exact")),
            Rules(
                "prefix-path-rules",
                Yaml.Path("/foo", "Prefix", "foo-prefix"),
                Yaml.Path("/aaa/bbb", "Prefix", "aaa-slash-bbb-prefix"),
                Yaml.Path("/aaa", "Prefix", "aaa-prefix")),
            Rules("mixed-path-rules", Yaml.Path("/foo", "Prefix", "foo-prefix"), Yaml.Path("/foo", "Exact", "foo-exact")),
            Rules(
                "trailing-slash-path-rules",
                Yaml.Path("/aaa/bbb/", "Prefix", "aaa-slash-bbb-slash-prefix"),
                Yaml.Path("/foo/", "Exact", "foo-slash-exact"))));
    }

    private static async Task ApplyUnknownClassAsync(World world)
    {
        await world.AddServiceAsync(ClassNamespace, "unclaimed");
        await world.ApplyToAllAsync(Yaml.Join(
            Yaml.Ingress(ClassNamespace, "unknown", "unknown-class", [Yaml.Path("/", "Prefix", "unclaimed")], className: "some-other-class"),
            Yaml.Ingress(ClassNamespace, "known", "known-class", [Yaml.Path("/", "Prefix", "unclaimed")])));
    }

    private static string Rules(string host, params string[] paths) => Yaml.Ingress(PathNamespace, host, host, paths);
}
