using System.Net;
using System.Text.Json;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class TopTests
{
    private const string Shop = "proxy=\"local\",namespace=\"shop\",service=\"shop\",port=\"80\"";
    private const string Cart = "proxy=\"local\",namespace=\"shop\",service=\"cart\",port=\"http\"";

    [Fact]
    public async Task Services_are_shown_with_how_they_grew_the_busiest_first()
    {
        using var mcctl = Mcctl(
            Page((Shop, 100, 1, 3, 0, 10.0, 100), (Cart, 5, 0, 1, 2, 1.0, 5)),
            Page((Shop, 110, 1, 4, 0, 10.5, 110), (Cart, 105, 6, 9, 7, 2.5, 105)));
        Assert.Equal(0, await mcctl.RunAsync("top", "--once"));
        Assert.Equal(
            """
            SERVICE          PROXY   REQ/S   5XX/S   ACTIVE   QUEUE   LATENCY   UP
            shop/cart:http   local   50.0    3.0     9        7       15.0ms    1/2
            shop/shop:80     local   5.0     0.0     4        0       50.0ms    1/2

            """,
            mcctl.Output);
        Assert.Empty(mcctl.Error);
    }

    [Fact]
    public async Task A_counter_that_began_anew_and_one_that_is_new_count_whole()
    {
        using var mcctl = Mcctl(Page((Shop, 100, 1, 0, 0, 10, 100)), Page((Shop, 20, 0, 0, 0, 0.2, 20), (Cart, 2, 0, 0, 0, 0, 0)));
        Assert.Equal(0, await mcctl.RunAsync("top", "--once", "-o", "json"));
        using var json = JsonDocument.Parse(mcctl.Output);
        var rows = json.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal((10.0, 0.01), (rows[0].GetProperty("requestsPerSecond").GetDouble(), rows[0].GetProperty("latencySeconds").GetDouble()));
        Assert.Equal((1.0, JsonValueKind.Null), (rows[1].GetProperty("requestsPerSecond").GetDouble(), rows[1].GetProperty("latencySeconds").ValueKind));
    }

    [Fact]
    public async Task Proxies_and_Ingresses_are_of_their_own_families()
    {
        const string more = "multicluster_haproxy_requests_total{proxy=\"local\"} 40\nmulticluster_haproxy_connections{proxy=\"local\"} 6\n"
            + "multicluster_ingress_requests_total{proxy=\"local\",namespace=\"shop\",ingress=\"a\",code=\"2xx\"} 30\n"
            + "multicluster_ingress_requests_total{proxy=\"local\",namespace=\"shop\",ingress=\"a\",code=\"5xx\"} 2\n";
        using var proxies = Mcctl(Page((Shop, 0, 0, 3, 0, 0, 0)), Page((Shop, 20, 2, 3, 5, 1, 10)) + more);
        Assert.Equal(0, await proxies.RunAsync("top", "--once", "--by", "proxy"));
        Assert.Equal(
            """
            PROXY   REQ/S   5XX/S   ACTIVE   QUEUE   LATENCY   UP
            local   20.0    1.0     6        5       100.0ms   1/2

            """,
            proxies.Output);
        using var ingresses = Mcctl("", more);
        Assert.Equal(0, await ingresses.RunAsync("top", "--once", "--by", "ingress"));
        Assert.Equal(
            """
            INGRESS   PROXY   REQ/S   5XX/S   ACTIVE   QUEUE   LATENCY   UP
            shop/a    local   16.0    1.0     -        -       -         -

            """,
            ingresses.Output);
    }

    [Fact]
    public async Task Only_so_many_rows_are_shown_and_names_are_obeyed_by_no_terminal()
    {
        var hostile = "proxy=\"local\",namespace=\"x\",service=\"a\\\"\u001b[2J\\\\\",port=\"1\"";
        using var mcctl = Mcctl("", Page((Shop, 2, 0, 0, 0, 0, 0), (Cart, 1, 0, 0, 0, 0, 0), (hostile, 9, 0, 0, 0, 0, 0)));
        Assert.Equal(0, await mcctl.RunAsync("top", "--once", "-n", "2"));
        Assert.EndsWith("and 1 more, less busy\n", mcctl.Output, StringComparison.Ordinal);
        Assert.Contains("x/a\"\\x1b[2J\\:1 ", mcctl.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_on_until_it_is_interrupted()
    {
        using var stop = new CancellationTokenSource();
        var waits = 0;
        using var mcctl = Mcctl(() =>
        {
            if (++waits == 4)
                stop.Cancel();
        }, Page((Shop, 0, 0, 0, 0, 0, 0)), Page((Shop, 4, 0, 0, 0, 0, 0)));
        Assert.Equal(130, await mcctl.RunAsync(stop.Token, "top", "--interval", "4s"));
        var tables = mcctl.Output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, tables.Length);
        Assert.Contains("local   1.0", tables[0], StringComparison.Ordinal);
        Assert.Contains("local   0.0", tables[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>", "no metrics")]
    [InlineData("multicluster_service_queue{proxy=\"a\n", "no metrics")]
    public async Task What_is_no_page_of_metrics_is_an_error(string page, string problem)
    {
        using var mcctl = Mcctl(page);
        Assert.Equal(1, await mcctl.RunAsync("top", "--once"));
        Assert.StartsWith($"error: http://127.0.0.1:9070 answers with {problem}", mcctl.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--by", "pod")]
    [InlineData("--interval", "0s")]
    [InlineData("-n", "0")]
    public async Task Misuse_exits_with_2(params string[] args)
    {
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync(["top", .. args]));
    }

    private static Mcctl Mcctl(params string[] pages) => Mcctl(static () => { }, pages);

    private static Mcctl Mcctl(Action waited, params string[] pages) =>
        new Mcctl { Time = new JumpingTime(Tests.Mcctl.Now) { Waited = waited } }.Pages(AdminPaths.Metrics, pages);

    private static string Page(params (string Labels, int Requests, int Errors, int Active, int Queue, double Seconds, int Timed)[] services) => string.Concat(services.Select(static item => FormattableString.Invariant(
        $$$"""
        # TYPE multicluster_service_requests_total counter
        multicluster_service_requests_total{{{{item.Labels}}}} {{{item.Requests}}}
        multicluster_service_responses_total{{{{item.Labels}}},code="2xx"} {{{item.Requests - item.Errors}}}
        multicluster_service_responses_total{{{{item.Labels}}},code="5xx"} {{{item.Errors}}}
        multicluster_service_sessions{{{{item.Labels}}}} {{{item.Active}}}
        multicluster_service_queue{{{{item.Labels}}}} {{{item.Queue}}}
        multicluster_service_endpoints{{{{item.Labels}}}} 2
        multicluster_service_endpoints_up{{{{item.Labels}}}} 1
        multicluster_service_request_duration_seconds_bucket{{{{item.Labels}}},le="+Inf"} {{{item.Timed}}}
        multicluster_service_request_duration_seconds_sum{{{{item.Labels}}}} {{{item.Seconds}}}
        multicluster_service_request_duration_seconds_count{{{{item.Labels}}}} {{{item.Timed}}}

        """)));
}
