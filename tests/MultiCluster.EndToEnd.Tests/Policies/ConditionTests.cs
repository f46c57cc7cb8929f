using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>Several Ingresses of a host and path, told apart by what requests have.</summary>
public sealed class ConditionTests(ChoiceWorlds worlds) : ChoiceTest(worlds)
{
    private const string Match = "haproxy-ingress.github.io/http-header-match";
    private const string MatchRegex = "haproxy-ingress.github.io/http-header-match-regex";
    private const string RouteAcl = "haproxy.org/route-acl";

    /// <summary>Conditions, and requests that have them or not: path, headers divided by '|', method.</summary>
    public static readonly (string Acl, string[] Good, string[] Bad)[] Acls =
    [
        ("req.hdr(x-beta) -m str yes", ["/ x-beta:yes", "/ x-beta:no, yes"], ["/", "/ x-beta:Yes", "/ x-beta:yes2", "/ x-gamma:yes"]),
        ("hdr(X-Beta) -i yes on", ["/ x-beta:YES", "/ x-beta:On"], ["/ x-beta:off"]),
        ("{ hdr_beg(user-agent) -i mozilla } !{ hdr(x-beta) -m found }", ["/ user-agent:Mozilla/5.0"], ["/ user-agent:curl", "/ user-agent:Mozilla/5.0|x-beta:no"]),
        (@"req.hdr(x-version) -m reg ^v[0-9]+\.[^,]*$", ["/ x-version:v12.x"], ["/ x-version:v12", "/ x-version:av1.2", "/ x-version:v1.2, x", "/ x-other:v1.2"]),
        ("cookie(staging) -m found", ["/ cookie:staging=", "/ cookie:a=b; staging=1"], ["/", "/ cookie:xstaging=1", "/ cookie:a=staging=1"]),
        ("req.cook(stage) -m beg b", ["/ cookie:stage=beta"], ["/ cookie:stage=alpha; x=b"]),
        ("path_beg /beta /gamma", ["/beta", "/beta/x?y", "/gammas"], ["/", "/alpha/beta", "/Beta"]),
        ("path -m reg ^/v[12]/[a-z]+$", ["/v1/a", "/v2/abc?x=1"], ["/v3/a", "/v1/a/b", "/v1/1"]),
        ("method POST PUT", ["/ x-a:b POST", "/ x-a:b PUT"], ["/", "/ x-a:b DELETE"]),
        ("METH_DELETE", ["/ x-a:b DELETE"], ["/"]),
        ("src 127.0.0.0/8", ["/"], []),
        ("{ src 127.0.0.1 10.0.0.0/7 } { path_beg /in }", ["/in"], ["/out"]),
        ("!{ src 127.0.0.0/9 }", [], ["/"]),
        ("src 10.0.0.0/8 2001:db8::/33", [], ["/"]),
        ("rand(100) lt 100", ["/"], []),
        ("rand(100) ge 100", [], ["/"]),
    ];

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows(Match), Shows(MatchRegex)]
    public async Task Headers_tell_Ingresses_of_one_path_apart(HAProxyBinary binary)
    {
        var world = await StartAsync(binary, "headers", "rest", "beta", "both", "number");
        await world["aws"].ApplyAsync(Ingress("headers", "rest", 4));
        await world["aws"].ApplyAsync(Ingress("headers", "beta", 1, (Match, "X-Beta: yes")));
        await world["aws"].ApplyAsync(Ingress("headers", "both", 2, (Match, "X-Beta: yes\nX-Region: eu"), ("haproxy.org/request-set-header", "x-of both")));
        await world["aws"].ApplyAsync(Ingress("headers", "number", 3, (MatchRegex, "X-User: ^[0-9]+$")));
        await UntilAsync(world, "headers", "number", ("x-user", "42"));
        await UntilAsync(world, "headers", "both", ("x-beta", "yes"), ("x-region", "eu"));
        Assert.Equal("beta", await ServiceAsync(world, "headers", ("x-beta", "yes")));
        Assert.Equal("beta", await ServiceAsync(world, "headers", ("x-beta", "yes"), ("x-region", "us"), ("x-user", "42")));
        Assert.Equal("rest", await ServiceAsync(world, "headers", ("x-user", "42a")));
        Assert.Equal("rest", await ServiceAsync(world, "headers", ("x-beta", "no")));
        Assert.Equal("both", (await SendAsync(world, "http://headers.test/", [("x-beta", "yes"), ("x-region", "eu")])).Echo!.Headers["x-of"]);
        Assert.False((await SendAsync(world, "http://headers.test/", [("x-beta", "yes")])).Echo!.Headers.ContainsKey("x-of"));

        // Nobody takes the rest any more, and later nobody's condition is left.
        await world["aws"].DeleteAsync(ResourcePath.Ingresses, "headers", "rest");
        await world.Product.UntilStatusAsync("http://headers.test/", 404);
        Assert.Equal("beta", await ServiceAsync(world, "headers", ("x-beta", "yes")));
        await world["aws"].ApplyAsync(Ingress("headers", "beta", 1));
        await UntilAsync(world, "headers", "beta");
        Assert.Equal("number", await ServiceAsync(world, "headers", ("x-user", "42")));
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    [Shows(RouteAcl, IsUnderLoad = true)]
    public async Task Conditions_of_a_configuration_are_read_where_they_are_common(HAProxyBinary binary)
    {
        var world = await StartAsync(binary, "acl", "rest", "some");
        await world["aws"].ApplyAsync(Ingress("acl", "rest", 1));
        await world["aws"].ApplyAsync(Ingress("acl", "some", 2, ("haproxy.org/request-set-header", "x-of some")));
        await world["aws"].ApplyAsync(Annotate(Yaml.Service("acl", "some"), (RouteAcl, "path_beg /first")));
        await Await.NothingMissingAsync(async () => await AskAsync(world, "/first") is "some" && await AskAsync(world, "/") is "rest" ? null : "that the two have their parts of requests");
        var wrong = new List<string>();
        await using var load = Load.Start(world.Product.Setting, "http://acl.test/", "", clients: 1);
        foreach (var (acl, good, bad) in Acls)
        {
            var before = (await world.Product.ProxyAsync()).DesiredVersion;
            await world["aws"].ApplyAsync(Annotate(Yaml.Service("acl", "some"), (RouteAcl, acl)));
            await Await.NothingMissingAsync(async () => await world.Product.ProxyAsync() is var view && view.DesiredVersion > before && view.AppliedVersion == view.DesiredVersion
                ? null
                : $"that HAProxy has the condition {acl}");
            foreach (var (request, service) in good.Select(static request => (request, "some")).Concat(bad.Select(static request => (request, "rest"))))
            {
                if (await AskAsync(world, request) is var found && found != service)
                    wrong.Add($"{acl}: {request} goes to {found}, not to {service}");
                var (url, headers, method) = Read(request);
                if (await ExplainedAsync(world, url, headers, method) is var told && told != service)
                    wrong.Add($"{acl}: {request} is explained as going to {told}, not to {service}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await load.AssertNoneFailedAsync();
    }

    [Fact]
    public async Task A_condition_that_is_not_read_takes_nothing_and_says_which_there_are()
    {
        var world = await StartAsync(HAProxyBinaries.Default, "unread", "rest", "some");
        await world["aws"].ApplyAsync(Ingress("unread", "rest", 2));
        await world["aws"].ApplyAsync(Ingress("unread", "some", 1));
        await UntilAsync(world, "unread", "some");
        await world["aws"].ApplyAsync(Annotate(Yaml.Service("unread", "some"), (RouteAcl, "{ nbsrv(other) lt 2 }")));
        await UntilAsync(world, "unread", "rest");
        Assert.Contains("write conditions such as hdr(x-beta)", (await world.Product.UntilConditionAsync("unread", "some", "aws", "PartiallyInvalid", "InvalidPolicy")).Message, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(FederatedWorld world, string request)
    {
        var (url, headers, method) = Read(request);
        return Who(await SendAsync(world, url, headers, method), static echo => echo.Service);
    }

    private static (string Url, (string Name, string Value)[] Headers, string Method) Read(string request)
    {
        var words = request.Split(' ', 3);
        var isMethod = words.Length == 3 && words[2].All(char.IsAsciiLetterUpper);
        var headers = words.Length == 1 ? "" : isMethod ? words[1] : string.Join(' ', words[1..]);
        return (
            $"http://acl.test{words[0]}",
            [.. headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(static header => header.Split(':', 2)).Select(static header => (header[0], header[1]))],
            isMethod ? words[2] : "GET");
    }

    private async Task<FederatedWorld> StartAsync(HAProxyBinary binary, string ns, params string[] services)
    {
        var world = await WorldAsync(binary);
        foreach (var service in services)
            await world.AddServiceAsync(ns, service, ("aws", 1));
        return world;
    }
}
