using System.Collections.Concurrent;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>Canaries of ingress-nginx: a second Ingress of a host and path.</summary>
public sealed class CanaryTests(ChoiceWorlds worlds) : ChoiceTest(worlds)
{
    private const string Prefix = "nginx.ingress.kubernetes.io/";

    private static readonly (string Name, string Value)[] None = [];

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows(Prefix, "canary", "canary-by-header", "canary-by-header-value", "canary-by-header-pattern", "canary-by-cookie", IsUnderLoad = true)]
    public async Task A_header_comes_before_a_cookie_and_that_before_chance(HAProxyBinary binary)
    {
        var world = await StartAsync(binary, "words");
        await using var load = Load.Start(world.Product.Setting, "http://words.test/", "", clients: 1);
        await ApplyAsync(world, "words", ("canary-by-header", "X-Canary"), ("canary-by-cookie", "canary"), ("canary-weight", "0"));
        await UntilAsync(world, "words", "canary", ("x-canary", "always"));
        foreach (var (header, cookie, service) in new[]
        {
            ("", "", "main"), ("always", "", "canary"), ("never", "", "main"), ("maybe", "", "main"), ("Always", "", "main"), ("always ", "", "canary"), ("always, never", "", "main"),
            ("", "canary=always", "canary"), ("", "a=b; canary=always; c=d", "canary"), ("", "xcanary=always", "main"), ("", "canary=always-not", "main"), ("", "a=canary=always", "main"),
            ("never", "canary=always", "main"), ("always", "canary=never", "canary"), ("maybe", "canary=always", "canary"),
        })
        {
            Assert.Equal((header, cookie, service), (header, cookie, await ServiceAsync(world, "words", Headers(header, cookie))));
            Assert.Equal((header, cookie, service), (header, cookie, await ExplainedAsync(world, "http://words.test/", Headers(header, cookie))));
        }

        await ApplyAsync(world, "words", ("canary-by-header", "X-Canary"), ("canary-by-cookie", "canary"), ("canary-weight", "100"));
        await UntilAsync(world, "words", "canary");
        Assert.Equal("main", await ServiceAsync(world, "words", Headers("never", "")));
        Assert.Equal("main", await ServiceAsync(world, "words", Headers("", "canary=never")));

        await ApplyAsync(world, "words", ("canary-by-header", "X-Canary"), ("canary-by-header-value", "eu west"));
        await UntilAsync(world, "words", "main");
        await UntilAsync(world, "words", "canary", ("x-canary", "eu west"));
        foreach (var header in new[] { "", "always", "eu", "eu west 2", "xeu west" })
            Assert.Equal((header, "main"), (header, await ServiceAsync(world, "words", Headers(header, ""))));

        await ApplyAsync(world, "words", ("canary-by-header", "X-Canary"), ("canary-by-header-pattern", "(^eu-[^u]*(west|north)$)"));
        await UntilAsync(world, "words", "canary", ("x-canary", "eu-west"));
        foreach (var header in new[] { "", "eu-west-2", "an eu-west", "eu-east" })
            Assert.Equal((header, "main"), (header, await ServiceAsync(world, "words", [.. Headers(header, ""), ("x-later", "west"), ("a-earlier", "eu-west")])));
        await load.AssertNoneFailedAsync();
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows(Prefix, "canary-weight", "canary-weight-total", IsUnderLoad = true)]
    public async Task A_change_of_weight_fails_no_request_and_shares_are_exact(HAProxyBinary binary)
    {
        var world = await StartAsync(binary, "weights", mains: 5);
        await UntilAsync(world, "weights", "main");
        await using var load = Load.Start(world.Product.Setting, "http://weights.test/", "", clients: 3);
        foreach (var (weight, total, percent) in ((int, int, int)[])[(20, 100, 20), (80, 100, 80), (0, 100, 0), (300, 1000, 30), (100, 100, 100)])
        {
            await ApplyAsync(world, "weights", ("canary-weight", $"{weight}"), ("canary-weight-total", $"{total}"));
            await UntilShareAsync(world, "weights", percent);
        }

        await world.ApplyToAllAsync(Ingress("weights", "canary", 2, (Prefix + "canary", "true"), (Prefix + "canary-weight", "0")));
        await UntilShareAsync(world, "weights", 0);
        await load.AssertNoneFailedAsync();
    }

    /// <summary>Weights of clusters hold within the main Ingress and within its canary, each by its own.</summary>
    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Clusters_share_within_main_and_canary(HAProxyBinary binary)
    {
        var world = await StartAsync(binary, "clusters");
        const string Weights = FederatedYaml.Prefix + "cluster-weights";
        await world.ApplyToAllAsync(Ingress("clusters", "main", 1, (Weights, "aws=100,gcp=0")));
        await world.ApplyToAllAsync(Canary("clusters", [("canary-by-header", "x-canary")], (Weights, "aws=0,gcp=100")));
        await UntilPlaceAsync("main aws", None);
        await UntilPlaceAsync("canary gcp", [("x-canary", "always")]);

        // Without weights of its own it has those of the main one.
        await world.ApplyToAllAsync(Canary("clusters", [("canary-by-header", "x-canary")]));
        await UntilPlaceAsync("canary aws", [("x-canary", "always")]);
        Assert.Equal("main aws", await PlaceAsync(None));

        Task UntilPlaceAsync(string place, (string, string)[] headers) =>
            Await.NothingMissingAsync(async () => await PlaceAsync(headers) is var found && found == place ? null : $"that {place} answers; it is {found}");

        async Task<string> PlaceAsync((string, string)[] headers) => Who(await SendAsync(world, "http://clusters.test/", headers), static echo => $"{echo.Service} {echo.Member}");
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task The_main_Ingress_says_what_becomes_of_requests(HAProxyBinary binary)
    {
        var world = await StartAsync(binary, "rules");
        await world.ApplyToAllAsync(Ingress("rules", "main", 1, ("haproxy.org/request-set-header", "x-of main"), (Prefix + "ssl-redirect", "false")));
        await world.ApplyToAllAsync(Canary("rules", [("canary-weight", "100")], ("haproxy.org/request-set-header", "x-of canary"), (Prefix + "whitelist-source-range", "192.0.2.0/24")));
        await UntilAsync(world, "rules", "canary");
        var answer = await SendAsync(world, "http://rules.test/deep/path?q", None);
        Assert.Equal("main", answer.Echo?.Headers.GetValueOrDefault("x-of"));
        Assert.Equal("/deep/path?q", answer.Echo?.Path);
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows(Prefix, "affinity-canary-behavior")]
    public async Task Sessions_stay_where_they_began_unless_told_otherwise(HAProxyBinary binary)
    {
        var world = await StartAsync(binary, "sticky");
        const string Affinity = FederatedYaml.Prefix + "session-affinity";
        await world.ApplyToAllAsync(Ingress("sticky", "main", 1, (Affinity, "Cookie")));
        await world.ApplyToAllAsync(Canary("sticky", [("canary-by-header", "x-canary")]));
        await UntilAsync(world, "sticky", "canary", ("x-canary", "always"));
        await Await.NothingMissingAsync(async () =>
            (await CookiesAsync(world, None)).Length > 0 && (await CookiesAsync(world, [("x-canary", "always")])).Length > 0 ? null : "cookies of both");
        var (ofMain, ofCanary) = (await CookiesAsync(world, None), await CookiesAsync(world, [("x-canary", "always")]));
        Assert.Equal("main", await ServiceAsync(world, "sticky", ("cookie", ofMain), ("x-canary", "always")));
        Assert.Equal("canary", await ServiceAsync(world, "sticky", ("cookie", ofCanary)));

        await world.ApplyToAllAsync(Canary("sticky", [("canary-by-header", "x-canary"), ("affinity-canary-behavior", "legacy")]));
        await UntilAsync(world, "sticky", "canary", ("cookie", ofMain), ("x-canary", "always"));
        Assert.Equal("main", await ServiceAsync(world, "sticky", ("cookie", ofCanary)));
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_canary_without_endpoints_leaves_everything_to_the_main_Ingress(HAProxyBinary binary)
    {
        var world = await StartAsync(binary, "alone");
        await ApplyAsync(world, "alone", ("canary-weight", "100"));
        await UntilAsync(world, "alone", "canary");
        await using var load = Load.Start(world.Product.Setting, "http://alone.test/", "", clients: 2);
        await world.ApplyToAllAsync(Yaml.Slice("alone", "canary", world.Pods.Port, []));
        await UntilAsync(world, "alone", "main");
        await load.AssertNoneFailedAsync();
    }

    [Fact]
    public async Task Who_can_be_no_canary_is_told_why()
    {
        var world = await StartAsync(HAProxyBinaries.Default, "told");
        await world.AddServiceAsync("told", "second", ("aws", 1));
        await world.AddServiceAsync("elsewhere", "thief", ("aws", 1));
        await ApplyAsync(world, "told", ("canary-by-header", "x-canary"), ("canary-by-header-pattern", "(a+)+"), ("canary-weight", "much"));
        var wrong = await world.Product.UntilConditionAsync("told", "canary", "aws", "PartiallyInvalid", "InvalidPolicy");
        Assert.Contains("canary-by-header-pattern", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("canary-weight", wrong.Message, StringComparison.Ordinal);
        Assert.Equal("main", await ServiceAsync(world, "told", ("x-canary", "always")));

        await world.ApplyToAllAsync(Ingress("told", "second", 3, (Prefix + "canary", "true"), (Prefix + "canary-weight", "100")));
        Assert.Contains("told/canary for its canary", (await world.Product.UntilConditionAsync("told", "second", "aws", "Conflict", "PathConflict")).Message, StringComparison.Ordinal);
        var thief = Annotate(
            Yaml.Ingress("elsewhere", "thief", "told.test", [Yaml.Path("/", "Prefix", "thief")]), (Prefix + "canary", "true"), (Prefix + "canary-weight", "100"));
        await world.ApplyToAllAsync(thief);
        Assert.Contains("its own namespace", (await world.Product.UntilConditionAsync("elsewhere", "thief", "aws", "Conflict", "PathConflict")).Message, StringComparison.Ordinal);
        Assert.Equal("main", await ServiceAsync(world, "told"));

        foreach (var member in world.Members)
            await member.DeleteAsync(ResourcePath.Ingresses, "told", "main");
        await world.Product.UntilStatusAsync("http://told.test/", 404);
        var lonely = await world.Product.UntilConditionAsync("told", "canary", "aws", "Conflict", "PathConflict");
        Assert.EndsWith("create the Ingress whose requests it is to share", lonely.Message, StringComparison.Ordinal);
    }

    private static (string, string)[] Headers(string header, string cookie)
    {
        var headers = new List<(string, string)>();
        if (header.Length > 0)
            headers.Add(("X-Canary", header));
        if (cookie.Length > 0)
            headers.Add(("Cookie", cookie));
        return [.. headers];
    }

    private static async Task<string> CookiesAsync(FederatedWorld world, (string, string)[] headers) =>
        string.Join("; ", (await SendAsync(world, "http://sticky.test/", headers)).Headers.GetValueOrDefault("set-cookie", "").Split(',').Select(static cookie => cookie.Split(';')[0].Trim()).Where(static cookie => cookie.Contains('=')));

    private static string Canary(string ns, (string Key, string Value)[] keys, params (string Name, string Value)[] more) =>
        Ingress(ns, "canary", 2, [(Prefix + "canary", "true"), .. keys.Select(static item => (Prefix + item.Key, item.Value)), .. more]);

    private static Task ApplyAsync(FederatedWorld world, string ns, params (string Key, string Value)[] keys) => world.ApplyToAllAsync(Canary(ns, keys));

    private async Task<FederatedWorld> StartAsync(HAProxyBinary binary, string ns, int mains = 1)
    {
        var world = await WorldAsync(binary);
        await world.AddServiceAsync(ns, "main", ("aws", mains), ("gcp", 1));
        await world.AddServiceAsync(ns, "canary", ("aws", 1), ("gcp", 1));
        await world.ApplyToAllAsync(Ingress(ns, "main", 1));
        await UntilAsync(world, ns, "main");
        return world;
    }

    /// <summary>What is near goes on; then one large sample tells whether it is so.</summary>
    private static async Task UntilShareAsync(FederatedWorld world, string ns, int percent)
    {
        await Await.NothingMissingAsync(async () =>
        {
            var canaries = await CountAsync(200);
            return Math.Abs(canaries - (2 * percent)) <= 30 ? null : $"a share of {percent} %; of 200 requests {canaries} are the canary's";
        });
        await Shares.AssertAsync(
            () => ServiceAsync(world, ns),
            $"http://{ns}.test/",
            new Dictionary<string, double>(StringComparer.Ordinal) { ["main"] = 100 - percent, ["canary"] = percent }.Where(static item => item.Value > 0).ToDictionary());

        async Task<int> CountAsync(int requests)
        {
            var answers = new ConcurrentBag<string>();
            await Parallel.ForEachAsync(Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (_, _) => answers.Add(await ServiceAsync(world, ns)));
            return answers.Count(static service => service == "canary");
        }
    }
}
