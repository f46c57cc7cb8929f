using System.Net;
using System.Text.Json;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class FederationTests
{
    private static readonly BackendView Shop = new(
        "shop",
        "shop",
        "80",
        "shop/shop:80",
        "shop/shop",
        "70 % healthy, slow start 30s",
        "local",
        [
            new BackendShareView("aws", "Zone", "Active", 0, 80, 80, 4, 3, 12, "p1-0001"),
            new BackendShareView("aws", "Elsewhere", "Active", 0, 80, 0.04, 2, 2, null, null),
            new BackendShareView("gcp", "Unknown", "Drain", 1, 20, 19.96, 3, 0, 0, "p1-0002"),
        ]);

    private static readonly BackendView Plain = new(
        "shop", "shop", "80", "shop/shop:80", null, "", "edge", [new BackendShareView("aws", "", "Active", 0, null, 0, 4, null, null, null)]);

    [Fact]
    public async Task A_backend_is_shown_by_proxy_with_its_policy_and_the_share_of_each_member()
    {
        using var mcctl = new Mcctl().Answer<IReadOnlyList<BackendView>>(AdminPaths.BackendsOf("shop/shop"), [Shop, Plain, Plain with { Ingress = "shop/x", Shares = [] }]);
        Assert.Equal(0, await mcctl.RunAsync("backend", "show", "shop/shop"));
        Assert.Equal(["http://127.0.0.1:9070/api/v1/backends?service=shop%2Fshop"], mcctl.Requests);
        Assert.Equal(
            """
            Backend:        shop/shop:80
            Policy:         70 % healthy, slow start 30s (of shop/shop)
            Proxy:          local

              MEMBER   PLACE       STATE    PRIORITY   WEIGHT   SHARE    HEALTHY   SESSIONS
              aws      Zone        Active   0          80       80 %     3/4       12
              aws      Elsewhere   Active   0          80       <0.1 %   2/2       -
              gcp      Unknown     Drain    1          20       20 %     0/3       0

            Backend:        shop/shop:80
            Policy:         none: the endpoints of all members are alike
            Proxy:          edge

              MEMBER   PLACE   STATE    PRIORITY   WEIGHT   SHARE   HEALTHY       SESSIONS
              aws      -       Active   0          -        0 %     4 unchecked   -
              No member gets new sessions.

            Backend:        shop/shop:80
            Policy:         of shop/x
            Proxy:          edge

              No member has endpoints for it.

            """,
            mcctl.Output);
        Assert.Empty(mcctl.Error);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    public async Task A_service_to_which_no_route_leads_exits_with_1(string format)
    {
        using var mcctl = new Mcctl().Text(AdminPaths.BackendsOf("shop/nope"), "[]");
        Assert.Equal(1, await mcctl.RunAsync("backend", "show", "shop/nope", "-o", format));
        Assert.Equal(format == "json" ? "[]\n" : "", mcctl.Output);
        Assert.Equal(format == "json" ? "" : "No route leads to this Service; \"mcctl backend list\" lists those that are proxied.\n", mcctl.Error);
    }

    [Fact]
    public async Task Backends_are_listed_with_one_share_per_member()
    {
        using var mcctl = new Mcctl().Answer<IReadOnlyList<BackendView>>(AdminPaths.Backends, [Shop, Plain]);
        Assert.Equal(0, await mcctl.RunAsync("backend", "list"));
        Assert.Equal(
            """
            BACKEND        INGRESS     PROXY   HEALTHY       SESSIONS   SHARES
            shop/shop:80   shop/shop   local   5/9           12         aws 80 %, gcp 20 %
            shop/shop:80   -           edge    4 unchecked   -          aws 0 %

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task Conflicts_are_a_row_per_copy_with_all_that_is_wrong()
    {
        using var mcctl = new Mcctl().Answer<IReadOnlyList<IngressView>>(AdminPaths.Ingresses, [Sample.Shop, Sample.Thief, Detailed]);
        Assert.Equal(0, await mcctl.RunAsync("ingress", "conflicts"));
        Assert.Equal(
            """
            INGRESS      MEMBER   REASON         MESSAGE
            thief/apps   aws      PathConflict   shop/shop is older.
            thief/apps   gcp      PathConflict   shop/shop is older.
            web/blog     gcp      PortConflict   /a: aws is older; /b: aws is older

            """,
            mcctl.Output);
        Assert.Empty(mcctl.Error);
    }

    [Theory]
    [InlineData("-n thief", 0, "thief/apps")]
    [InlineData("--namespace web --fail", 1, "web/blog")]
    [InlineData("-n shop --fail", 0, null)]
    public async Task Conflicts_of_one_namespace_fail_only_where_that_is_asked_for(string args, int code, string? only)
    {
        using var mcctl = new Mcctl().Answer<IReadOnlyList<IngressView>>(AdminPaths.Ingresses, [Sample.Shop, Sample.Thief, Detailed]);
        Assert.Equal(code, await mcctl.RunAsync(["ingress", "conflicts", .. args.Split(' ')]));
        Assert.Equal(only is null ? "No conflicts.\n" : "", mcctl.Error);
        Assert.All(mcctl.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1), line => Assert.StartsWith(only!, line, StringComparison.Ordinal));
        Assert.Equal(only is null, mcctl.Output.Length == 0);
    }

    [Fact]
    public async Task Conflicts_in_json_are_the_servers_documents_of_the_ingresses_that_have_some()
    {
        var body = JsonSerializer.Serialize<IReadOnlyList<IngressView>>([Sample.Shop, Sample.Thief], AdminJson.Default.IReadOnlyListIngressView);
        using var mcctl = new Mcctl().Text(AdminPaths.Ingresses, body.Replace("\"namespace\": \"thief\"", "\"future\": 1.50, \"namespace\": \"thief\"", StringComparison.Ordinal));
        Assert.Equal(1, await mcctl.RunAsync("ingress", "conflicts", "--fail", "-o", "json"));
        Assert.StartsWith("[\n  {\n    \"future\": 1.50,\n    \"namespace\": \"thief\"", mcctl.Output, StringComparison.Ordinal);
        Assert.Equal("thief", Assert.Single(JsonSerializer.Deserialize(mcctl.Output, AdminJson.Default.IReadOnlyListIngressView)!).Namespace);

        using var none = new Mcctl().Answer<IReadOnlyList<IngressView>>(AdminPaths.Ingresses, [Sample.Shop]);
        Assert.Equal(0, await none.RunAsync("ingress", "conflicts", "--fail", "-o", "json"));
        Assert.Equal("[]\n", none.Output);
    }

    [Fact]
    public async Task A_server_that_fails_is_no_absence_of_conflicts()
    {
        using var mcctl = new Mcctl().Problem(AdminPaths.Ingresses, HttpStatusCode.ServiceUnavailable, "not now");
        Assert.Equal(1, await mcctl.RunAsync("ingress", "conflicts"));
        Assert.Equal("error: not now\n", mcctl.Error);
    }

    private static IngressView Detailed => Sample.Shop with
    {
        Namespace = "web",
        Name = "blog",
        Conditions = [new ConditionView("gcp", "Conflict", true, "PortConflict", "/a: aws is older; and 1 more", ["/a: aws is older", "/b: aws is older"])],
    };
}
