using System.Net;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Conformance;

/// <summary>The 30 rows of the Ingress conformance suite, through a real HAProxy, on every version and from both sources.</summary>
[Collection(WorldsDefinition.Name)]
public sealed class IngressConformanceTests(Worlds worlds)
{
    private const string Exact = "http://exact-path-rules";
    private const string Prefix = "http://prefix-path-rules";
    private const string Mixed = "http://mixed-path-rules";
    private const string Trailing = "http://trailing-slash-path-rules";

    private static readonly Row[] DefaultBackendRows =
    [
        new("IC-01", "GET", "http://my-host/", "echo-service"),
        new("IC-02", "GET", "http://my-host/sub-path", "echo-service"),
        new("IC-03", "POST", "http://some-host/", "echo-service"),
        new("IC-04", "PUT", "http://192.0.2.1:8080/resource", "echo-service"),
        new("IC-05", "DELETE", "http://some-host/resource", "echo-service"),
        new("IC-06", "PATCH", "http://my-host/resource", "echo-service"),
    ];

    private static readonly Row[] RuleRows =
    [
        new("IC-07", "GET", "https://foo.bar.com/", "foo-bar-com"),
        new("IC-08", "GET", "http://foo.bar.com/", "foo-bar-com"),
        new("IC-09", "GET", "http://subdomain.bar.com/", null),
        new("IC-10", "GET", "http://bar.foo.com/", "wildcard-foo-com"),
        new("IC-11", "GET", "http://baz.bar.foo.com/", null),
        new("IC-12", "GET", "http://foo.com/", null),
        new("IC-15", "GET", $"{Exact}/foo", "foo-exact"),
        new("IC-16", "GET", $"{Exact}/foo/", null),
        new("IC-17", "GET", $"{Exact}/FOO", null),
        new("IC-18", "GET", $"{Exact}/bar", null),
        new("IC-19", "GET", $"{Prefix}/foo", "foo-prefix"),
        new("IC-20", "GET", $"{Prefix}/foo/", "foo-prefix"),
        new("IC-21", "GET", $"{Prefix}/FOO", null),
        new("IC-22", "GET", $"{Prefix}/aaa/bbb", "aaa-slash-bbb-prefix"),
        new("IC-23", "GET", $"{Prefix}/aaa/bbb/ccc", "aaa-slash-bbb-prefix"),
        new("IC-24", "GET", $"{Prefix}/aaa/ccc", "aaa-prefix"),
        new("IC-25", "GET", $"{Prefix}/aaaccc", null),
        new("IC-26", "GET", $"{Prefix}/foo/", "foo-prefix"),
        new("IC-27", "GET", $"{Mixed}/foo", "foo-exact"),
        new("IC-28", "GET", $"{Trailing}/aaa/bbb", "aaa-slash-bbb-slash-prefix"),
        new("IC-29", "GET", $"{Trailing}/aaa/bbb/", "aaa-slash-bbb-slash-prefix"),
        new("IC-30", "GET", $"{Trailing}/foo", null),
    ];

    public static IEnumerable<object[]> DefaultBackend => Matrix(DefaultBackendRows);

    public static IEnumerable<object[]> Rules => Matrix(RuleRows);

    [Theory]
    [MemberData(nameof(DefaultBackend))]
    public async Task Default_backend_answers_what_no_rule_takes(HAProxyBinary binary, Source source, Row row)
    {
        var world = await worlds.GetAsync(binary, source, Content.DefaultBackend);
        row.Check(await SendAsync(world, row));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Host_and_path_rules(HAProxyBinary binary, Source source, Row row)
    {
        var world = await worlds.GetAsync(binary, source);
        var answer = await SendAsync(world, row);
        row.Check(answer);
        if (row.Id == "IC-07")
            Assert.True(answer.Leaf!.MatchesHostname("foo.bar.com"), $"served leaf: {answer.Leaf.Subject}");
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task IC_13_an_unknown_class_is_left_alone(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);

        await world.Product.UntilServiceAsync("http://known-class/", "unclaimed");
        await world.Product.UntilConditionAsync(RuleObjects.ClassNamespace, "unknown", "aws", "Accepted", "ClassNotFound");
        Assert.Equal(HttpStatusCode.NotFound, (await world.Product.Client.GetAsync("http://unknown-class/")).Status);
        foreach (var member in world.Members.OfType<ApiMember>())
        {
            // The known one was applied after the unknown one, so its address came after the unknown one was judged.
            await Await.TrueAsync(
                () => member.StatusOf(RuleObjects.ClassNamespace, "known").Contains(Setting.StatusAddress), $"status address of known in {member.Name}");
            Assert.Empty(member.StatusOf(RuleObjects.ClassNamespace, "unknown"));
        }
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task IC_14_load_is_spread_over_all_pods(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source, Content.DefaultBackend);
        const int pods = 2 * DefaultBackendObjects.PodsPerMember;
        var answers = new List<Answer>();
        await Await.NothingMissingAsync(async () =>
        {
            var proxy = await world.Product.ProxyAsync();
            return proxy.Servers == pods && proxy.AppliedVersion == proxy.DesiredVersion ? null : $"{pods} servers; there are {proxy.Servers}";
        });

        for (var i = 0; i < 100; i++)
            answers.Add(await world.Product.Client.GetAsync("http://my-host/"));

        Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(pods, answers.Select(static answer => answer.Echo!.Pod).Distinct().Count());
        Assert.Equal(["aws", "gcp"], answers.Select(static answer => answer.Echo!.Member).Distinct().Order());
    }

    private static IEnumerable<object[]> Matrix(Row[] rows) =>
        from world in Worlds.All
        from row in rows
        select new[] { world[0], world[1], row };

    private static Task<Answer> SendAsync(World world, Row row) => world.Product.Client.SendAsync(
        new HttpMethod(row.Method), row.Url, static headers => headers.UserAgent.ParseAdd("conformance/1.0"));
}
