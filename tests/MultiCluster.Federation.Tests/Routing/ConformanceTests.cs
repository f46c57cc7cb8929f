using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Routing;

/// <summary>Path and host rows of the Ingress conformance suite, and the gaps it leaves, by what the table finds.</summary>
public sealed class ConformanceTests
{
    private static string? Find(IngressResource ingress, string host, string path)
    {
        var table = new RoutingTable();
        table.Apply(new FragmentUpdate(EntityId.Ingress(Make.Shop), new FragmentVersion(1, 1), Make.MergeOne(ingress)), Make.Now);
        return table.Find(host, path)?.Backend.Ref.Service.Name;
    }

    [Theory]
    [InlineData("IC-01", "my-host", "/")]
    [InlineData("IC-02", "my-host", "/sub-path")]
    [InlineData("IC-03", "some-host", "/")]
    [InlineData("IC-04", "10.0.0.1:8080", "/resource")]
    [InlineData("IC-05", "some-host", "/resource")]
    [InlineData("IC-06", "my-host", "/resource")]
    [InlineData("no Host header", "", "/")]
    [InlineData("IPv6", "[::1]:80", "/")]
    public void Default_backend(string row, string host, string path) =>
        Assert.True(Find(Make.Ingress() with { DefaultBackend = Make.To("echo", 8080) }, host, path) is "echo", row);

    [Theory]
    [InlineData("IC-08", "foo.bar.com", "foo-bar-com")]
    [InlineData("IC-09", "subdomain.bar.com", null)]
    [InlineData("IC-10", "bar.foo.com", "wildcard-foo-com")]
    [InlineData("IC-11", "baz.bar.foo.com", null)]
    [InlineData("IC-12", "foo.com", null)]
    [InlineData("case and port", "BAR.foo.com:80", "wildcard-foo-com")]
    [InlineData("empty label", ".foo.com", null)]
    [InlineData("suffix", "xfoo.com", null)]
    public void Host_rules(string row, string host, string? service)
    {
        var ingress = Make.Ingress(
            Make.Rule("*.foo.com", Make.Path("/", "wildcard-foo-com")),
            Make.Rule("foo.bar.com", new IngressPath("/", "Prefix", new IngressBackend("foo-bar-com", "http", null))));

        Assert.True(Find(ingress, host, "/") == service, row);
    }

    [Theory]
    [InlineData("IC-15", "exact-path-rules", "/foo", "foo-exact")]
    [InlineData("IC-16", "exact-path-rules", "/foo/", null)]
    [InlineData("IC-17", "exact-path-rules", "/FOO", null)]
    [InlineData("IC-18", "exact-path-rules", "/bar", null)]
    [InlineData("IC-19", "prefix-path-rules", "/foo", "foo-prefix")]
    [InlineData("IC-20", "prefix-path-rules", "/foo/", "foo-prefix")]
    [InlineData("IC-21", "prefix-path-rules", "/FOO", null)]
    [InlineData("IC-22", "prefix-path-rules", "/aaa/bbb", "aaa-slash-bbb-prefix")]
    [InlineData("IC-23", "prefix-path-rules", "/aaa/bbb/ccc", "aaa-slash-bbb-prefix")]
    [InlineData("IC-24", "prefix-path-rules", "/aaa/ccc", "aaa-prefix")]
    [InlineData("IC-25", "prefix-path-rules", "/aaaccc", null)]
    [InlineData("IC-26", "prefix-path-rules", "/foo/", "foo-prefix")]
    [InlineData("IC-27", "mixed-path-rules", "/foo", "foo-exact")]
    [InlineData("IC-28", "trailing-slash-path-rules", "/aaa/bbb", "aaa-slash-bbb-slash-prefix")]
    [InlineData("IC-29", "trailing-slash-path-rules", "/aaa/bbb/", "aaa-slash-bbb-slash-prefix")]
    [InlineData("IC-30", "trailing-slash-path-rules", "/foo", null)]
    [InlineData("exact with slash", "trailing-slash-path-rules", "/foo/", "foo-slash-exact")]
    [InlineData("below exact and prefix", "mixed-path-rules", "/foo/bar", "foo-prefix")]
    [InlineData("root", "prefix-path-rules", "/", null)]
    [InlineData("encoded slash", "prefix-path-rules", "/aaa%2Fbbb", "aaa-slash-bbb-prefix")]
    [InlineData("double slash", "prefix-path-rules", "//aaa//bbb", "aaa-slash-bbb-prefix")]
    [InlineData("dot segment", "prefix-path-rules", "/aaa/../foo", null)]
    [InlineData("encoded letter", "prefix-path-rules", "/%66oo", "foo-prefix")]
    public void Path_rules(string row, string host, string path, string? service)
    {
        var ingress = Make.Ingress(
            Make.Rule("exact-path-rules", Make.Path("/foo", "foo-exact", "Exact")),
            Make.Rule(
                "prefix-path-rules", Make.Path("/foo", "foo-prefix"), Make.Path("/aaa/bbb", "aaa-slash-bbb-prefix"), Make.Path("/aaa", "aaa-prefix")),
            Make.Rule("mixed-path-rules", Make.Path("/foo", "foo-prefix"), Make.Path("/foo", "foo-exact", "Exact")),
            Make.Rule(
                "trailing-slash-path-rules",
                Make.Path("/aaa/bbb/", "aaa-slash-bbb-slash-prefix"),
                Make.Path("/foo/", "foo-slash-exact", "Exact")));

        Assert.True(Find(ingress, host, path) == service, row);
    }

    [Theory]
    [InlineData("a.b.example", "/x", "exact-x")]
    [InlineData("a.b.example", "/w", "wild-w")]
    [InlineData("a.b.example", "/n", "any-n")]
    [InlineData("a.b.example", "/x/w", "exact-x")]
    [InlineData("a.b.example", "/zzz", "default")]
    [InlineData("c.b.example", "/x", "wild-x")]
    [InlineData("other", "/x", "any-x")]
    [InlineData("other", "/w", "default")]
    public void The_nearest_host_comes_first_and_defaults_after_every_rule(string host, string path, string service)
    {
        var ingress = Make.Ingress(
            Make.Rule("a.b.example", Make.Path("/x", "exact-x")),
            Make.Rule("*.b.example", Make.Path("/x", "wild-x"), Make.Path("/w", "wild-w")),
            Make.Rule(null, Make.Path("/x", "any-x"), Make.Path("/n", "any-n"))) with
        { DefaultBackend = Make.To("default") };

        Assert.Equal(service, Find(ingress, host, path));
    }
}
